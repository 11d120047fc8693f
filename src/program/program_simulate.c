/* program_simulate.c: what a rule would do, over the households that the caller may see: counts, cost, coverage by region. Changes nothing. */
#include <string.h>

#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/region.h"
#include "program/program_fields.h"

#define SIMULATION_PAGE 200
#define SIMULATION_REGIONS_MAX 500

struct simulation_region {
    struct id region_id;
    int64_t units, eligible, cost_minor;
};

struct simulation {
    struct tx *tx;
    const struct program *program;
    int32_t on;
    int64_t households, units, eligible, not_eligible, undetermined, errors, cost_minor;
    struct simulation_region *regions;
    size_t region_count;
};

static struct simulation_region *
simulation_region_of(struct simulation *simulation, struct id region_id)
{
    for (size_t i = 0; i < simulation->region_count; i++)
        if (id_equal(simulation->regions[i].region_id, region_id))
            return &simulation->regions[i];
    if (simulation->region_count == SIMULATION_REGIONS_MAX)
        return NULL;
    struct simulation_region *region = &simulation->regions[simulation->region_count++];
    *region = (struct simulation_region){.region_id = region_id};
    return region;
}

static struct error *
simulate_unit(struct simulation *simulation, const struct json *facts, struct program_unit unit, struct id region_id)
{
    struct program_answer answer;
    TRY(program_evaluate(simulation->tx, simulation->program, facts, unit, simulation->on, false, &answer));
    struct simulation_region *region = simulation_region_of(simulation, region_id);
    bool eligible = text_equal(answer.outcome, "eligible");
    simulation->units++;
    simulation->eligible += eligible;
    simulation->not_eligible += text_equal(answer.outcome, "not_eligible");
    simulation->undetermined += text_equal(answer.outcome, "undetermined");
    simulation->errors += answer.entitlement_error != NULL;
    if (!money_add(simulation->cost_minor, answer.entitlement_minor, &simulation->cost_minor))
        return error_field("/entitlement", FAULT_CONSTRAINT, "Jumlah seluruhnya terlalu besar untuk dihitung; kecilkan haknya.",
                           "The sum over everybody is too large to be counted; make the entitlement smaller.");
    if (region) {
        region->units++;
        region->eligible += eligible;
        region->cost_minor += answer.entitlement_minor;
    }
    return NULL;
}

struct error *
program_units_of(struct tx *tx, const struct program *program, struct id household_id, const struct json *facts, struct program_unit **ret_units, size_t *ret_count)
{
    const struct json *household = json_get(facts, "household"), *members = json_get(household, "members"), *families = json_get(household, "families");
    bool by_member = text_equal(program->unit, "member"), by_family = text_equal(program->unit, "family");
    size_t count = by_member ? (members ? members->count : 0) : by_family && families && families->count > 0 ? families->count : 1;
    struct program_unit *units = ARENA_ARRAY(tx->arena, struct program_unit, count + 1);
    for (size_t i = 0; i < count; i++) {
        units[i].household_id = household_id;
        if (by_member) {
            const char *id = json_get_text(members->items[i], "id");
            if (id == NULL || !id_parse(id, &units[i].member_id))
                return error_internal("facts: a member without its id");
        } else if (by_family) {
            units[i].family_no = families && families->count > 0 ? (int)json_get_int(families->items[i], "no", 1) : 1;
        }
    }
    *ret_units = units;
    *ret_count = count;
    return NULL;
}

static struct error *
simulate_household(struct simulation *simulation, const struct actor *actor, struct id household_id)
{
    struct json *facts = NULL;
    struct program_unit *units = NULL;
    size_t count = 0;
    struct household_view view;
    bool allowed = false;
    TRY(household_processing_allowed(simulation->tx, household_id, &allowed));
    if (!allowed)
        return NULL;
    TRY(household_view(simulation->tx, actor, household_id, &view));
    TRY(household_facts(simulation->tx, household_id, simulation->on, &facts));
    TRY(program_units_of(simulation->tx, simulation->program, household_id, facts, &units, &count));
    simulation->households++;
    for (size_t i = 0; i < count; i++)
        TRY(simulate_unit(simulation, facts, units[i], view.region_id));
    return NULL;
}

/* Each page works in an arena of its own: a province must not need a province's memory. */
static struct error *
simulate_all(struct simulation *simulation, const struct actor *actor, struct id region_id)
{
    struct tx *tx = simulation->tx;
    struct arena *kept = tx->arena;
    struct id ids[SIMULATION_PAGE], after = {{0}};
    size_t count = SIMULATION_PAGE;
    struct error *error = NULL;
    while (error == NULL && count == SIMULATION_PAGE) {
        tx->arena = arena_create();
        error = household_list_ids(tx, actor, region_id, after, SIMULATION_PAGE, ids, &count);
        for (size_t i = 0; error == NULL && i < count; i++) {
            after = ids[i];
            error = simulate_household(simulation, actor, ids[i]);
        }
        arena_destroy(tx->arena);
        tx->arena = kept;
    }
    return error;
}

static struct error *
simulation_print(struct simulation *simulation, int64_t budget_minor, struct buffer *body)
{
    json_open(body, NULL, '{');
    json_put_date(body, "on", simulation->on);
    json_put_int(body, "households", simulation->households);
    json_put_int(body, "units", simulation->units);
    json_put_int(body, "eligible", simulation->eligible);
    json_put_int(body, "not_eligible", simulation->not_eligible);
    json_put_int(body, "undetermined", simulation->undetermined);
    json_put_int(body, "errors", simulation->errors);
    json_put_int(body, "cost_minor", simulation->cost_minor);
    json_put_text(body, "currency", simulation->program->currency);
    json_put_int(body, "budget_minor", budget_minor);
    json_put_bool(body, "within_budget", simulation->cost_minor <= budget_minor);
    json_open(body, "regions", '[');
    for (size_t i = 0; i < simulation->region_count; i++) {
        struct region region;
        TRY(region_by_id(simulation->tx, simulation->regions[i].region_id, &region));
        json_open(body, NULL, '{');
        json_put_text(body, "region", region.code);
        json_put_text(body, "region_name", region.name);
        json_put_int(body, "units", simulation->regions[i].units);
        json_put_int(body, "eligible", simulation->regions[i].eligible);
        json_put_int(body, "cost_minor", simulation->regions[i].cost_minor);
        json_close(body, '}');
    }
    json_close(body, ']');
    json_close(body, '}');
    return NULL;
}

struct error *
program_simulate(struct tx *tx, const struct actor *actor, const struct program *program, const struct simulation_in *in, struct buffer *body)
{
    struct program draft = *program;
    struct region region = {0};
    if (in->rule)
        draft.rule = in->rule;
    if (in->entitlement)
        draft.entitlement = in->entitlement;
    TRY(program_compile(tx, &draft));
    if (in->region)
        TRY(region_by_code(tx, actor, in->region, &region));
    struct simulation simulation = {.tx = tx, .program = &draft, .regions = ARENA_ARRAY(tx->arena, struct simulation_region, SIMULATION_REGIONS_MAX),
                                    .on = field_present(&simulation_in_table, in, "on") ? in->on : date_of_instant(tx->now_ms, program->utc_offset_min)};
    TRY(simulate_all(&simulation, actor, region.id));
    return simulation_print(&simulation, field_present(&simulation_in_table, in, "budget_minor") ? in->budget_minor : program->budget_minor, body);
}
