/* household_payee.c: is whoever is to receive, and whose account it is, still of the household? What a household warns of as long as it lasts. */
#include "household/household_payee.h"

#include "lumbung/base/text.h"

static const char *
gone_how(const struct member_row *row)
{
    if (row && text_equal(row->state, "live"))
        return NULL;
    return row && text_equal(row->state, "died") ? "died" : "left";
}

const struct member_row *
household_row_find(const struct member_row *rows, size_t count, struct id id)
{
    for (size_t i = 0; i < count; i++)
        if (id_equal(rows[i].id, id))
            return &rows[i];
    return NULL;
}

/* The first of the rows that bears the name and is live, or is not. */
static struct error *
find_named(struct tx *tx, const char *folded, bool live, const struct member_row *rows, size_t count, const struct member_row **ret_row)
{
    *ret_row = NULL;
    for (size_t i = 0; i < count && !*ret_row; i++) {
        struct household_member member;
        if (text_equal(rows[i].state, "live") != live)
            continue;
        TRY(household_member_unpack(tx, &rows[i], &member));
        if (!member.erased && text_equal(household_folded_name(tx, &member), folded))
            *ret_row = &rows[i];
    }
    return NULL;
}

static size_t
count_live(const struct member_row *rows, size_t count)
{
    size_t live = 0;
    for (size_t i = 0; i < count; i++)
        live += text_equal(rows[i].state, "live");
    return live;
}

/* The holder is a name: he is gone when one who left, died or moved away bore it and none who stayed does. Somebody outside never was here. */
static struct error *
holder_gone(struct tx *tx, struct id household_id, const char *holder, const struct member_row *rows, size_t count, const char **ret_gone)
{
    struct member_row *past = NULL;
    const struct member_row *found = NULL;
    size_t past_count = 0;
    TRY(member_store_list_moved(tx, household_id, &past, &past_count));
    const char *folded = text_fold_name(tx->arena, holder);
    if (folded[0] == '\0' || (past_count == 0 && count_live(rows, count) == count))
        return NULL;
    TRY(find_named(tx, folded, true, rows, count, &found));
    if (found)
        return NULL;
    TRY(find_named(tx, folded, false, rows, count, &found));
    if (found)
        *ret_gone = gone_how(found);
    for (int live = 0; live < 2 && !*ret_gone; live++) {
        TRY(find_named(tx, folded, live != 0, past, past_count, &found));
        if (found)
            *ret_gone = live ? "left" : gone_how(found);
    }
    return NULL;
}

struct error *
household_payee_gone(struct tx *tx, struct id household_id, const struct payee_record *payee, const struct member_row *rows, size_t count,
                     const char **ret_gone)
{
    *ret_gone = NULL;
    if (!payee || payee->guardian)
        return NULL;
    if (!id_is_zero(payee->member_id))
        *ret_gone = gone_how(household_row_find(rows, count, payee->member_id));
    if (*ret_gone || !payee->account || !payee->account->holder)
        return NULL;
    return holder_gone(tx, household_id, payee->account->holder, rows, count, ret_gone);
}

void
household_payee_goes(struct household_file *file, struct id member_id)
{
    struct payee_record *payee = file->record->payee;
    if (!payee || !payee->account || payee->guardian || !id_is_zero(payee->member_id) || !id_equal(member_id, file->row.head_id))
        return;
    payee->member_id = member_id;
    field_set_present(&payee_table, payee, "member_id");
}

static struct error *
warn_gone(struct tx *tx, const struct household_file *file, const struct member_row *rows, const struct payee_record *payee, const char *pointer,
          struct household_warnings *warnings)
{
    const char *gone = NULL;
    TRY(household_payee_gone(tx, file->row.id, payee, rows, file->member_count, &gone));
    if (gone)
        household_warn(warnings, pointer, text_equal(gone, "died") ? "payee_died" : "payee_left");
    return NULL;
}

struct error *
household_warn_standing(struct tx *tx, const struct household_file *file, struct household_warnings *warnings)
{
    if (!text_equal(file->row.state, "active") || file->erased)
        return NULL;
    if (file->row.member_count == 0)
        household_warn(warnings, "/members", "no_members");
    else if (id_is_zero(file->row.head_id))
        household_warn(warnings, "/members", "no_head");
    struct member_row *rows = ARENA_ARRAY(tx->arena, struct member_row, file->member_count + 1);
    for (size_t i = 0; i < file->member_count; i++)
        rows[i] = file->members[i].row;
    TRY(warn_gone(tx, file, rows, file->record->payee, "/payee", warnings));
    const struct family_record *families = file->record->families.items;
    for (size_t i = 0; i < file->record->families.count; i++)
        TRY(warn_gone(tx, file, rows, families[i].payee, arena_format(tx->arena, "/families/%zu/payee", i), warnings));
    return NULL;
}
