/* household_change.c: the frame of every act on a registered household, and corrections by merge patch (RFC 7396). */
#include "household/household_change.h"
#include "household/household_codes.h"

#include <string.h>

#include "household/household_index.h"
#include "household/household_move.h"
#include "household/household_payee.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"

struct error *
household_refuse_stale(struct household_act *act)
{
    struct buffer current;
    buffer_init(&current, act->tx->arena);
    TRY(household_print(act->tx, act->actor, &current, &act->answer.file, household_part(act->actor)));
    struct error *error = error_new(ERROR_STALE);
    error_add_member(error, "current", buffer_text(&current), true);
    return error;
}

struct error *
household_act_start(struct tx *tx, const struct actor *actor, struct id household_id, int64_t if_match, struct household_act *ret_act)
{
    *ret_act = (struct household_act){.tx = tx, .actor = actor};
    ret_act->answer.warnings.arena = tx->arena;
    TRY(household_index_of(tx, &ret_act->index));
    TRY(household_file_load(tx, actor, household_id, &ret_act->answer.file));
    const struct household_row *row = &ret_act->answer.file.row;
    if (if_match >= 0 && if_match != row->version)
        return household_refuse_stale(ret_act);
    if (!text_equal(row->state, "active"))
        return error_state(&household_states, row->state, BARRED_CHANGE);
    if (ret_act->answer.file.erased)
        return error_state(&situation_codes, "erased", BARRED_CHANGE);
    ret_act->before = household_document(tx->arena, &household_table, ret_act->answer.file.record);
    ret_act->changes = household_changes_start(tx);
    return NULL;
}

struct error *
household_act_start_member(struct tx *tx, const struct actor *actor, struct id member_id, int64_t if_match, struct household_act *ret_act,
                           struct household_member **ret_member)
{
    struct member_row row;
    bool found = false;
    TRY(member_store_load(tx, member_id, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_act_start(tx, actor, row.household_id, if_match, ret_act));
    *ret_member = household_file_find(&ret_act->answer.file, member_id);
    if (!*ret_member)
        return error_internal("member outside his household");
    if ((*ret_member)->erased || !text_equal((*ret_member)->row.state, "live"))
        return (*ret_member)->erased ? error_state(&situation_codes, "erased", BARRED_CHANGE)
                                     : error_state(&household_member_states, (*ret_member)->row.state, BARRED_CHANGE);
    return NULL;
}

struct error *
household_act_finish(struct household_act *act, const char *action, const char *reason)
{
    struct household_file *file = &act->answer.file;
    TRY(household_file_save(act->tx, file, act->before, &act->changes));
    TRY(household_warn_standing(act->tx, file, &act->answer.warnings));
    TRY(household_changes_append(&act->changes, act->actor, action, file->row.id, reason));
    household_index_feed(act->tx, act->index, file, false);
    return NULL;
}

/* RFC 7396, section 2. */
static struct json *
merge_patch(struct arena *arena, struct json *target, const struct json *patch)
{
    if (!target || target->kind != JSON_OBJECT)
        target = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < patch->count; i++) {
        const char *name = patch->members[i].name;
        struct json *value = patch->members[i].value;
        if (value->kind == JSON_NULL)
            json_remove(target, name);
        else if (value->kind == JSON_OBJECT)
            json_set(arena, target, name, merge_patch(arena, json_get(target, name), value));
        else
            json_set(arena, target, name, value);
    }
    return target;
}

static struct error *
apply_patch(struct arena *arena, const struct field_table *table, const char *before, const struct json *patch, void **ret_record)
{
    struct json *document = NULL;
    TRY(json_parse(arena, before, strlen(before), &document));
    return field_parse(arena, table, merge_patch(arena, document, patch), "", FIELD_STORED, 0, ret_record);
}

/* What has endpoints of its own is not patched. */
static void
refuse_names(const struct json *patch, const char *const *names, struct arena *arena, struct error **error)
{
    for (; *names; names++)
        if (json_get(patch, *names))
            error_add_fault(error, arena_format(arena, "/%s", *names), FAULT_READONLY, NULL, NULL);
}

bool
household_account_differs(const struct payee_record *old, const struct payee_record *new)
{
    const struct account_record none = {0};
    const struct account_record *left = old && old->account ? old->account : &none;
    const struct account_record *right = new && new->account ? new->account : &none;
    return !text_equal(left->provider, right->provider) || !text_equal(left->number, right->number) || !text_equal(left->holder, right->holder);
}

