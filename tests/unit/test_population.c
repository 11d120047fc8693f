/* test_population.c: after random acts, people by sex and birth date of any past day and region against a model that keeps where everybody was; and the log,
 * laid over itself, tells of every instant what stood in the tables then. */
#include "money_fixture.h"

#include "demo/demo_random.h"
#include "lumbung/base/time.h"
#include "report/report_population_store.h"

#define PEOPLE_MAX 400
#define HOUSES_MAX 120
#define STAYS_MAX 12
#define ACTS 110
#define ASKED 25
#define NEVER INT32_MAX
#define TODAY date_of_instant(trial_now, 540)

static const char *const villages[] = {"33.08.03.2001", "33.08.03.2002", "33.08.04.2001"};
static const char *const asked_regions[] = {NULL, "33", "33.08.03", "33.08.03.2001", "33.08.03.2002", "33.08.04", "33.08.04.2001"};

struct stay { int house; int32_t from, until; };
struct person { struct id id; char sex; int32_t birth; struct stay stays[STAYS_MAX]; int count; bool never; };
struct house_model { struct id id; int32_t since, ended; int village[STAYS_MAX]; int32_t until[STAYS_MAX]; int count; };
struct model {
    struct money *money;
    struct demo_random random;
    struct person people[PEOPLE_MAX];
    struct house_model houses[HOUSES_MAX];
    int person_count, house_count;
};

static int
pick(struct model *model, int below)
{
    return demo_below(&model->random, below);
}

static const char *
id_text(struct model *model, struct id id)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    return arena_text(model->money->house->trial->arena, text);
}

static const char *
day_text(struct model *model, int32_t day)
{
    char text[DATE_TEXT_SIZE];
    date_print(day, text);
    return arena_text(model->money->house->trial->arena, text);
}

static bool
act(struct model *model, const char *route, struct id id, const char *body)
{
    struct error *error = money_call(model->money, &model->money->maya, route, id, body);
    bool done = error == NULL;
    if (error && (error_status(error->code) >= 500 || error->code == ERROR_MALFORMED))
        fail_msg("%s %s: %s %s", route, body, error_slug(error->code), error->cause ? error->cause : "");
    error_free(error);
    return done;
}

static struct stay *
present(struct person *person)
{
    struct stay *stay = &person->stays[person->count - 1];
    return stay->until == NEVER && !person->never ? stay : NULL;
}

static struct person *
add_person(struct model *model, struct id id, char sex, int32_t birth, int house, int32_t from)
{
    assert_true(model->person_count < PEOPLE_MAX);
    struct person *person = &model->people[model->person_count++];
    *person = (struct person){.id = id, .sex = sex, .birth = birth, .stays = {{house, from, NEVER}}, .count = 1};
    return person;
}

/* --- acts -------------------------------------------------------------------------------------------------------------------------------- */

static void
registers(struct model *model)
{
    struct arena *arena = model->money->house->trial->arena;
    struct id ids[2] = {id_make(trial_now), id_make(trial_now + 1)};
    int32_t births[2] = {TODAY - 9000 - pick(model, 15000), TODAY - 1 - pick(model, 6000)};
    int village = pick(model, 3);
    struct house_model *house = &model->houses[model->house_count++];
    struct house_job job = house_register(model->money->house, &model->money->maya, arena_format(arena,
        "{\"region\":\"%s\"," HOUSE_CONSENT ",\"members\":[{\"id\":\"%s\",\"name\":\"Siti %d\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"%s\",\"relationship\":\"head\"},"
        "{\"id\":\"%s\",\"name\":\"Budi %d\",\"id_reason\":\"x\",\"sex\":\"M\",\"birth_date\":\"%s\",\"relationship\":\"child\"}]}",
        villages[village], id_text(model, ids[0]), model->person_count, day_text(model, births[0]), id_text(model, ids[1]), model->person_count, day_text(model, births[1])));
    *house = (struct house_model){.id = job.id, .since = TODAY, .ended = NEVER, .village = {village}, .until = {NEVER}, .count = 1};
    for (int i = 0; i < 2; i++)
        add_person(model, ids[i], i ? 'M' : 'F', births[i], model->house_count - 1, TODAY);
}

static void
joins(struct model *model)
{
    int at = pick(model, model->house_count);
    struct id id = id_make(trial_now);
    int32_t birth = TODAY - 20 - pick(model, 9000);
    if (act(model, "POST /api/v1/households/{id}/members", model->houses[at].id, arena_format(model->money->house->trial->arena,
            "{\"id\":\"%s\",\"name\":\"Yuli %d\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"%s\",\"relationship\":\"other_family\"}", id_text(model, id), model->person_count, day_text(model, birth)))) {
        bool newborn = birth > model->houses[at].since && birth < TODAY;
        add_person(model, id, 'F', birth, at, newborn ? birth : TODAY);
    }
}

static int32_t
some_day_since(struct model *model, int32_t from)
{
    return from >= TODAY ? TODAY : from + pick(model, TODAY - from + 1);
}

