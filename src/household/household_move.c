/* household_move.c: a household on its way to another region. Until the receiving side accepts nothing of it changes; then it lives there, its old address
 * goes, and whoever may see the new region sees it. Payments keep the region of their list. */
#include "household/household_move.h"

#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

struct error *
household_count_arriving(struct tx *tx, const struct actor *actor, int64_t *ret_count)
{
    *ret_count = 0;
    return actor_may(actor, PERM_HOUSEHOLD_WRITE) ? move_store_waiting(tx, actor, ret_count) : NULL;
}

static struct error *
seal(struct tx *tx, const struct move_row *row, const char *place, const char *text, struct bytes *ret_sealed)
{
    *ret_sealed = (struct bytes){NULL, 0};
    return text ? keyring_seal(tx, row->household_id, place, row->id, text, strlen(text), ret_sealed) : NULL;
}

static struct error *
append_leaf(struct tx *tx, const struct actor *actor, const char *action, const struct move_row *row, const char *from_state, const char *to_state,
            const char *reason)
{
    struct buffer after;
    buffer_init(&after, tx->arena);
    json_open(&after, NULL, '{');
    json_put_text(&after, "state", to_state);
    json_put_id(&after, "to_region_id", row->to_region_id);
    json_close(&after, '}');
    struct audit_part part = {.kind = "household_move", .id = row->id, .subject = row->household_id,
                              .before = from_state ? arena_format(tx->arena, "{\"state\":\"%s\"}", from_state) : NULL, .after = buffer_text(&after)};
    struct audit_change change = {.action = action, .record_id = row->household_id, .reason = reason, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

static struct error *
check_region(struct tx *tx, struct id region_id, const char *code)
{
    bool abolished = false;
    TRY(move_store_abolished(tx, region_id, &abolished));
    return abolished ? error_field("/to_region", FAULT_CONSTRAINT, arena_format(tx->arena, "Wilayah %s sudah dihapus; pilih wilayah yang menggantikannya.", code),
                                   arena_format(tx->arena, "The region %s was abolished; choose the one that took its place.", code)) : NULL;
}

/* The receiving region lies elsewhere: it needs no scope. */
struct error *
household_move_send(struct household_act *act, const char *to_region, const char *note, struct move_row *row)
{
    struct tx *tx = act->tx;
    struct region region;
    bool found = false;
    TRY(region_find_code(tx, to_region, &region, &found));
    if (!found)
        return error_field("/to_region", FAULT_REFERENCE, to_region, NULL);
    if (id_equal(region.id, act->answer.file.row.region_id))
        return error_field("/to_region", FAULT_CONFLICT, "region", NULL);
    TRY(check_region(tx, region.id, to_region));
    *row = (struct move_row){.id = tx_new_id(tx), .household_id = act->answer.file.row.id, .from_region_id = act->answer.file.row.region_id, .to_region_id = region.id,
                             .state = "sent", .version = 1, .sent_by = act->actor->user_id, .sent_at_ms = tx->now_ms};
    TRY(seal(tx, row, "household_move.note", note, &row->note));
    struct error *error = move_store_insert(tx, row);
    if (error && error->code == ERROR_EXISTS) {
        error_free(error);
        return error_with(ERROR_EXISTS, "household_move", NULL, NULL);
    }
    TRY(error);
    return append_leaf(tx, act->actor, "household.move_send", row, NULL, "sent", note);
}

static enum barred
barred_act(const char *act)
{
    return text_equal(act, "withdraw") ? BARRED_WITHDRAW : text_equal(act, "refuse") ? BARRED_REFUSE : BARRED_ACCEPT;
}

struct error *
household_move_check(struct tx *tx, const struct actor *actor, const struct move_row *row, const char *act)
{
    bool own = id_equal(row->sent_by, actor->user_id), receives = false;
    if (!text_equal(row->state, "sent"))
        return error_state(&household_move_states, row->state, barred_act(act));
    if (text_equal(act, "withdraw"))
        return own ? NULL : error_new(ERROR_FORBIDDEN);
    if (own)
        return error_new(ERROR_OWN_REQUEST);
    TRY(region_in_scope(tx, actor, row->to_region_id, &receives));
    return receives ? NULL : error_new(ERROR_FORBIDDEN);
}

/* What was true of the old place is not of the new one. */
static struct json *
patch_of(struct arena *arena, const char *region_code, const struct json *place)
{
    static const char *const names[] = {"hamlet", "rw", "rt", "address", "address_note", "location"};
    struct json *patch = json_make(arena, JSON_OBJECT);
    json_set(arena, patch, "region", json_make_text(arena, region_code));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct json *value = json_get(place, names[i]);
        json_set(arena, patch, names[i], value ? value : json_make(arena, JSON_NULL));
    }
    return patch;
}

static struct error *
record_end(struct tx *tx, const struct actor *actor, struct move_row *row, const char *action, const char *state, const char *reason)
{
    struct bytes sealed;
    bool done = false;
    TRY(seal(tx, row, "household_move.reason", reason, &sealed));
    TRY(move_store_decide(tx, row, state, actor->user_id, sealed, &done));
    if (!done)
        return error_state(&household_move_states, row->state, BARRED_DECIDE);
    TRY(append_leaf(tx, actor, action, row, "sent", state, reason));
    return move_store_load(tx, actor, row->id, row, &done);
}

struct error *
household_move_accept(struct tx *tx, const struct actor *actor, struct move_row *row, const struct json *place)
{
    struct actor system = user_system_actor(); /* the receiver sees the household only once it is his */
    struct household_act act;
    struct region region;
    TRY(household_move_check(tx, actor, row, "accept"));
    TRY(region_by_id(tx, row->to_region_id, &region));
    TRY(check_region(tx, row->to_region_id, region.code));
    TRY(household_act_start(tx, &system, row->household_id, -1, &act));
    if (!id_equal(act.answer.file.row.region_id, row->from_region_id))
        return error_state(&situation_codes, "moved", BARRED_ACCEPT);
    act.actor = actor;
    TRY(record_end(tx, actor, row, "household.move_accept", "accepted", NULL));
    TRY(household_change_own(&act, patch_of(tx->arena, region.code, place)));
    return household_act_finish(&act, "household.move", NULL);
}

struct error *
household_move_end(struct tx *tx, const struct actor *actor, struct move_row *row, const char *state, const char *reason)
{
    bool refuses = text_equal(state, "refused");
    TRY(household_move_check(tx, actor, row, refuses ? "refuse" : "withdraw"));
    return record_end(tx, actor, row, refuses ? "household.move_refuse" : "household.move_withdraw", state, reason);
}
