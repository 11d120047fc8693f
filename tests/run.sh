#!/usr/bin/env bash
# run.sh: runs every suite, counts truly, and closes with one line. Usage: tests/run.sh BUILD
set -u
build=$1
passed=0; failed=0; skipped=0
logs=$build/logs
mkdir -p "$logs"

# count NAME PASSED FAILED SKIPPED LOG
count() {
  passed=$((passed + $2)); failed=$((failed + $3)); skipped=$((skipped + $4))
  printf '%-28s %5d passed %3d failed %3d skipped\n' "$1" "$2" "$3" "$4"
  if [ "$3" -gt 0 ]; then grep -aE '^not ok|\[  FAILED  \]|\[  ERROR   \]|ERROR: |error:|Error|FAILED' "$5" | head -30; fi
}

tidy() {
  node tests/tidy/tidy.mjs > "$logs/tidy.log" 2>&1
  count tidy "$(grep -c '^ok ' "$logs/tidy.log")" "$(grep -c '^not ok ' "$logs/tidy.log")" 0 "$logs/tidy.log"
  grep -a -A12 '^not ok ' "$logs/tidy.log" | head -40
}

unit() {
  for program in "$build"/tests/test_*; do
    case $program in *.log|*.d|*.o) continue ;; esac
    [ -x "$program" ] && [ -f "$program" ] || continue
    name=$(basename "$program"); log=$logs/$name.log
    timeout 600 "$program" > "$log" 2>&1; code=$?
    good=$(grep -ac '^\[       OK \]' "$log"); bad=$(grep -acE '^\[  FAILED  \] [a-z_0-9]+$' "$log"); skip=$(grep -acE '^\[  SKIPPED \] [a-z_0-9]+$' "$log")
    [ "$skip" -gt 0 ] && skip=$(( (skip + 1) / 2 ))
    [ "$bad" -gt 0 ] && bad=$(( (bad + 1) / 2 ))
    if grep -aq '^postgres: .*all prepared' "$log"; then good=$((good + 1)); elif grep -aq '^postgres: skipped' "$log"; then skip=$((skip + 1)); fi
    # A program that died, or failed without naming a case (a leak, a crash), is a failure too.
    if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; tail -15 "$log"; fi
    count "$name" "$good" "$bad" "$skip" "$log"
  done
}

# figure NAME COMMAND...: a program that prints its line and exits non-zero when it does not hold.
figure() {
  local name=$1 log; shift; log=$logs/$name.log
  if timeout 900 "$@" > "$log" 2>&1; then count "$name" 1 0 0 "$log"; grep -aE '=' "$log" | tail -1; else count "$name" 0 1 0 "$log"; tail -15 "$log"; fi
}

# script NAME COMMAND...: prints "ok" and "not ok" lines.
script() {
  local name=$1 log code good bad skip; shift; log=$logs/$name.log
  timeout 1200 "$@" > "$log" 2>&1; code=$?
  good=$(grep -ac '^ok ' "$log"); bad=$(grep -ac '^not ok ' "$log"); skip=$(grep -ac '^skip ' "$log")
  if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; tail -25 "$log"; fi
  count "$name" "$good" "$bad" "$skip" "$log"
  [ "$bad" -gt 0 ] && grep -a -A6 '^not ok ' "$log" | head -60
}

# packages FOLDER FILE...: the files in a folder of the build, with the npm packages of their lock file; installed again when the lock file is newer.
packages() {
  local folder=$build/$1 log=$logs/npm-$1.log; shift
  mkdir -p "$folder" && cp -p "$@" "$folder/"
  (cd "$folder" && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; }) > "$log" 2>&1 || tail -5 "$log"
}

tidy
unit
figure powerloss "$build/tests/powerloss" 60
figure iofault "$build/tests/iofault" 100
figure threads "$build/tests/threads" 40
for name in kill9 sigterm idem approve budget; do figure "$name" node tests/reliability.mjs "$build" "$name" 0.02; done
for story in tests/api/story_*.mjs tests/api/check_*.mjs; do [ -f "$story" ] && script "$(basename "$story" .mjs)" node "$story" "$build/lumbung"; done
packages openapi tests/openapi/* tests/api/registry.mjs tests/api/check.mjs
script openapi_lint node "$build/openapi/lint_test.mjs" "$build/lumbung"
if [ -z "${SANITIZE:-}" ]; then
  packages web tests/web/*.mjs tests/api/registry.mjs tests/api/form_sample.mjs tests/web/package*.json
  for story in "$build"/web/*_test.mjs; do script "web_$(basename "$story" .mjs)" node "$story" "$build/lumbung"; done
else
  count web 0 0 1 /dev/null; echo "the browser suites are skipped under sanitizers"
fi

line="$passed passed, $failed failed"
[ "$skipped" -gt 0 ] && line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