static void
goes(struct model *model)
{
    static const char *const reasons[] = {"moved", "married_out", "entered_in_error"};
    struct person *person = &model->people[pick(model, model->person_count)];
    struct stay *stay = present(person);
    if (!stay)
        return;
    int32_t on = some_day_since(model, stay->from);
    const char *reason = reasons[pick(model, 3)];
    bool dies = pick(model, 2);
    struct arena *arena = model->money->house->trial->arena;
    if (!act(model, dies ? "POST /api/v1/members/{id}/death" : "POST /api/v1/members/{id}/leave", person->id,
             dies ? arena_format(arena, "{\"on\":\"%s\"}", day_text(model, on)) : arena_format(arena, "{\"on\":\"%s\",\"reason\":\"%s\"}", day_text(model, on), reason)))
        return;
    stay->until = on;
    person->never = !dies && text_equal(reason, "entered_in_error");
}

static void
moves(struct model *model)
{
    struct person *person = &model->people[pick(model, model->person_count)];
    struct stay *stay = present(person);
    int to = pick(model, model->house_count);
    if (!stay || person->count == STAYS_MAX)
        return;
    int32_t on = some_day_since(model, stay->from > model->houses[to].since ? stay->from : model->houses[to].since);
    if (!act(model, "POST /api/v1/members/{id}/move", person->id, arena_format(model->money->house->trial->arena, "{\"to_household_id\":\"%s\",\"on\":\"%s\"}",
                                                                              id_text(model, model->houses[to].id), day_text(model, on))))
        return;
    stay->until = on;
    person->stays[person->count++] = (struct stay){to, on, NEVER};
}

static void
relocates(struct model *model)
{
    struct house_model *house = &model->houses[pick(model, model->house_count)];
    int village = pick(model, 3);
    if (house->count == STAYS_MAX || village == house->village[house->count - 1] ||
        !act(model, "PATCH /api/v1/households/{id}", house->id, arena_format(model->money->house->trial->arena, "{\"region\":\"%s\"}", villages[village])))
        return;
    house->until[house->count - 1] = TODAY;
    house->village[house->count] = village;
    house->until[house->count++] = NEVER;
}

static void
ends(struct model *model)
{
    struct house_model *house = &model->houses[pick(model, model->house_count)];
    if (pick(model, 3) == 0 && act(model, "POST /api/v1/households/{id}/dissolve", house->id, "{\"reason\":\"bubar\"}"))
        house->ended = TODAY;
}

static void
merges(struct model *model)
{
    int into = pick(model, model->house_count), other = pick(model, model->house_count);
    struct person *before = ARENA_ARRAY(model->money->house->trial->arena, struct person, PEOPLE_MAX);
    memcpy(before, model->people, sizeof model->people);
    if (!act(model, "POST /api/v1/households/{id}/merge", model->houses[into].id,
             arena_format(model->money->house->trial->arena, "{\"other_id\":\"%s\"}", id_text(model, model->houses[other].id))))
        return;
    model->houses[other].ended = TODAY;
    for (int i = 0; i < model->person_count; i++) {
        struct stay *stay = present(&model->people[i]);
        if (!stay || stay->house != other)
            continue;
        stay->until = TODAY;
        model->people[i].stays[model->people[i].count++] = (struct stay){into, TODAY, NEVER};
    }
    trial_now += (int64_t)pick(model, 3) * DAY_MS;
    if (pick(model, 2) && act(model, "POST /api/v1/households/{id}/unmerge", model->houses[other].id, "{\"reason\":\"keliru\"}")) {
        model->houses[other].ended = NEVER;
        memcpy(model->people, before, sizeof model->people);
    }
}

/* --- what both say ------------------------------------------------------------------------------------------------------------------------ */

struct question { struct model *model; int32_t on; const char *code; int64_t found, wanted; int64_t left[PEOPLE_MAX]; };

static void
take_away(void *context, const char *sex, int32_t birth_date, int64_t count)
{
    struct question *question = context;
    question->found += count;
    for (int i = 0; i < question->model->person_count; i++)
        if (question->left[i] == 1 && count > 0 && question->model->people[i].sex == sex[0] && question->model->people[i].birth == birth_date) {
            question->left[i] = 0;
            count--;
        }
    if (count > 0)
        fail_msg("on %s in %s: %d too many %s born %s", day_text(question->model, question->on), question->code ? question->code : "all", (int)count, sex,
                 day_text(question->model, birth_date));
}

static bool
lived_there(const struct model *model, const struct person *person, int32_t on, const char *code)
{
    for (int i = 0; !person->never && i < person->count; i++) {
        const struct house_model *house = &model->houses[person->stays[i].house];
        if (on < person->stays[i].from || on >= person->stays[i].until || on >= house->ended)
            continue;
        int at = 0;
        while (on >= house->until[at])
            at++;
        return !code || strncmp(villages[house->village[at]], code, strlen(code)) == 0;
    }
    return false;
}

