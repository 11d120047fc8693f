/* household_view.c: the questions that the slices to the right ask of households. */
#include <string.h>

#include "household/household_duplicate.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

static void
view_account(const struct payee_record *payee, struct household_view *view)
{
    if (!payee || !payee->account)
        return;
    view->account_provider = payee->account->provider;
    view->account_number = payee->account->number;
    view->account_holder = payee->account->holder;
}

/* The payee named, else the head, else the first live member: someone must be there to take it. */
static void
view_payee(const struct household_file *file, struct household_view *view)
{
    const struct payee_record *payee = file->record->payee;
    view_account(payee, view);
    if (payee && payee->guardian) {
        view->payee_is_guardian = true;
        view->payee_name = payee->guardian->name;
        return;
    }
    const struct household_member *member = payee ? household_file_find(file, payee->member_id) : NULL;
    if (!member || !text_equal(member->row.state, "live"))
        member = household_file_find(file, file->row.head_id);
    for (size_t i = 0; !member && i < file->member_count; i++)
        if (text_equal(file->members[i].row.state, "live"))
            member = &file->members[i];
    if (!member)
        return;
    view->payee_member_id = member->row.id;
    view->payee_name = member->record->name;
}

struct error *
household_view(struct tx *tx, const struct actor *actor, struct id household_id, struct household_view *ret_view)
{
    struct household_file file;
    TRY(household_file_load(tx, actor, household_id, &file));
    const struct household_member *head = household_file_find(&file, file.row.head_id);
    *ret_view = (struct household_view){
        .id = file.row.id,
        .region_id = file.row.region_id,
        .state = file.row.state,
        .version = file.row.version,
        .head_id = file.row.head_id,
        .head_name = head ? head->record->name : NULL,
        .hamlet = file.row.hamlet,
        .rw = file.row.rw,
        .rt = file.row.rt,
        .member_count = (int)file.row.member_count,
    };
    view_payee(&file, ret_view);
    return NULL;
}

struct error *
household_list_ids(struct tx *tx, const struct actor *actor, struct id region_id, struct id after, int limit, struct id *ret_ids, size_t *ret_count)
{
    struct household_page page = {.region_id = region_id, .limit = limit, .only_active = true};
    bool visible = true;
    *ret_count = 0;
    if (!id_is_zero(region_id))
        TRY(region_in_scope(tx, actor, region_id, &visible));
    if (!visible)
        return NULL;
    if (!id_is_zero(after)) {
        struct household_row row;
        bool found = false;
        TRY(household_store_load(tx, NULL, after, &row, &found));
        if (found) {
            page.after_region = row.region_id;
            page.after_id = after;
        }
    }
    TRY(household_store_page(tx, actor, &page));
    for (size_t i = 0; i < page.count; i++)
        ret_ids[i] = page.rows[i].id;
    *ret_count = page.count;
    return NULL;
}

struct error *
household_member_state(struct tx *tx, struct id member_id, const char **ret_state, struct id *ret_household_id, const char **ret_name)
{
    struct member_row row;
    bool found = false;
    TRY(member_store_load(tx, member_id, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    *ret_state = row.state;
    *ret_household_id = row.household_id;
    if (!ret_name)
        return NULL;
    struct household_member member;
    TRY(household_member_unpack(tx, &row, &member));
    *ret_name = member.record->name;
    return NULL;
}

struct error *
household_payment_barred(struct tx *tx, struct id household_id, bool *ret_barred)
{
    struct household_row row;
    bool found = false;
    TRY(household_store_load(tx, NULL, household_id, &row, &found));
    *ret_barred = !found || !text_equal(row.state, "active");
    return *ret_barred ? NULL : duplicate_store_bars(tx, household_id, ret_barred);
}

static bool
covers_aid(const struct consent_row *row)
{
    if (row->is_withdrawn && !text_equal(row->withdrawal, "objection"))
        return false;
    if (!row->purposes)
        return true;
    for (const char *at = row->purposes; (at = strstr(at, "aid")) != NULL; at++)
        if ((at == row->purposes || at[-1] == ' ') && (at[3] == '\0' || at[3] == ' '))
            return true;
    return false;
}

struct error *
household_processing_allowed(struct tx *tx, struct id household_id, bool *ret_allowed)
{
    struct consent_row *rows = NULL;
    size_t count = 0;
    TRY(consent_store_list(tx, household_id, &rows, &count));
    *ret_allowed = false;
    for (size_t i = 0; i < count; i++)
        *ret_allowed |= covers_aid(&rows[i]);
    return NULL;
}
