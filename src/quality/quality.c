/* quality.c: a correction is handed to somebody who may make it, and closed by him or by who handed it out. */
#include "quality/quality.h"

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/user.h"
#include "quality/quality_count.h"

static struct error *
record(struct tx *tx, const struct actor *actor, const char *action, const struct quality_task *task, const char *state)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "check", task->check);
    json_put_id(&text, "assigned_to", task->assigned_to);
    json_put_text(&text, "state", state);
    if (task->has_due_on)
        json_put_date(&text, "due_on", task->due_on);
    json_close(&text, '}');
    struct audit_part part = {.kind = "quality_task", .id = task->id, .subject = task->household_id, .after = buffer_text(&text)};
    struct audit_change change = {.action = action, .record_id = task->id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

/* Somebody who signs in, may change households, and works where they live. */
static struct error *
find_person(struct tx *tx, const char *username, struct actor *ret_person)
{
    struct id id;
    struct error *error = user_by_name(tx, username, &id);
    if (error == NULL)
        error = user_actor(tx, id, ret_person);
    if (error == NULL && actor_may(ret_person, PERM_HOUSEHOLD_WRITE))
        return NULL;
    if (error && error->code != ERROR_NOT_FOUND)
        return error;
    error_free(error);
    return error_field("/user", FAULT_REFERENCE, username, NULL);
}

static struct error *
hand_one(struct tx *tx, const struct actor *actor, const struct quality_order *order, const struct actor *person, size_t number, int64_t *made)
{
    const char *state = NULL, *pointer = arena_format(tx->arena, "/household_ids/%zu", number);
    bool is_new = false;
    struct quality_task task = {.id = tx_new_id(tx), .household_id = order->household_ids[number], .assigned_to = person->user_id, .check = order->check,
                                .has_due_on = order->has_due_on, .due_on = order->due_on, .made_by = actor->user_id};
    TRY(household_state(tx, actor, task.household_id, &state)); /* 404 as for any household that the caller may not see */
    struct error *error = household_state(tx, person, task.household_id, &state);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        return error_field(pointer, FAULT_CONFLICT, person->name, NULL);
    }
    TRY(error);
    TRY(quality_store_insert(tx, &task, &is_new));
    *made += is_new;
    return is_new ? record(tx, actor, "quality.assign", &task, "open") : NULL;
}

struct error *
quality_hand_out(struct tx *tx, const struct actor *actor, const struct quality_order *order, int64_t *ret_made)
{
    struct actor person;
    uint16_t bits = quality_bits_of(order->check);
    *ret_made = 0;
    if (bits == 0 || (bits & (bits - 1)) != 0)
        return error_field("/check", FAULT_CODE, "quality_check", NULL);
    TRY(find_person(tx, order->user, &person));
    for (size_t i = 0; i < order->household_count; i++)
        TRY(hand_one(tx, actor, order, &person, i, ret_made));
    return *ret_made > 0 ? NULL : error_with(ERROR_EXISTS, order->user, NULL, NULL);
}

struct error *
quality_close(struct tx *tx, const struct actor *actor, struct id id, const char *state)
{
    struct quality_task task;
    bool found = false, closed = false;
    TRY(quality_store_load(tx, actor, id, &task, &found));
    if (!found || (!id_equal(task.assigned_to, actor->user_id) && !actor_may(actor, PERM_CHANGE_APPROVE)))
        return error_new(ERROR_NOT_FOUND);
    TRY(quality_store_close(tx, actor, id, state, &closed));
    if (!closed)
        return error_state(&quality_task_state_codes, task.state, BARRED_CLOSE);
    return record(tx, actor, "quality.close", &task, state);
}

struct error *
quality_count_tasks(struct tx *tx, struct id user_id, int64_t *ret_count)
{
    return quality_store_count(tx, user_id, ret_count);
}
