/* demo_cases.c: what waits on the desks: the acts are those of the API, by the people of the demo. */
#include <string.h>

#include "demo/demo.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/fact.h"
#include "lumbung/household.h"

/* One call of these tables, as if it had come over the wire. `path` and `method` name the row. */
struct act {
    const struct demo *demo;
    enum demo_person person;
    const struct route *table;
    enum method method;
    const char *path;
    struct id id;
    const struct json *body;
};

static const struct route *
route_of(const struct act *act)
{
    const struct route *route = act->table;
    while (route->path && !(route->method == act->method && text_equal(route->path, act->path)))
        route++;
    return route->path ? route : NULL;
}

static struct error *
act_do(struct tx *tx, const struct act *act)
{
    const struct route *route = route_of(act);
    struct actor actor;
    struct reply reply = {.version = -1};
    struct call call = {.actor = &actor, .route = route, .ids = {act->id}, .json = act->body, .if_match = -1, .language = LANGUAGE_ID, .remote = "demo"};
    void *record = NULL;
    if (!route)
        return error_internal("demo: no call %s", act->path);
    TRY(demo_actor(tx, act->demo, act->person, &actor));
    if (route->in)
        TRY(field_parse(tx->arena, route->in, act->body, "", act->method == METHOD_PATCH ? FIELD_PATCH : FIELD_CREATE, act->demo->today, &record));
    call.in = record;
    buffer_init(&reply.body, tx->arena);
    return route->step(tx, &call, &reply);
}

struct kept {
    const struct json *household, *head;
    const char *nik; /* of the head; NULL: none */
    struct id id;
    enum demo_person officer;
};

static struct error *
kept_read(struct tx *tx, const struct demo *demo, int number, struct kept *ret_kept)
{
    struct json *household = NULL;
    TRY(json_parse(tx->arena, demo->kept[number], strlen(demo->kept[number]), &household));
    *ret_kept = (struct kept){.household = household, .head = json_get(household, "members")->items[0], .nik = demo->niks[number]};
    id_parse(json_get_text(household, "id"), &ret_kept->id);
    ret_kept->officer = text_begins(demo->villages[(size_t)number % demo->village_count], "15.71") ? DEMO_JOKO : DEMO_RINA;
    return NULL;
}

static struct error *
act_on(struct tx *tx, const struct demo *demo, const struct kept *kept, enum method method, const char *path, struct id id, const char *text)
{
    struct json *body = NULL;
    TRY(json_parse(tx->arena, text, strlen(text), &body));
    return act_do(tx, &(struct act){demo, kept->officer, household_routes, method, path, id, body});
}

static struct error *
change_account(struct tx *tx, const struct demo *demo, const struct kept *kept)
{
    const char *text = arena_format(tx->arena, "{\"payee\":{\"account\":{\"provider\":\"BRI\",\"number\":\"0034010026110\",\"holder\":\"%s\"}}}", json_get_text(kept->head, "name"));
    return act_on(tx, demo, kept, METHOD_PATCH, "/api/v1/households/{id}", kept->id, text);
}

static struct error *
report_death(struct tx *tx, const struct demo *demo, const struct kept *kept)
{
    struct id member;
    char day[DATE_TEXT_SIZE];
    id_parse(json_get_text(kept->head, "id"), &member);
    date_print(demo->today - 3, day);
    return act_on(tx, demo, kept, METHOD_POST, "/api/v1/members/{id}/death", member, arena_format(tx->arena, "{\"on\":\"%s\",\"note\":\"Kabar dari ketua RT.\"}", day));
}

/* Where the basis is a public task this is an objection; where it is consent, the processing ends. */
static struct error *
withdraw(struct tx *tx, const struct demo *demo, const struct kept *kept)
{
    struct id consent;
    id_parse(json_get_text(json_get(kept->household, "consents")->items[0], "id"), &consent);
    return act_on(tx, demo, kept, METHOD_POST, "/api/v1/consents/{id}/withdraw", consent, "{\"reason\":\"Tidak mau didata lagi.\"}");
}

static struct error *
send_away(struct tx *tx, const struct demo *demo, const struct kept *kept)
{
    struct json *body = NULL;
    const char *to = demo->villages[demo->village_count - 1];
    const char *text = arena_format(tx->arena, "{\"to_region\":\"%s\",\"note\":\"Ikut anak ke kota.\"}", to);
    TRY(json_parse(tx->arena, text, strlen(text), &body));
    return act_do(tx, &(struct act){demo, kept->officer, household_move_routes, METHOD_POST, "/api/v1/households/{id}/move", kept->id, body});
}

