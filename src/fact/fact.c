/* fact.c: the facts of a household, and the one that a rule asks for. */
#include "fact/fact_store.h"

#include "lumbung/base/text.h"

static struct error *
open_fact(struct tx *tx, const struct fact_row *row, struct fact *ret_fact)
{
    struct bytes plain;
    *ret_fact = (struct fact){.key = row->key, .source = row->source, .edition = row->edition, .as_of = row->as_of, .member_id = row->member_id, .family_no = row->family_no};
    TRY(keyring_unseal(tx, row->subject_id, "external_fact.value", row->id, row->sealed, &plain));
    return plain.data ? json_parse(tx->arena, (const char *)plain.data, plain.length, &ret_fact->value) : NULL;
}

static struct error *
load_rows(struct tx *tx, struct id household_id, struct fact_row **ret_rows, size_t *ret_count)
{
    struct fact_row *of_members = NULL, *of_cards = NULL;
    size_t members = 0, cards = 0, i = 0, j = 0;
    TRY(fact_store_of_members(tx, household_id, &of_members, &members));
    TRY(fact_store_of_cards(tx, household_id, &of_cards, &cards));
    *ret_rows = ARENA_ARRAY(tx->arena, struct fact_row, members + cards);
    for (*ret_count = 0; *ret_count < members + cards; (*ret_count)++)
        (*ret_rows)[*ret_count] = j == cards || (i < members && of_members[i].as_of >= of_cards[j].as_of) ? of_members[i++] : of_cards[j++];
    return NULL;
}

struct error *
fact_list(struct tx *tx, struct id household_id, struct fact **ret_facts, size_t *ret_count)
{
    struct fact_row *rows = NULL;
    TRY(load_rows(tx, household_id, &rows, ret_count));
    *ret_facts = ARENA_ARRAY(tx->arena, struct fact, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        TRY(open_fact(tx, &rows[i], &(*ret_facts)[i]));
    return NULL;
}

/* A member's family: that of his own facts is in the rows only when he has any, so the caller says it. */
static bool
concerns(const struct fact_row *row, struct id member_id, int family_no)
{
    if (!id_is_zero(member_id) && !id_is_zero(row->member_id))
        return id_equal(row->member_id, member_id);
    return family_no == 0 || row->family_no == family_no;
}

struct error *
fact_newest(struct tx *tx, struct id household_id, struct id member_id, int family_no, const char *key, struct json **ret_value, enum fact_found *ret_found)
{
    struct fact_row *rows = NULL;
    struct fact fact;
    size_t count = 0;
    int32_t day = INT32_MIN;
    *ret_found = FACT_NONE;
    TRY(load_rows(tx, household_id, &rows, &count));
    for (size_t i = 0; i < count && *ret_found != FACT_DIFFERS; i++) {
        if (!text_equal(rows[i].key, key) || !concerns(&rows[i], member_id, family_no))
            continue;
        if (*ret_found == FACT_FOUND && rows[i].as_of < day)
            break;
        TRY(open_fact(tx, &rows[i], &fact));
        if (fact.value == NULL)
            continue;
        if (*ret_found == FACT_FOUND && !json_equal(*ret_value, fact.value))
            *ret_found = FACT_DIFFERS;
        else
            *ret_found = FACT_FOUND;
        *ret_value = fact.value;
        day = rows[i].as_of;
    }
    return NULL;
}
