/* enrollment.c: the life of an enrollment. The answer is kept for the included and the excluded; refused and exited are final. */
#include <string.h>

#include "enrollment/enrollment_fields.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

struct error *
enrollment_load_row(struct tx *tx, const struct actor *actor, struct id id, struct enrollment_row *ret_row)
{
    bool found = false;
    TRY(enrollment_store_load(tx, actor, id, ret_row, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

struct error *
enrollment_load(struct tx *tx, struct id enrollment_id, struct enrollment *ret_enrollment)
{
    struct enrollment_row row;
    TRY(enrollment_load_row(tx, NULL, enrollment_id, &row));
    *ret_enrollment = row.enrollment;
    return NULL;
}

static const char *
enrollment_state_json(struct tx *tx, const char *state, const char *reason)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    json_put_text(&json, "state", state);
    json_put_text(&json, "reason", reason);
    json_close(&json, '}');
    return buffer_text(&json);
}

static struct error *
enrollment_record(struct tx *tx, const struct actor *actor, const char *action, const struct enrollment_row *row, const char *before, const char *reason)
{
    struct audit_part part = {.kind = "enrollment", .id = row->enrollment.id, .subject = row->enrollment.household_id, .before = before,
                              .after = enrollment_state_json(tx, row->enrollment.state, row->reason)};
    struct audit_change change = {.action = action, .record_id = row->enrollment.id, .reason = reason, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

/* --- the answer ----------------------------------------------------------------------------------------------------------------------- */

static void
enrollment_keep_answer(struct tx *tx, const struct program *program, int32_t on, const struct program_answer *answer, struct enrollment_row *row)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    program_answer_print(&json, "id", answer, LANGUAGE_ID);
    program_answer_print(&json, "en", answer, LANGUAGE_EN);
    json_close(&json, '}');
    row->answer = buffer_text(&json);
    row->rule_version = program->rule_version;
    row->entitlement_minor = answer->entitlement_minor;
    row->evaluated_on = on;
}

static struct error *
enrollment_evaluate(struct tx *tx, const struct program *program, struct program_unit unit, bool with_blocks, struct enrollment_row *row,
                    struct program_answer *ret_answer)
{
    int32_t on = date_of_instant(tx->now_ms, program->utc_offset_min);
    struct json *facts = NULL;
    TRY(household_facts(tx, unit.household_id, on, &facts));
    TRY(program_evaluate(tx, program, facts, unit, on, with_blocks, ret_answer));
    enrollment_keep_answer(tx, program, on, ret_answer, row);
    return NULL;
}

static const char *
first_block(const struct program_answer *answer)
{
    return answer->blocks->count > 0 ? json_get_text(answer->blocks->items[0], "code") : NULL;
}

static bool
has_block(const struct program_answer *answer, const char *code)
{
    for (size_t i = 0; i < answer->blocks->count; i++)
        if (text_equal(json_get_text(answer->blocks->items[i], "code"), code))
            return true;
    return false;
}

/* Where a new enrollment starts: an officer proposes; otherwise the answer and the village meeting decide. */
static void
enrollment_first_state(const struct actor *actor, const struct program *program, const struct program_answer *answer, struct enrollment_row *row)
{
    const char *block = first_block(answer);
    bool decides = actor_may(actor, PERM_ENROLLMENT_DECIDE) || actor->kind != ACTOR_USER;
    if (!decides) {
        row->enrollment.state = "proposed";
    } else if (!text_equal(answer->outcome, "eligible") || block) {
        row->enrollment.state = "refused";
        row->reason = block ? block : answer->outcome;
    } else {
        row->enrollment.state = program->community_validation ? "eligible" : "enrolled";
    }
}

static struct error *
enrollment_check_family(struct tx *tx, const struct program *program, struct program_unit unit)
{
    struct json *facts = NULL;
    struct program_unit *units = NULL;
    size_t count = 0;
    TRY(household_facts(tx, unit.household_id, date_of_instant(tx->now_ms, program->utc_offset_min), &facts));
    TRY(program_units_of(tx, program, unit.household_id, facts, &units, &count));
    for (size_t i = 0; i < count; i++)
        if (units[i].family_no == unit.family_no)
            return NULL;
    return error_field("/family_no", FAULT_REFERENCE, "a family of this household", NULL);
}

/* The unit must be one of the program's kind, and of this household. */
static struct error *
enrollment_check_unit(struct tx *tx, const struct program *program, struct program_unit *unit)
{
    bool by_member = text_equal(program->unit, "member"), by_family = text_equal(program->unit, "family");
    if (by_member && id_is_zero(unit->member_id))
        return error_field("/member_id", FAULT_REQUIRED, NULL, NULL);
    if (!by_member && !id_is_zero(unit->member_id))
        return error_field("/member_id", FAULT_CONFLICT, "the program's unit", NULL);
    if (by_family && unit->family_no == 0)
        unit->family_no = 1;
    if (!by_family)
        unit->family_no = 0;
    if (by_family)
        return enrollment_check_family(tx, program, *unit);
    if (!by_member)
        return NULL;
    const char *state = NULL, *name = NULL;
    struct id household_id;
    struct error *error = household_member_state(tx, unit->member_id, &state, &household_id, &name);
    if (error && error->code != ERROR_NOT_FOUND)
        return error;
    bool here = error == NULL && id_equal(household_id, unit->household_id) && text_equal(state, "live");
    error_free(error);
    return here ? NULL : error_field("/member_id", FAULT_REFERENCE, "a member who lives in this household", NULL);
}

struct error *
enrollment_make_answered(struct tx *tx, const struct actor *actor, const struct program *program, struct program_unit unit, int32_t on,
                         const struct program_answer *answer, struct enrollment *ret_enrollment)
{
    struct enrollment_row row = {.made_by = actor->user_id, .created_at_ms = tx->now_ms, .changed_at_ms = tx->now_ms};
    if (has_block(answer, "already_enrolled"))
        return error_with(ERROR_EXISTS, "an open enrollment of this unit in this program", NULL, NULL);
    row.enrollment = (struct enrollment){.id = tx_new_id(tx), .program_id = program->id, .household_id = unit.household_id, .member_id = unit.member_id,
                                         .family_no = unit.family_no};
    enrollment_keep_answer(tx, program, on, answer, &row);
    enrollment_first_state(actor, program, answer, &row);
    row.decided_by = text_equal(row.enrollment.state, "proposed") ? (struct id){{0}} : actor->user_id;
    TRY(enrollment_store_insert(tx, &row));
    *ret_enrollment = row.enrollment;
    return enrollment_record(tx, actor, "enrollment.make", &row, NULL, NULL);
}

struct error *
enrollment_make(struct tx *tx, const struct actor *actor, struct id program_id, struct program_unit unit, struct enrollment *ret_enrollment)
{
    struct program *program = NULL;
    const char *state = NULL;
    struct json *facts = NULL;
    struct program_answer answer;
    TRY(program_load(tx, actor, program_id, &program));
    if (!text_equal(program->state, "active"))
        return error_state(&program_state_codes, program->state, BARRED_TAKE_ENROLLMENTS);
    TRY(household_state(tx, actor, unit.household_id, &state));
    if (!text_equal(state, "active"))
        return error_state(&household_states, state, BARRED_ENROLL);
    TRY(enrollment_check_unit(tx, program, &unit));
    int32_t on = date_of_instant(tx->now_ms, program->utc_offset_min);
    TRY(household_facts(tx, unit.household_id, on, &facts));
    TRY(program_evaluate(tx, program, facts, unit, on, true, &answer));
    if (has_block(&answer, "consent")) /* not even the answer is kept of who withdrew */
        return error_state(&situation_codes, "consent", BARRED_ENROLL);
    return enrollment_make_answered(tx, actor, program, unit, on, &answer, ret_enrollment);
}

/* --- acts ----------------------------------------------------------------------------------------------------------------------------- */

static struct error *
enrollment_move(struct tx *tx, const struct actor *actor, struct enrollment_row *row, const char *to, const char *action, const char *reason)
{
    const char *from = row->enrollment.state, *before = enrollment_state_json(tx, from, row->reason);
    row->enrollment.state = to;
    row->reason = reason;
    row->decided_by = actor->user_id;
    bool moved = false;
    TRY(enrollment_store_move(tx, row, from, &moved));
    if (!moved)
        return error_state(&situation_codes, "changed", BARRED_STORE);
    return enrollment_record(tx, actor, action, row, before, reason);
}

static bool
state_in(const char *state, const char *const *states)
{
    for (; *states; states++)
        if (text_equal(state, *states))
            return true;
    return false;
}

/* Accept: the answer is taken anew, since the proposal may be old; who is not eligible now cannot be accepted. */
static struct error *
enrollment_accept(struct tx *tx, const struct actor *actor, struct enrollment_row *row, const char *reason)
{
    struct program *program = NULL;
    TRY(program_load(tx, actor, row->enrollment.program_id, &program));
    struct program_unit unit = {row->enrollment.household_id, row->enrollment.family_no, row->enrollment.member_id};
    struct program_answer answer;
    TRY(enrollment_evaluate(tx, program, unit, true, row, &answer)); /* its own open enrollment is no block */
    if (has_block(&answer, "consent") || has_block(&answer, "duplicate"))
        return error_state(&situation_codes, has_block(&answer, "consent") ? "consent" : "duplicate", BARRED_ACCEPT);
    if (!text_equal(answer.outcome, "eligible"))
        return error_state(&situation_codes, answer.outcome, BARRED_ACCEPT);
    bool waits = program->community_validation && !text_equal(row->enrollment.state, "validated");
    if (waits && text_equal(row->enrollment.state, "eligible"))
        return error_state(&situation_codes, "awaiting_meeting", BARRED_ACCEPT);
    return enrollment_move(tx, actor, row, waits ? "eligible" : "enrolled", "enrollment.accept", reason);
}

/* A recheck keeps the state: a deliberate suspension survives it; what it found is stored and shown. */
static struct error *
enrollment_recheck(struct tx *tx, const struct actor *actor, struct enrollment_row *row, const char *reason)
{
    struct program *program = NULL;
    TRY(program_load(tx, actor, row->enrollment.program_id, &program));
    struct program_unit unit = {row->enrollment.household_id, row->enrollment.family_no, row->enrollment.member_id};
    struct program_answer answer;
    TRY(enrollment_evaluate(tx, program, unit, false, row, &answer));
    const char *state = enrollment_state_json(tx, row->enrollment.state, row->reason);
    bool moved = false;
    TRY(enrollment_store_move(tx, row, row->enrollment.state, &moved)); /* the reason of a suspension and who decided it stand */
    if (!moved)
        return error_state(&situation_codes, "changed", BARRED_RECHECK);
    return enrollment_record(tx, actor, "enrollment.recheck", row, state, reason);
}

struct error *
enrollment_act(struct tx *tx, const struct actor *actor, struct id id, enum enrollment_act act, const char *reason)
{
    static const struct { enum barred barred; const char *name, *to; const char *const from[7]; } acts[] = {
        [ENROLLMENT_ACCEPT] = {BARRED_ACCEPT, "accept", NULL, {"proposed", "waitlisted", "eligible", "validated"}},
        [ENROLLMENT_REFUSE] = {BARRED_REFUSE, "refuse", "refused", {"proposed", "waitlisted", "eligible", "validated"}},
        [ENROLLMENT_SUSPEND] = {BARRED_SUSPEND, "suspend", "suspended", {"enrolled"}},
        [ENROLLMENT_RESUME] = {BARRED_RESUME, "resume", "enrolled", {"suspended"}},
        [ENROLLMENT_RECHECK] = {BARRED_RECHECK, "recheck", NULL, {"proposed", "waitlisted", "eligible", "validated", "enrolled", "suspended"}},
    };
    struct enrollment_row row;
    TRY(enrollment_load_row(tx, actor, id, &row));
    if (!state_in(row.enrollment.state, acts[act].from))
        return error_state(&enrollment_state_codes, row.enrollment.state, acts[act].barred);
    if (act == ENROLLMENT_ACCEPT)
        return enrollment_accept(tx, actor, &row, reason);
    if (act == ENROLLMENT_RECHECK)
        return enrollment_recheck(tx, actor, &row, reason);
    return enrollment_move(tx, actor, &row, acts[act].to, arena_format(tx->arena, "enrollment.%s", acts[act].name), reason);
}

struct error *
enrollment_exit(struct tx *tx, const struct actor *actor, struct id id, const char *code, const char *reason)
{
    static const char *const from[] = {"enrolled", "suspended", NULL};
    struct enrollment_row row;
    TRY(enrollment_load_row(tx, actor, id, &row));
    if (!state_in(row.enrollment.state, from))
        return error_state(&enrollment_state_codes, row.enrollment.state, BARRED_EXIT);
    return enrollment_move(tx, actor, &row, "exited", "enrollment.exit", reason ? arena_format(tx->arena, "%s: %s", code, reason) : code);
}

struct error *
enrollment_validate(struct tx *tx, const struct actor *actor, struct id id, bool keep, const char *reason)
{
    struct enrollment_row row;
    TRY(enrollment_load_row(tx, actor, id, &row));
    if (!text_equal(row.enrollment.state, "eligible"))
        return error_state(&enrollment_state_codes, row.enrollment.state, BARRED_VALIDATE);
    return enrollment_move(tx, actor, &row, keep ? "validated" : "refused", "enrollment.validate", reason);
}

/* --- events --------------------------------------------------------------------------------------------------------------------------- */

/* An enrollment goes where its people went, as it stands; the next evaluation judges it there. */
static struct error *
enrollment_follow(struct tx *tx, const struct actor *actor, struct id id, struct id household_id)
{
    struct enrollment_row row;
    TRY(enrollment_load_row(tx, NULL, id, &row));
    row.enrollment.household_id = household_id;
    row.enrollment.family_no = row.enrollment.family_no ? 1 : 0; /* who arrives is of the first family there */
    TRY(enrollment_store_follow(tx, &row));
    const char *state = enrollment_state_json(tx, row.enrollment.state, row.reason);
    return enrollment_record(tx, actor, "enrollment.follow", &row, state, NULL);
}

static struct error *
enrollment_follow_member(struct tx *tx, const struct actor *actor, const struct household_event *event)
{
    struct enrollment rows[64];
    size_t count = 0;
    TRY(enrollment_store_open_of(tx, event->household_id, event->member_id, rows, 64, &count));
    for (size_t i = 0; i < count; i++)
        TRY(enrollment_follow(tx, actor, rows[i].id, event->other_id));
    return NULL;
}

/* Who arrives is of the first family there: two families' enrollments of one program cannot both go. */
static struct error *
enrollment_refuse_double(struct tx *tx, const struct enrollment *going, struct id household_id, const char *pointer)
{
    struct enrollment there[64];
    size_t count = 0;
    TRY(enrollment_store_open_of(tx, household_id, (struct id){{0}}, there, 64, &count));
    for (size_t i = 0; i < count; i++)
        if (id_is_zero(there[i].member_id) && id_equal(there[i].program_id, going->program_id) && (there[i].family_no > 0) == (going->family_no > 0))
            return error_field(pointer, FAULT_CONFLICT, "program_id", NULL);
    return NULL;
}

/* What the person chose for each of the household's own enrollments; one that is not named stays, or ends with a merge. */
static struct error *
enrollment_follow_chosen(struct tx *tx, const struct actor *actor, const struct household_event *event, const char *other_word)
{
    struct enrollment rows[64];
    size_t count = 0;
    TRY(enrollment_store_open_of(tx, event->household_id, (struct id){{0}}, rows, 64, &count));
    for (size_t i = 0; event->enrollments && i < event->enrollments->count; i++) {
        const struct json_member *choice = &event->enrollments->members[i];
        const char *pointer = arena_format(tx->arena, "/enrollments/%s", choice->name), *word = choice->value->kind == JSON_TEXT ? choice->value->text : "";
        struct id id;
        size_t at = 0;
        while (at < count && !(id_parse(choice->name, &id) && id_equal(rows[at].id, id) && id_is_zero(rows[at].member_id)))
            at++;
        if (at == count)
            return error_field(pointer, FAULT_REFERENCE, "enrollment", NULL);
        if (!text_equal(word, other_word) && !text_equal(word, "go"))
            return error_field(pointer, FAULT_CODE, arena_format(tx->arena, "%s, go", other_word), NULL);
        if (text_equal(word, other_word))
            continue;
        TRY(enrollment_refuse_double(tx, &rows[at], event->other_id, pointer));
        TRY(enrollment_follow(tx, actor, id, event->other_id));
    }
    return NULL;
}

/* What a merge took along comes back, if it is still there. */
static struct error *
enrollment_follow_back(struct tx *tx, const struct actor *actor, const struct household_event *event)
{
    for (size_t i = 0; event->enrollments && i < event->enrollments->count; i++) {
        const struct json_member *choice = &event->enrollments->members[i];
        struct enrollment_row row;
        struct id id;
        if (!text_equal(choice->value->text, "go") || !id_parse(choice->name, &id))
            continue;
        TRY(enrollment_load_row(tx, NULL, id, &row));
        bool ended = text_equal(row.enrollment.state, "exited") || text_equal(row.enrollment.state, "refused");
        if (!ended && id_equal(row.enrollment.household_id, event->other_id))
            TRY(enrollment_follow(tx, actor, id, event->household_id));
    }
    return NULL;
}

/* A member's own enrollments follow him and end with his death; those of a household end when it merges into another or is dissolved. */
struct error *
enrollment_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event)
{
    static const struct { const char *event, *code; bool of_member; } ends[] = {
        {"member.died", "died", true}, {"household.merged", "duplicate", false}, {"household.dissolved", "entered_in_error", false}};
    if (text_equal(event->kind, "member.moved"))
        return enrollment_follow_member(tx, actor, event);
    if (text_equal(event->kind, "household.split"))
        return enrollment_follow_chosen(tx, actor, event, "stay");
    if (text_equal(event->kind, "household.unmerged"))
        return enrollment_follow_back(tx, actor, event);
    if (text_equal(event->kind, "household.merged"))
        TRY(enrollment_follow_chosen(tx, actor, event, "end"));
    if (text_equal(event->kind, "household.relocated"))
        return enrollment_store_relocate(tx, event->household_id, event->from_region_id, event->to_region_id);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (!text_equal(event->kind, ends[i].event))
            continue;
        struct enrollment rows[64];
        size_t count = 0;
        TRY(enrollment_store_open_of(tx, event->household_id, ends[i].of_member ? event->member_id : (struct id){{0}}, rows, 64, &count));
        for (size_t j = 0; j < count; j++) {
            struct enrollment_row row;
            TRY(enrollment_load_row(tx, NULL, rows[j].id, &row));
            bool took_part = text_equal(row.enrollment.state, "enrolled") || text_equal(row.enrollment.state, "suspended");
            TRY(enrollment_move(tx, actor, &row, took_part ? "exited" : "refused", took_part ? "enrollment.exit" : "enrollment.refuse", ends[i].code));
        }
    }
    return NULL;
}
