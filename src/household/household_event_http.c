/* household_event_http.c: bodies and steps of life events. */
#include "household/household_choice.h"
#include "household/household_codes.h"
#include "household/household_nik.h"
#include "household/household_propose.h"
#include "household/household_steps.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

struct leave { struct presence presence; const char *reason; int32_t on; };
static const struct field leave_fields[] = {
    {.name = "reason", .offset = offsetof(struct leave, reason), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &household_leave_reason},
    {.name = "on", .offset = offsetof(struct leave, on), .kind = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_PAST},
};
FIELD_TABLE(household_leave_table, "MemberLeave", struct leave, leave_fields);

struct death { struct presence presence; int32_t on; const char *note; };
static const struct field death_fields[] = {
    {.name = "on", .offset = offsetof(struct death, on), .kind = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_PAST},
    {.name = "note", .offset = offsetof(struct death, note), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_TEXT},
};
FIELD_TABLE(household_death_table, "MemberDeath", struct death, death_fields);

struct move { struct presence presence; struct id to_household_id; int32_t on; const char *relationship; };
static const struct field move_fields[] = {
    {.name = "to_household_id", .offset = offsetof(struct move, to_household_id), .kind = FIELD_ID, .flags = FIELD_REQUIRED},
    {.name = "on", .offset = offsetof(struct move, on), .kind = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_PAST},
    {.name = "relationship", .offset = offsetof(struct move, relationship), .kind = FIELD_CODE, .codes = &household_relationship,
     .about = "to the head there; other_family by default"},
};
FIELD_TABLE(household_move_table, "MemberMove", struct move, move_fields);

struct nik_body { struct presence presence; const char *nik; };
static const struct field nik_fields[] = {
    {.name = "nik", .offset = offsetof(struct nik_body, nik), .kind = FIELD_DIGITS, .flags = FIELD_REQUIRED, .minimum = 16, .maximum = 16},
};
FIELD_TABLE(household_nik_table, "NikConfirmation", struct nik_body, nik_fields);

struct split { struct presence presence; struct array member_ids; struct json *new_household, *enrollments; int32_t on; };
static const struct field split_fields[] = {
    {.name = "member_ids", .offset = offsetof(struct split, member_ids), .kind = FIELD_IDS, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_MEMBERS},
    {.name = "new_household", .offset = offsetof(struct split, new_household), .kind = FIELD_JSON, .flags = FIELD_REQUIRED,
     .about = "a household's own fields; region by default the old one's"},
    {.name = "enrollments", .offset = offsetof(struct split, enrollments), .kind = FIELD_JSON, .about = "{id: stay or go}"},
    {.name = "on", .offset = offsetof(struct split, on), .kind = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_PAST},
};
FIELD_TABLE(household_split_table, "HouseholdSplit", struct split, split_fields);

struct merge { struct presence presence; struct id other_id; struct json *enrollments; struct household_choices *choices; const char *reason; };
static const struct field merge_fields[] = {
    {.name = "other_id", .offset = offsetof(struct merge, other_id), .kind = FIELD_ID, .flags = FIELD_REQUIRED},
    {.name = "enrollments", .offset = offsetof(struct merge, enrollments), .kind = FIELD_JSON, .about = "of the other household: {id: end or go}"},
    {.name = "choices", .offset = offsetof(struct merge, choices), .kind = FIELD_OBJECT, .table = &household_choices_table,
     .about = "when both are one family registered twice: whose values are kept"},
    {.name = "reason", .offset = offsetof(struct merge, reason), .kind = FIELD_TEXT, .minimum = 1, .maximum = LIMIT_TEXT},
};
FIELD_TABLE(household_merge_table, "HouseholdMerge", struct merge, merge_fields);

struct dissolve { struct presence presence; const char *reason; };
static const struct field dissolve_fields[] = {
    {.name = "reason", .offset = offsetof(struct dissolve, reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_TEXT},
};
FIELD_TABLE(household_dissolve_table, "HouseholdDissolve", struct dissolve, dissolve_fields);

struct error *
household_leave_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct leave *leave = call->in;
    struct household_act act;
    struct household_member *member = NULL;
    TRY(household_act_start_member(tx, call->actor, call->ids[0], call->if_match, &act, &member));
    TRY(household_end_member(&act, member, "left", leave->reason, leave->on));
    TRY(household_act_finish(&act, call->route->action, leave->reason));
    return household_answer(&act, call, reply, 200);
}

