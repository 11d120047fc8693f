#!/usr/bin/env bash
# reliability.sh: the reliability figures one after the other, a line each. Usage: tests/reliability.sh BUILD SIZE (1: whole, 0.02: as in `make test`).
set -u
build=$1; size=$2
failed=0
scaled() { awk -v whole="$1" -v least="$2" -v size="$size" 'BEGIN { n = int(whole * size); print n < least ? least : n }'; }

figure() {
  local name=$1 start=$SECONDS code; shift
  timeout 1800 "$@" 2> "$build/reliability-$name.log"; code=$?
  if [ $code -ne 0 ]; then failed=$((failed + 1)); echo "FAILED $name ($code)"; tail -15 "$build/reliability-$name.log"; fi
  echo "  $name: $((SECONDS - start)) s"
}

echo "$(date -u +%Y-%m-%d), $(nproc) cores, size $size"
figure powerloss "$build/tests/powerloss" "$(scaled 2000 60)"
figure iofault "$build/tests/iofault" "$(scaled 300 100)"
figure threads "$build/tests/threads" "$(scaled 1000 40)"
for name in kill9 sigterm idem approve budget; do figure "$name" node tests/reliability.mjs "$build" "$name" "$size"; done
echo "$failed failed"
[ "$failed" -eq 0 ]
