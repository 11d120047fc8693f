# Lumbung: one Makefile. `make run` and `make test` do all the set-up they need; `make help` lists the rest.
BUILD ?= build
ifeq ($(origin CC),default)
CC = gcc
endif
SANITIZE ?=
PORT ?= 8080
# One short line a file; `make --trace` shows the commands.
SAY = @echo "making $@";

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
  -Wundef -Wcast-qual -Wwrite-strings -Wswitch-enum -Werror
LIBRARIES = libmicrohttpd jansson libsodium sqlite3 libutf8proc xlsxwriter zlib gnutls nettle libzip expat
ifeq ($(SANITIZE),)
HARDEN = -O2 -g -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
else
HARDEN = -O1 -g -fPIE -fno-omit-frame-pointer -fsanitize=$(SANITIZE)
LDSAN = -fsanitize=$(SANITIZE)
endif
CFLAGS ?= $(HARDEN)
BASEFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) -Iinclude -Isrc -MMD -MP
LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDSAN)
LDLIBS = $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lpthread -lm

# What Debian 12 has to have: to build and run, and beyond that to test.
PACKAGES_RUN = gcc make pkg-config libmicrohttpd-dev libjansson-dev libsodium-dev libsqlite3-dev libutf8proc-dev libxlsxwriter-dev zlib1g-dev \
  libgnutls28-dev nettle-dev libzip-dev libexpat1-dev
PACKAGES_TEST = libcmocka-dev chromium postgresql sqlite3 openssl

SOURCES = $(filter-out src/embed.c src/main.c,$(wildcard src/*.c src/*/*.c))
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o)
EMBEDDED = $(BUILD)/embedded.o
FLAGS = $(BUILD)/flags

all: $(BUILD)/lumbung

-include static/vendor.mk tests/tests.mk

$(BUILD)/lumbung: $(BUILD)/src/main.o $(OBJECTS) $(EMBEDDED)
	$(SAY) $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Another compiler or other flags compile everything anew.
$(FLAGS): always
	@mkdir -p $(@D); echo '$(CC) $(BASEFLAGS) $(CFLAGS) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(BASEFLAGS) $(CFLAGS) $(LDFLAGS)' > $@

$(BUILD)/%.o: %.c $(FLAGS)
	@mkdir -p $(@D)
	$(SAY) $(CC) $(BASEFLAGS) $(CFLAGS) -c -o $@ $<

# static/ and migrations/ become const arrays in the binary.
$(BUILD)/embed: src/embed.c
	@mkdir -p $(@D)
	$(SAY) $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -Iinclude -O1 -o $@ $< -lz

STATIC_FILES = $(shell find static migrations -type f ! -name '*.mk' ! -name 'package*.json' ! -path 'static/vendor/*' 2>/dev/null)
$(BUILD)/embedded.c: $(BUILD)/embed $(STATIC_FILES) $(VENDOR_STAMP)
	$(SAY) $(BUILD)/embed static migrations > $@.new && mv $@.new $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c $(FLAGS)
	$(SAY) $(CC) -std=c17 -Iinclude -O1 -c -o $@ $<

-include $(OBJECTS:.o=.d) $(BUILD)/src/main.d

# Installs what is missing, and only that: with nothing to install it needs no network and no root.
define NEED
	@missing=""; for package in $(1); do dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
	command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || missing="$$missing nodejs npm"; \
	if [ -n "$$missing" ]; then root=""; \
	  if [ "$$(id -u)" != 0 ]; then root=sudo; command -v sudo >/dev/null 2>&1 || { echo "missing, and only root can install it: apt-get install$$missing" >&2; exit 1; }; fi; \
	  echo "installing (it takes a minute or two, without a word):$$missing"; \
	  $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi
endef

packages-run:
	$(call NEED,$(PACKAGES_RUN))

packages-test:
	$(call NEED,$(PACKAGES_RUN) $(PACKAGES_TEST))

# A demo registry of invented families, served on this machine alone.
run: packages-run
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@mkdir -p $(BUILD)/demo && chmod 700 $(BUILD)/demo
	@test -e $(BUILD)/demo/lumbung.db || $(BUILD)/lumbung demo --db $(BUILD)/demo/lumbung.db > $(BUILD)/demo/log-ins.txt || \
	  { rm -rf $(BUILD)/demo; exit 1; }
	@cat $(BUILD)/demo/log-ins.txt
	@exec $(BUILD)/lumbung serve --db $(BUILD)/demo/lumbung.db --listen 127.0.0.1:$(PORT)

test: packages-test
	@$(MAKE) --no-print-directory -j$$(nproc) all tests-build
	@CC="$(CC)" SANITIZE="$(SANITIZE)" tests/run.sh $(BUILD)

help:
	@echo "make run         a demo registry in the browser (PORT=8080)"
	@echo "make test        all suites; SANITIZE=address,undefined for the sanitizers, CC=clang for the other compiler"
	@echo "make bench       the speed bars, each a ratio in one run"
	@echo "make reliability the reliability figures in full size"
	@echo "make all clean vendor"

clean:
	rm -rf $(BUILD) static/vendor

.PHONY: all run test bench reliability help clean packages-run packages-test always
.DEFAULT_GOAL = all
