# tests.mk: the unit tests. Every tests/unit/test_*.c is one program; tests/unit/test_base_*.c link the ground floor alone, so that they
# say something while a floor above does not compile.
UNIT_SOURCES = $(wildcard tests/unit/test_*.c)
UNIT_TESTS = $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
BASE_OBJECTS = $(filter $(BUILD)/src/base/%,$(OBJECTS))

$(BUILD)/libbase.a: $(BASE_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/liblumbung.a: $(OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/tests/test_base_%: $(BUILD)/tests/unit/test_base_%.o $(BUILD)/libbase.a
	$(SAY) $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

# Whole objects: statements register themselves through linker sections, which a linker that picks from an archive would drop.
$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(BUILD)/liblumbung.a $(EMBEDDED)
	$(SAY) $(CC) $(LDFLAGS) -o $@ $< -Wl,--whole-archive $(BUILD)/liblumbung.a -Wl,--no-whole-archive $(EMBEDDED) $(LDLIBS) -lcmocka

# The database's own tests stand on the two lowest floors, the lane's and the fault tests also on a disk that can fail. test_db_statement and
# test_db_pg link the whole program, to see every statement.
FLOOR_OBJECTS = $(filter $(BUILD)/src/base/% $(BUILD)/src/db/%,$(OBJECTS)) $(EMBEDDED)
DISK_OBJECT = $(BUILD)/tests/fault/vfs_power.o
FLOOR_TESTS = $(addprefix $(BUILD)/tests/test_db_,embedded lane lock_keyring migrate rows)
FAULT_TESTS = $(BUILD)/tests/powerloss $(BUILD)/tests/iofault
THREADS_TEST = $(BUILD)/tests/threads

$(FLOOR_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(DISK_OBJECT) $(FLOOR_OBJECTS)
	$(SAY) $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(FAULT_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/fault/%.o $(DISK_OBJECT) $(FLOOR_OBJECTS)
	$(SAY) $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(THREADS_TEST): $(BUILD)/tests/fault/threads.o $(BUILD)/liblumbung.a $(EMBEDDED)
	$(CC) $(LDFLAGS) -o $@ $< -Wl,--whole-archive $(BUILD)/liblumbung.a -Wl,--no-whole-archive $(EMBEDDED) $(LDLIBS) -lcmocka

# Figures 2 and 3 of the reliability list, each with the mutant that has to fail. FAULT_POINTS=2000 for the whole run.
FAULT_POINTS ?= 100
fault-disk: $(FAULT_TESTS)
	@$(BUILD)/tests/powerloss $(FAULT_POINTS) && $(BUILD)/tests/iofault $(FAULT_POINTS) 2>/dev/null

$(BUILD)/tests/unit/%.o: tests/unit/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(SAY) $(CC) $(BASEFLAGS) $(CFLAGS) -c -o $@ $<

# A failing program does not stop the others; the totals and the exit status tell.
define RUN_UNIT
	@passed=0; failed=0; cases=0; for test in $^; do \
	  if $$test > $$test.log 2>&1; then passed=$$((passed+1)); else failed=$$((failed+1)); echo "FAILED $$test"; tail -40 $$test.log; fi; \
	  cases=$$((cases + $$(grep -c '^\[       OK \]' $$test.log))); \
	done; echo "unit: programs=$$passed failed=$$failed cases=$$cases"; test $$failed -eq 0
endef

unit: $(UNIT_TESTS)
	$(RUN_UNIT)

unit-base: $(filter $(BUILD)/tests/test_base_%,$(UNIT_TESTS))
	$(RUN_UNIT)

-include $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/unit/%.d)
-include $(wildcard $(BUILD)/tests/fault/*.d)

# Deliberately broken servers: the product's own objects, with the functions named here replaced by those of tests/mutant.
MUTANTS = idem approve duties budget sigterm
MUTANT_WRAPS = pipeline_body pipeline_apply migrate_translate
MUTANT_WRAPS_idem = idempotency_find
MUTANT_WRAPS_approve = batch_store_load batch_store_move batch_store_is_released
MUTANT_WRAPS_budget = ledger_store_account ledger_store_posting
MUTANT_WRAPS_sigterm = server_stop
MUTANT_PROGRAMS = $(MUTANTS:%=$(BUILD)/mutant/lumbung-%)

$(BUILD)/mutant/lumbung-%: $(BUILD)/tests/mutant/%.o $(BUILD)/tests/mutant/before_lane.o $(BUILD)/src/main.o $(OBJECTS) $(EMBEDDED)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(addprefix -Wl$(COMMA)--wrap=,$(MUTANT_WRAPS) $(MUTANT_WRAPS_$*)) -o $@ $^ $(LDLIBS)
COMMA = ,

$(BUILD)/tests/mutant/%.o: tests/mutant/%.c
	@mkdir -p $(@D)
	$(CC) $(BASEFLAGS) $(CFLAGS) -c -o $@ $<

-include $(patsubst %,$(BUILD)/tests/mutant/%.d,$(MUTANTS) before_lane)

.PHONY: unit unit-base fault-disk
.SECONDARY:

tests-build: $(UNIT_TESTS) $(FAULT_TESTS) $(THREADS_TEST) $(MUTANT_PROGRAMS)
.PHONY: tests-build

# The reliability figures in full size. Each prints its line and is false when it does not hold or its mutant goes unseen.
reliability: packages-test
	@$(MAKE) --no-print-directory -j$$(nproc) all tests-build
	@tests/reliability.sh $(BUILD) 1

bench: packages-test
	@$(MAKE) --no-print-directory -j$$(nproc) all bench-build
	@node tests/bench/bench.mjs $(BUILD) $(or $(HOUSEHOLDS),-) $(PARTS)
	@test -n '$(PARTS)' || node tests/bench/import.mjs $(BUILD)

bench-build: $(patsubst tests/bench/%.c,$(BUILD)/tests/bench_%,$(wildcard tests/bench/*.c))

$(BUILD)/tests/bench_%: $(BUILD)/tests/bench/%.o $(BUILD)/liblumbung.a $(EMBEDDED)
	@mkdir -p $(@D)
	$(SAY) $(CC) $(LDFLAGS) -o $@ $< -Wl,--whole-archive $(BUILD)/liblumbung.a -Wl,--no-whole-archive $(EMBEDDED) $(LDLIBS)

-include $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%.d,$(wildcard tests/bench/*.c))

$(BUILD)/tests/bench/%.o: tests/bench/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(SAY) $(CC) $(BASEFLAGS) $(CFLAGS) -c -o $@ $<
