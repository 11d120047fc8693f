# Lumbung: one Makefile. `make run` and `make test` do all the set-up they need; `make help` lists the rest.
BUILD ?= build
CC ?= gcc
SANITIZE ?=
MODE ?= release

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
  -Wundef -Wcast-qual -Wwrite-strings -Wswitch-enum -Werror
LIBRARIES = libmicrohttpd jansson libsodium sqlite3 libutf8proc xlsxwriter zlib gnutls
HARDEN = -O2 -fstack-protector-strong -fPIE
ifeq ($(SANITIZE),)
HARDEN += -D_FORTIFY_SOURCE=2
else
HARDEN = -O1 -g -fPIE -fno-omit-frame-pointer -fsanitize=$(SANITIZE)
LDSAN = -fsanitize=$(SANITIZE)
endif
CFLAGS ?= $(HARDEN) -g
BASEFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) -Iinclude -Isrc -MMD -MP
LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDSAN)
LDLIBS = $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lpthread -lm

SOURCES = $(filter-out src/embed.c src/main.c,$(wildcard src/*.c src/*/*.c))
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o)
EMBEDDED = $(BUILD)/embedded.o

all: $(BUILD)/lumbung

include $(wildcard static/vendor.mk tests/tests.mk)

$(BUILD)/lumbung: $(BUILD)/src/main.o $(OBJECTS) $(EMBEDDED)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASEFLAGS) $(CFLAGS) -c -o $@ $<

# static/ and migrations/ become const arrays in the binary.
$(BUILD)/embed: src/embed.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O1 -o $@ $< -lz

STATIC_FILES = $(shell find static migrations -type f ! -name '*.mk' ! -name 'package*.json' 2>/dev/null)
$(BUILD)/embedded.c: $(BUILD)/embed $(STATIC_FILES) $(VENDOR_STAMP)
	$(BUILD)/embed static migrations > $@.new && mv $@.new $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(CC) -std=c17 -Iinclude -O1 -c -o $@ $<

-include $(OBJECTS:.o=.d) $(BUILD)/src/main.d

clean:
	rm -rf $(BUILD)

.PHONY: all clean