struct error *
household_death_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct death *death = call->in;
    struct household_act act;
    struct household_member *member = NULL;
    bool waits = false;
    TRY(household_act_start_member(tx, call->actor, call->ids[0], call->if_match, &act, &member));
    TRY(household_propose_death(&act, member, death->on, death->note, call, reply, &waits));
    if (waits)
        return NULL;
    TRY(household_end_member(&act, member, "died", NULL, death->on));
    TRY(household_act_finish(&act, call->route->action, death->note));
    return household_answer(&act, call, reply, 200);
}

struct error *
household_move_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct move *move = call->in;
    struct household_act act;
    struct household_member *member = NULL;
    TRY(household_act_start_member(tx, call->actor, call->ids[0], call->if_match, &act, &member));
    TRY(household_move_member(&act, member, move->to_household_id, move->relationship ? move->relationship : "other_family", move->on));
    TRY(household_act_finish(&act, call->route->action, NULL));
    return household_answer(&act, call, reply, 200);
}

/* Someone reads a card aloud; the answer is yes or no, the number is not shown. */
struct error *
household_confirm_nik_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct nik_body *body = call->in;
    struct household_file file;
    struct household_member *member = NULL;
    TRY(household_file_load_member(tx, call->actor, call->ids[0], &file, &member));
    uint8_t tag[CRYPTO_TAG_SIZE];
    keyring_tag(tx->keyring, "nik", body->nik, tag);
    bool match = member->row.nik_tag.length == CRYPTO_TAG_SIZE && crypto_equal(tag, member->row.nik_tag.data, CRYPTO_TAG_SIZE);
    json_open(&reply->body, NULL, '{');
    json_put_bool(&reply->body, "match", match);
    json_close(&reply->body, '}');
    reply_saw(reply, tx->arena, member->row.id);
    return NULL;
}

struct error *
household_split_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct split *split = call->in;
    struct household_act act;
    void *record = NULL;
    struct id new_id;
    if (!split->new_household || split->new_household->kind != JSON_OBJECT)
        return error_field("/new_household", FAULT_TYPE, "object", NULL);
    if (split->enrollments && split->enrollments->kind != JSON_OBJECT)
        return error_field("/enrollments", FAULT_TYPE, "object", NULL);
    static const char *const apart[] = {"id", "members", "consent"};
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
        if (json_get(split->new_household, apart[i]))
            return error_field(arena_format(tx->arena, "/new_household/%s", apart[i]), FAULT_READONLY, NULL, NULL);
    TRY(field_parse(tx->arena, &household_table, split->new_household, "/new_household", FIELD_PATCH, household_today(tx), &record));
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    TRY(household_split(&act, &split->member_ids, record, split->enrollments, split->on, &new_id));
    TRY(household_act_finish(&act, call->route->action, NULL));
    char text[ID_TEXT_SIZE];
    id_print(new_id, text);
    reply->location = arena_format(tx->arena, "/api/v1/households/%s", text);
    return household_answer(&act, call, reply, 201);
}

struct error *
household_merge_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct merge *merge = call->in;
    struct household_act act;
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    if (merge->enrollments && merge->enrollments->kind != JSON_OBJECT)
        return error_field("/enrollments", FAULT_TYPE, "object", NULL);
    TRY(household_join(&act, &(struct household_joining){merge->other_id, merge->enrollments, merge->reason, merge->choices}, household_today(tx)));
    TRY(household_act_finish(&act, call->route->action, merge->reason));
    return household_answer(&act, call, reply, 200);
}

struct error *
household_unmerge_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct dissolve *dissolve = call->in;
    struct household_act act;
    TRY(household_unmerge(tx, call->actor, call->ids[0], call->if_match, dissolve->reason, &act));
    return household_answer(&act, call, reply, 200);
}

struct error *
household_dissolve_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct dissolve *dissolve = call->in;
    struct household_act act;
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    TRY(household_end(&act, "dissolved", (struct id){{0}}));
    TRY(household_act_finish(&act, call->route->action, dissolve->reason));
    TRY(household_tell(tx, call->actor, "household.dissolved", call->ids[0], (struct id){{0}}, dissolve->reason));
    return household_answer(&act, call, reply, 200);
}