bool
household_guardian_differs(const struct payee_record *old, const struct payee_record *new)
{
    const struct guardian_record *left = old ? old->guardian : NULL, *right = new ? new->guardian : NULL;
    if (!right)
        return false;
    return !left || !text_equal(left->name, right->name) || !text_equal(left->nik, right->nik) || !text_equal(left->relationship, right->relationship);
}

/* A part that the patch touches must be whole afterwards. */
static void
check_parts(struct arena *arena, const struct household_record *record, const struct json *patch, struct error **error)
{
    static const char *const parts[] = {"payee", "location", "housing", "declared"}, *const apart[] = {"consent", "members"};
    struct household_record touched = *record;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!json_get(patch, parts[i]))
            field_unset(&household_table, &touched, parts[i]);
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
        field_set_present(&household_table, &touched, apart[i]);
    field_check_required(&household_table, &touched, arena, "", error);
}

/* What the history calls it: the first of what matters most for payments. */
static const char *
event_of(const struct payee_record *old, const struct payee_record *new)
{
    const struct payee_record none = {0};
    const struct payee_record *left = old ? old : &none, *right = new ? new : &none;
    if (household_account_differs(old, new))
        return "household.account_change";
    if (household_guardian_differs(old, new))
        return "household.guardian_change";
    bool was_outside = left->guardian != NULL, is_outside = right->guardian != NULL;
    return was_outside != is_outside || !id_equal(left->member_id, right->member_id) ? "household.payee_change" : NULL;
}

static struct error *
check_own(struct household_act *act, const struct household_record *record, const struct json *patch, struct household_row *row)
{
    static const char *const apart[] = {"id", "members", "consent", NULL};
    struct arena *arena = act->tx->arena;
    struct error *error = NULL;
    struct member_record **members = NULL;
    size_t count = household_file_live(arena, &act->answer.file, &members);
    refuse_names(patch, apart, arena, &error);
    check_parts(arena, record, patch, &error);
    household_check_record(arena, record, household_today(act->tx), &error);
    struct household_record named = *record; /* what the patch leaves alone may name one who is gone by now: that only warns */
    if (!json_get(patch, "payee"))
        named.payee = NULL;
    if (!json_get(patch, "families"))
        named.families.count = 0;
    household_check_references(arena, &named, members, count, &error);
    struct error *failed = household_find_regions(act->tx, act->actor, record, row, &error);
    if (!failed)
        return error;
    error_free(error);
    return failed;
}

static struct error *
relocate(struct household_act *act, struct id from_region_id)
{
    const struct household_row *row = &act->answer.file.row;
    TRY(duplicate_store_move(act->tx, row->id, row->region_id));
    TRY(stay_store_put(act->tx, row->id, household_today(act->tx), from_region_id));
    return household_tell_event(act->tx, act->actor, &(struct household_event){.kind = "household.relocated", .household_id = row->id,
                                                                              .from_region_id = from_region_id, .to_region_id = row->region_id});
}

struct error *
household_patched_own(struct household_act *act, const struct json *patch, struct household_row *row, struct household_record **ret_record)
{
    void *record = NULL;
    TRY(apply_patch(act->tx->arena, &household_table, act->before, patch, &record));
    TRY(check_own(act, record, patch, row));
    *ret_record = record;
    return NULL;
}

struct error *
household_change_own(struct household_act *act, const struct json *patch)
{
    struct household_file *file = &act->answer.file;
    struct household_record *record = NULL;
    struct id old_region = file->row.region_id;
    TRY(household_patched_own(act, patch, &file->row, &record));
    bool account_changed = household_account_differs(file->record->payee, record->payee);
    act->event = event_of(file->record->payee, record->payee);
    file->record = record;
    TRY(household_store_cards_clear(act->tx, file->row.id));
    TRY(household_put_cards(act->tx, file));
    if (!id_equal(old_region, file->row.region_id))
        TRY(relocate(act, old_region));
    household_file_count(file);
    TRY(household_pack(act->tx, file->record, &file->row)); /* the tags are compared */
    TRY(household_duplicate_search(act->tx, act->actor, file, 0, 0, json_get(patch, "kk_number") || json_get(patch, "families") || json_get(patch, "phone"),
                                   &act->answer.possibles));
    if (account_changed)
        TRY(household_tell(act->tx, act->actor, "account.changed", file->row.id, (struct id){{0}}, NULL));
    return NULL;
}