/* The same head once more, in another village: somebody was registered where he works. */
static struct error *
register_again(struct tx *tx, const struct demo *demo, const struct kept *kept)
{
    struct json *household = json_make(tx->arena, JSON_OBJECT), *members = json_make(tx->arena, JSON_ARRAY), *member = json_make(tx->arena, JSON_OBJECT), *consent = NULL;
    static const char *const same[] = {"name", "sex", "birth_date", "id_reason"};
    static const char consent_text[] = "{\"notice_version\":\"1\",\"language\":\"id\",\"basis\":\"consent\",\"given_by\":\"sendiri\",\"form\":\"signed\"}";
    struct actor officer;
    struct id id;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (json_get_text(kept->head, same[i]))
            json_set(tx->arena, member, same[i], json_make_text(tx->arena, json_get_text(kept->head, same[i])));
    if (kept->nik)
        json_set(tx->arena, member, "nik", json_make_text(tx->arena, kept->nik));
    json_set(tx->arena, member, "relationship", json_make_text(tx->arena, "head"));
    json_push(tx->arena, members, member);
    TRY(json_parse(tx->arena, consent_text, sizeof consent_text - 1, &consent));
    json_set(tx->arena, household, "region", json_make_text(tx->arena, demo->villages[demo->village_count - 1]));
    json_set(tx->arena, household, "members", members);
    json_set(tx->arena, household, "consent", consent);
    TRY(demo_actor(tx, demo, DEMO_JOKO, &officer));
    return household_register_json(tx, &officer, household, "demo", &id, NULL);
}

static bool
has_basis(const struct kept *kept, const char *basis)
{
    return text_equal(json_get_text(json_get(kept->household, "consents")->items[0], "basis"), basis);
}

struct case_kind {
    enum demo_person officer;
    const char *basis; /* NULL: any */
    int count;
    struct error *(*apply)(struct tx *tx, const struct demo *demo, const struct kept *kept);
};

static struct error *
add_cases(struct tx *tx, void *context)
{
    static const struct case_kind kinds[] = {{DEMO_RINA, NULL, 2, change_account}, {DEMO_RINA, NULL, 1, report_death}, {DEMO_RINA, "public_task", 1, withdraw},
                                             {DEMO_RINA, NULL, 1, send_away}, {DEMO_RINA, NULL, 2, register_again}};
    const struct demo *demo = context;
    int made[sizeof kinds / sizeof kinds[0]] = {0};
    for (int number = 0; number < DEMO_KEPT && number < demo->made; number++) {
        struct kept kept;
        TRY(kept_read(tx, demo, number, &kept));
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (made[i] == kinds[i].count || kept.officer != kinds[i].officer || (kinds[i].basis && !has_basis(&kept, kinds[i].basis)))
                continue;
            TRY(kinds[i].apply(tx, demo, &kept));
            made[i]++;
            break;
        }
    }
    return NULL;
}

/* Deciles of an invented edition, for those of the first families whose head has a NIK. */
static struct error *
add_facts(struct tx *tx, void *context)
{
    const struct demo *demo = context;
    char day[DATE_TEXT_SIZE];
    struct buffer text;
    bool is_first = true;
    date_print(demo->today - 120, day);
    buffer_init(&text, tx->arena);
    buffer_format(&text, "{\"source\":\"contoh\",\"edition\":\"triwulan lalu\",\"as_of\":\"%s\",\"number\":{\"column\":\"NIK\",\"kind\":\"nik\"},"
                         "\"facts\":{\"desil\":{\"column\":\"DESIL\",\"type\":\"integer\"}},\"columns\":[\"NIK\",\"DESIL\"],\"rows\":[", day);
    for (int number = 0; number < DEMO_KEPT && number < demo->made; number++) {
        struct kept kept;
        TRY(kept_read(tx, demo, number, &kept));
        if (!kept.nik)
            continue;
        buffer_format(&text, "%s{\"line\":%d,\"cells\":[\"%s\",\"%d\"]}", is_first ? "" : ",", number + 2, kept.nik, 1 + number % 10);
        is_first = false;
    }
    buffer_add(&text, "]}");
    struct json *body = NULL;
    TRY(json_parse(tx->arena, text.data, text.length, &body));
    return is_first ? NULL : act_do(tx, &(struct act){demo, DEMO_MAYA, fact_routes, METHOD_POST, "/api/v1/facts", {{0}}, body});
}

struct error *
demo_add_cases(struct demo *demo)
{
    TRY(demo_do(demo, add_facts, demo));
    return demo_do(demo, add_cases, demo);
}