static struct error *
compare(struct tx *tx, struct model *model, int32_t on, const char *code)
{
    struct question question = {.model = model, .on = on, .code = code};
    struct population_filter filter = {.on = on};
    struct region region;
    if (code)
        TRY(region_by_code(tx, &model->money->house->console, code, &region));
    if (code)
        filter.region_id = region.id;
    for (int i = 0; i < model->person_count; i++) {
        question.left[i] = lived_there(model, &model->people[i], on, code);
        question.wanted += question.left[i];
    }
    TRY(population_store_each(tx, &model->money->maya, &filter, take_away, &question));
    if (question.found != question.wanted)
        fail_msg("on %s in %s: %d instead of %d", day_text(model, on), code ? code : "all", (int)question.found, (int)question.wanted);
    return NULL;
}

static struct error *
compare_many(struct tx *tx, void *context)
{
    struct model *model = context;
    for (size_t i = 0; i < COUNT(asked_regions); i++) {
        TRY(compare(tx, model, TODAY, asked_regions[i]));
        TRY(compare(tx, model, model->houses[0].since - 1, asked_regions[i]));
        for (int j = 0; j < ASKED; j++)
            TRY(compare(tx, model, model->houses[0].since + pick(model, TODAY - model->houses[0].since + 1), asked_regions[i]));
    }
    return NULL;
}

/* --- the log against what stood in the tables ------------------------------------------------------------------------------------------- */

struct sight { struct model *model; int house; int64_t at_ms; const char *text; };

/* What both tell: own fields, and the live members whatever their order. */
static const char *
told(struct arena *arena, const char *text)
{
    static const char *const names[] = {"id", "region", "registered_region", "hamlet", "rw", "rt", "address", "phone", "kk_number", "payee", "families", "channel"};
    struct json *json = NULL;
    struct buffer out;
    const char *members[LIMIT_MEMBERS];
    size_t count = 0;
    must(json_parse(arena, text, strlen(text), &json));
    buffer_init(&out, arena);
    for (size_t i = 0; i < COUNT(names); i++)
        if (json_get(json, names[i]))
            json_print_canonical(&out, json_get(json, names[i]));
    const struct json *live = json_get(json, "members");
    for (size_t i = 0; i < live->count; i++) {
        struct buffer one;
        buffer_init(&one, arena);
        buffer_add(&one, json_get_text(live->items[i], "id"));
        json_print_canonical(&one, live->items[i]);
        size_t at = count++;
        for (; at > 0 && strcmp(members[at - 1], buffer_text(&one)) > 0; at--)
            members[at] = members[at - 1];
        members[at] = buffer_text(&one);
    }
    for (size_t i = 0; i < count; i++)
        buffer_add(&out, members[i]);
    return buffer_text(&out);
}

static struct error *
read_present(struct tx *tx, void *context)
{
    struct sight *sight = context;
    struct household_file file;
    struct buffer body;
    buffer_init(&body, tx->arena);
    TRY(household_file_load(tx, NULL, sight->model->houses[sight->house].id, &file));
    TRY(household_print(tx, &sight->model->money->house->console, &body, &file, FIELD_ALL));
    const char *text = told(tx->arena, buffer_text(&body));
    sight->text = arena_text(sight->model->money->house->trial->arena, text);
    return NULL;
}

static struct error *
compare_past(struct tx *tx, const struct sight *sight)
{
    struct buffer body;
    buffer_init(&body, tx->arena);
    TRY(household_print_as_of(tx, &sight->model->money->house->console, sight->model->houses[sight->house].id, sight->at_ms, FIELD_ALL, &body));
    const char *text = told(tx->arena, buffer_text(&body));
    if (strcmp(text, sight->text) != 0)
        fail_msg("the log tells %s\ninstead of %s", text, sight->text);
    return NULL;
}

#define SIGHTS 25
struct sights { struct sight items[SIGHTS]; int count; };

static struct error *
compare_all_past(struct tx *tx, void *context)
{
    const struct sights *sights = context;
    for (int i = 0; i < sights->count; i++)
        TRY(compare_past(tx, &sights->items[i]));
    return NULL;
}

static struct sight
look(struct model *model)
{
    struct sight sight = {.model = model, .house = pick(model, model->house_count), .at_ms = trial_now};
    must(trial_read(model->money->house->trial, read_present, &sight));
    return sight;
}

/* Every test of this name has a registry and a seed of its own. */
static void
any_day_is_right(void **state)
{
    static void (*const acts[])(struct model *) = {registers, joins, joins, goes, goes, moves, moves, relocates, ends, merges};
    static uint64_t seed;
    struct money *money = *state;
    struct model *model = ARENA_NEW(money->house->trial->arena, struct model);
    *model = (struct model){.money = money, .random = {++seed}};
    struct sights sights = {.count = 0};
    registers(model);
    for (int i = 0; i < ACTS; i++) {
        trial_now += 1000 + (int64_t)pick(model, 3) * DAY_MS;
        acts[pick(model, (int)COUNT(acts))](model);
        if (sights.count < SIGHTS && i % 5 == 0)
            sights.items[sights.count++] = look(model);
    }
    must(trial_read(money->house->trial, compare_all_past, &sights));
    must(trial_read(money->house->trial, compare_many, model));
    assert_true(model->person_count > 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(any_day_is_right), MONEY_TEST(any_day_is_right), MONEY_TEST(any_day_is_right), MONEY_TEST(any_day_is_right), MONEY_TEST(any_day_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
