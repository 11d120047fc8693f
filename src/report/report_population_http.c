/* report_population_http.c: GET /reports/population: live people by age and sex in a region on a day, today or in the past. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"
#include "report/report_population_store.h"
#include "report/report_steps.h"

#define GROUP_YEARS 5
#define GROUPS 21 /* the last is open: 100 and older */
#define SEXES 3
#define AGE_MAX 150
#define EAST_MIN 540 /* where a day begins first */

struct population_query { struct presence presence; int32_t as_of; const char *region; int64_t max_age; };
static const struct field population_fields[] = {
    {.name = "as_of", .offset = offsetof(struct population_query, as_of), .kind = FIELD_DATE, .flags = FIELD_PAST, .about = "the end of this day; today by default"},
    {.name = "region", .offset = offsetof(struct population_query, region), .kind = FIELD_TEXT, .minimum = 1, .maximum = 40, .about = "official code; its whole subtree"},
    {.name = "max_age", .offset = offsetof(struct population_query, max_age), .kind = FIELD_INT, .minimum = 0, .maximum = AGE_MAX, .about = "nobody older, in whole years"},
};
FIELD_TABLE(population_query_table, "PopulationQuery", struct population_query, population_fields);

struct population {
    int32_t on;
    int64_t max_age;
    int64_t counts[GROUPS][SEXES];
};

static const char *const sexes[SEXES] = {"F", "M", "X"};

static void
count_people(void *context, const char *sex, int32_t birth_date, int64_t count)
{
    struct population *population = context;
    int age = birth_date <= population->on ? date_years_between(birth_date, population->on) : -1;
    if (age < 0 || age > population->max_age)
        return; /* registered before they were born on that day */
    int group = age / GROUP_YEARS < GROUPS ? age / GROUP_YEARS : GROUPS - 1;
    for (int i = 0; i < SEXES; i++)
        if (text_equal(sex, sexes[i]))
            population->counts[group][i] += count;
}

static void
print_counts(struct buffer *body, const int64_t counts[SEXES])
{
    int64_t total = 0;
    for (int i = 0; i < SEXES; i++) {
        json_put_int(body, sexes[i], counts[i]);
        total += counts[i];
    }
    json_put_int(body, "total", total);
}

static void
print_groups(struct buffer *body, const struct population *population)
{
    int64_t all[SEXES] = {0};
    json_open(body, "groups", '[');
    for (int group = 0; group < GROUPS && group * GROUP_YEARS <= population->max_age; group++) {
        int64_t last = group < GROUPS - 1 ? group * GROUP_YEARS + GROUP_YEARS - 1 : population->max_age;
        json_open(body, NULL, '{');
        json_put_int(body, "from", group * GROUP_YEARS);
        if (group < GROUPS - 1 || population->max_age < AGE_MAX)
            json_put_int(body, "to", last < population->max_age ? last : population->max_age);
        else
            json_put_null(body, "to");
        print_counts(body, population->counts[group]);
        json_close(body, '}');
        for (int i = 0; i < SEXES; i++)
            all[i] += population->counts[group][i];
    }
    json_close(body, ']');
    json_open(body, "sum", '{');
    print_counts(body, all);
    json_close(body, '}');
}

/* An unknown region is a filter that nobody meets. */
static struct error *
find_region(struct tx *tx, const struct call *call, const char *code, struct id *ret_id)
{
    struct region region;
    *ret_id = (struct id){{0}};
    if (!code)
        return NULL;
    struct error *error = region_by_code(tx, call->actor, code, &region);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        memset(ret_id, 0xff, sizeof *ret_id); /* no region has it */
        return NULL;
    }
    if (!error)
        *ret_id = region.id;
    return error;
}

struct error *
report_population_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct population_query *query = call->query;
    struct population population = {.on = date_of_instant(tx->now_ms, EAST_MIN), .max_age = AGE_MAX};
    struct population_filter filter;
    if (query && field_present(&population_query_table, query, "as_of"))
        population.on = query->as_of;
    if (query && field_present(&population_query_table, query, "max_age"))
        population.max_age = query->max_age;
    filter.on = population.on;
    TRY(find_region(tx, call, query ? query->region : NULL, &filter.region_id));
    TRY(population_store_each(tx, call->actor, &filter, count_people, &population));
    json_open(&reply->body, NULL, '{');
    json_put_date(&reply->body, "as_of", population.on);
    json_put_text(&reply->body, "region", query ? query->region : NULL);
    print_groups(&reply->body, &population);
    json_close(&reply->body, '}');
    return NULL;
}