static struct error *
check_members(struct household_act *act, const struct member_record *changed)
{
    struct error *error = NULL;
    struct arena *arena = act->tx->arena;
    struct member_record **members = NULL;
    size_t count = household_file_live(arena, &act->answer.file, &members);
    field_check_required(&member_table, changed, arena, "", &error);
    household_check_member(arena, changed, "", household_today(act->tx), &error);
    household_check_roster(arena, members, count, false, &error);
    return error;
}

struct error *
household_patched_member(struct household_act *act, struct household_member *member, const struct json *patch, struct member_record **ret_record)
{
    static const char *const apart[] = {"id", NULL};
    struct arena *arena = act->tx->arena;
    struct member_record *old = member->record;
    struct error *error = NULL;
    void *record = NULL;
    refuse_names(patch, apart, arena, &error);
    TRY(error);
    TRY(apply_patch(arena, &member_table, household_document(arena, &member_table, old), patch, &record));
    member->record = record;
    error = check_members(act, member->record);
    member->record = old;
    if (!error)
        *ret_record = record;
    return error;
}

struct error *
household_change_member(struct household_act *act, struct household_member *member, const struct json *patch)
{
    struct tx *tx = act->tx;
    struct household_file *file = &act->answer.file;
    const char *before = household_document(tx->arena, &member_table, member->record);
    const char *old_nik = member->record->nik;
    bool was_head = text_equal(member->record->relationship, "head");
    TRY(household_patched_member(act, member, patch, &member->record));
    if (was_head != text_equal(member->record->relationship, "head"))
        act->event = "household.head_change";
    size_t position = (size_t)(member - file->members);
    TRY(household_member_save(tx, member, before, &act->changes));
    TRY(household_collect_warnings(tx, member->record, "", &act->answer.warnings));
    if (!text_equal(old_nik, member->record->nik))
        TRY(duplicate_store_clear(tx, file->row.id, member->row.id, "nik"));
    return household_duplicate_search(tx, act->actor, file, position, position + 1, false, &act->answer.possibles);
}

/* A child born since the registration joined on his birthday, anyone else on the day of the act. */
static int32_t
joined_on(const struct household_act *act, const struct member_record *record)
{
    int32_t today = household_today(act->tx), birth = household_record_birth(record).date;
    return birth > date_of_instant(act->answer.file.row.created_at_ms, 0) && birth < today ? birth : today;
}

struct error *
household_add_member(struct household_act *act, const struct member_record *given)
{
    struct tx *tx = act->tx;
    struct household_file *file = &act->answer.file;
    if (file->row.member_count >= LIMIT_MEMBERS)
        return error_field("/members", FAULT_LENGTH, "1", "40");
    struct member_record *record = ARENA_NEW(tx->arena, struct member_record);
    *record = *given;
    struct member_row taken;
    bool found = false;
    if (id_is_zero(record->id))
        record->id = tx_new_id(tx);
    else
        TRY(member_store_load(tx, record->id, &taken, &found));
    if (found)
        return error_field("/id", FAULT_CONFLICT, "anggota rumah tangga lain / a member of another household", NULL);
    field_set_present(&member_table, record, "id");
    int64_t position = file->member_count ? file->members[file->member_count - 1].row.position + 1 : 0;
    struct household_member *member = &file->members[file->member_count++];
    *member = (struct household_member){.record = record};
    member->row = (struct member_row){.id = record->id, .household_id = file->row.id, .position = position, .state = "live",
                                      .has_joined_on = true, .created_at_ms = tx->now_ms};
    TRY(check_members(act, record));
    member->row.joined_on = joined_on(act, record);
    TRY(household_member_save(tx, member, NULL, &act->changes));
    TRY(household_collect_warnings(tx, record, "", &act->answer.warnings));
    household_index_feed_member(tx, act->index, &file->row, member, true);
    return household_duplicate_search(tx, act->actor, file, file->member_count - 1, file->member_count, false, &act->answer.possibles);
}

struct error *
household_relocate(struct tx *tx, const struct actor *actor, struct id household_id, struct id region_id, const char *reason)
{
    struct household_act act;
    struct region region;
    TRY(region_by_id(tx, region_id, &region));
    TRY(household_act_start(tx, actor, household_id, -1, &act));
    struct household_file *file = &act.answer.file;
    struct id old_region = file->row.region_id;
    file->row.region_id = region_id;
    file->record->region = region.code;
    TRY(relocate(&act, old_region));
    TRY(household_pack(tx, file->record, &file->row));
    return household_act_finish(&act, "household.relocate", reason);
}
