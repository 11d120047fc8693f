/* household_view.c: the questions that the slices to the right ask of households. */
#include <string.h>

#include "household/household_duplicate.h"
#include "household/household_payee.h"
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

/* The eldest live member: an adult wherever there is one, and never a small child beside him. */
static const struct member_row *
find_eldest(const struct member_row *rows, size_t count)
{
    const struct member_row *eldest = NULL;
    for (size_t i = 0; i < count; i++)
        if (text_equal(rows[i].state, "live") && (!eldest || rows[i].birth_date < eldest->birth_date))
            eldest = &rows[i];
    return eldest;
}

/* The payee named, else the head, else the eldest: someone must be there to take it. */
static const struct member_row *
find_payee(const struct payee_record *payee, struct id head_id, const struct member_row *rows, size_t count)
{
    const struct member_row *row = payee ? household_row_find(rows, count, payee->member_id) : NULL;
    if (!row || !text_equal(row->state, "live"))
        row = household_row_find(rows, count, head_id);
    return row ? row : find_eldest(rows, count);
}

static struct error *
read_name(struct tx *tx, const struct member_row *row, const char **ret_name)
{
    struct household_member member;
    if (!row)
        return NULL;
    TRY(household_member_unpack(tx, row, &member));
    *ret_name = member.record->name;
    return NULL;
}

/* Only head and payee are opened: of the others nothing is asked. */
struct error *
household_view(struct tx *tx, const struct actor *actor, struct id household_id, struct household_view *ret_view)
{
    struct household_file file;
    struct member_row *rows = NULL;
    size_t count = 0;
    TRY(household_file_load_own(tx, actor, household_id, &file));
    TRY(member_store_list(tx, household_id, &rows, &count));
    *ret_view = (struct household_view){
        .id = file.row.id,
        .region_id = file.row.region_id,
        .state = file.row.state,
        .version = file.row.version,
        .head_id = file.row.head_id,
        .hamlet = file.row.hamlet,
        .rw = file.row.rw,
        .rt = file.row.rt,
        .member_count = (int)file.row.member_count,
    };
    const struct payee_record *payee = file.record->payee;
    const struct member_row *head = household_row_find(rows, count, file.row.head_id), *taker = find_payee(payee, file.row.head_id, rows, count);
    TRY(read_name(tx, head, &ret_view->head_name));
    view_account(payee, ret_view);
    TRY(household_payee_gone(tx, household_id, payee, rows, count, &ret_view->payee_gone));
    if (payee && payee->guardian) {
        ret_view->payee_is_guardian = true;
        ret_view->payee_name = payee->guardian->name;
        return NULL;
    }
    if (taker)
        ret_view->payee_member_id = taker->id;
    else if (!ret_view->payee_gone)
        ret_view->payee_gone = "died"; /* nobody is left, and only a death may leave nobody */
    ret_view->payee_name = ret_view->head_name;
    return taker == head ? NULL : read_name(tx, taker, &ret_view->payee_name);
}

struct error *
household_state(struct tx *tx, const struct actor *actor, struct id household_id, const char **ret_state)
{
    struct household_row row;
    bool found = false;
    TRY(household_store_load(tx, actor, household_id, &row, &found));
    if (found)
        *ret_state = row.state;
    return found ? NULL : error_new(ERROR_NOT_FOUND);
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
    if (row->is_withdrawn && !text_equal(row->withdrawal, "objection") && !text_equal(row->withdrawal, "dismissed"))
        return false;
    if (!row->purposes)
        return true;
    for (const char *at = row->purposes; (at = strstr(at, "aid")) != NULL; at++)
        if ((at == row->purposes || at[-1] == ' ') && (at[3] == '\0' || at[3] == ' '))
            return true;
    return false;
}

struct error *
household_processing_end(struct tx *tx, struct id household_id, int64_t *ret_at_ms)
{
    struct consent_row *rows = NULL;
    size_t count = 0;
    bool allowed = false;
    int64_t last_ms = 1;
    TRY(consent_store_list(tx, household_id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t at_ms = rows[i].is_withdrawn ? rows[i].withdrawn_at_ms : rows[i].at_ms;
        allowed |= covers_aid(&rows[i]);
        last_ms = at_ms > last_ms ? at_ms : last_ms;
    }
    *ret_at_ms = allowed ? 0 : last_ms;
    return NULL;
}

struct error *
household_processing_allowed(struct tx *tx, struct id household_id, bool *ret_allowed)
{
    int64_t end_ms = 0;
    TRY(household_processing_end(tx, household_id, &end_ms));
    *ret_allowed = end_ms == 0;
    return NULL;
}
