/* fact_import.c: rows of another registry: found by their number within the caller's area, sealed for whom they concern. Who is not in the file, or not
 * found there, keeps what he has: a gap in another registry never excludes anybody here. */
#include "fact/fact_import.h"

#include <string.h>

#include "fact/fact_map.h"
#include "household/household_index.h"
#include "household/household_nik.h"
#include "household/household_store.h"
#include "lumbung/base/text.h"
#include "lumbung/registry.h"

#define HITS_MAX 50

struct import {
    struct tx *tx;
    const struct actor *actor;
    const struct fact_map *map;
    struct fact_edition edition;
    bool keep;
    struct fact_outcome *outcome;
};

static void
refuse(struct import *import, const struct fact_map_row *row, const char *column, const char *value, enum fact_refusal why)
{
    import->outcome->refused[import->outcome->refused_count++] = (struct fact_refused){row->line, column, value, why};
}

/* --- whom a number concerns --------------------------------------------------------------------------------------------------------------- */

static struct error *
is_within(struct import *import, struct id household_id, bool *ret_within)
{
    struct household_row household;
    TRY(household_store_load(import->tx, import->actor, household_id, &household, ret_within));
    *ret_within = *ret_within && text_equal(household.state, "active");
    return NULL;
}

static struct error *
check_member(struct import *import, struct id member_id, const uint8_t *tag, bool *ret_bears)
{
    struct member_row member;
    TRY(member_store_load(import->tx, member_id, &member, ret_bears));
    *ret_bears = *ret_bears && text_equal(member.state, "live") && member.nik_tag.length == CRYPTO_TAG_SIZE &&
                 crypto_equal(member.nik_tag.data, tag, CRYPTO_TAG_SIZE);
    return *ret_bears ? is_within(import, member.household_id, ret_bears) : NULL;
}

static struct error *
check_card(struct import *import, struct id household_id, const uint8_t *tag, bool *ret_bears)
{
    TRY(household_store_card_match(import->tx, household_id, tag, ret_bears));
    return *ret_bears ? is_within(import, household_id, ret_bears) : NULL;
}

/* Who bears it: the first, and how many. A card may be spread over houses, a person's number may not. */
static struct error *
find_subject(struct import *import, const uint8_t *tag, struct id *ret_subject_id, size_t *ret_count)
{
    struct id hits[HITS_MAX];
    bool card = import->map->is_card;
    size_t found = household_index_find_tag(import->tx->registry->household_index, card ? HOUSEHOLD_TAG_KK : HOUSEHOLD_TAG_NIK, tag, hits, HITS_MAX);
    *ret_count = 0;
    for (size_t i = 0; i < found; i++) {
        bool bears = false;
        TRY(card ? check_card(import, hits[i], tag, &bears) : check_member(import, hits[i], tag, &bears));
        if (bears && (*ret_count)++ == 0)
            *ret_subject_id = hits[i];
    }
    return NULL;
}

/* --- one row ------------------------------------------------------------------------------------------------------------------------------ */

static struct error *
keep_fact(struct import *import, const uint8_t *tag, struct id subject_id, const char *key, const struct json *value)
{
    struct tx *tx = import->tx;
    struct fact_row row = {.id = tx_new_id(tx), .subject_id = subject_id, .edition_id = import->edition.id, .tag = tag, .key = key, .as_of = import->edition.as_of};
    struct buffer text;
    struct id kept;
    bool found = false;
    TRY(fact_store_find(tx, tag, key, row.edition_id, &kept, &found));
    if (found)
        row.id = kept;
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, value);
    TRY(keyring_seal(tx, subject_id, "external_fact.value", row.id, text.data, text.length, &row.sealed));
    return found ? fact_store_update(tx, &row) : fact_store_insert(tx, &row);
}

static struct error *
keep_row(struct import *import, const struct fact_map_row *row, const char *number)
{
    uint8_t *tag = arena_alloc(import->tx->arena, CRYPTO_TAG_SIZE);
    struct id subject_id = {{0}};
    size_t bearers = 0;
    keyring_tag(import->tx->keyring, import->map->is_card ? "kk" : "nik", number, tag);
    TRY(find_subject(import, tag, &subject_id, &bearers));
    if (bearers > 1 && !import->map->is_card) {
        refuse(import, row, import->map->number_column, number, FACT_REFUSED_AMBIGUOUS);
        return NULL;
    }
    if (bearers == 0) {
        import->outcome->unmatched++;
        return NULL;
    }
    import->outcome->accepted++;
    for (size_t i = 0; i < import->map->key_count && import->keep; i++)
        if (row->values[i])
            TRY(keep_fact(import, tag, subject_id, import->map->keys[i].key, row->values[i]));
    return NULL;
}

/* Another line of this call with the same number and other values: nobody knows which is right, so the later one is refused. */
static bool
is_contradicted(const struct fact_map *map, const struct fact_map_row *rows, size_t index)
{
    for (size_t i = 0; i < index; i++)
        for (size_t j = 0; text_equal(rows[i].number, rows[index].number) && j < map->key_count; j++)
            if (rows[i].values && rows[index].values && (rows[i].values[j] == NULL) != (rows[index].values[j] == NULL))
                return true;
            else if (rows[i].values && rows[index].values && rows[i].values[j] && !json_equal(rows[i].values[j], rows[index].values[j]))
                return true;
    return false;
}

static struct error *
import_row(struct import *import, struct fact_map_row *rows, size_t index)
{
    struct fact_map_row *row = &rows[index];
    struct fact_refused refused = {.line = row->line};
    bool told = false;
    if (!fact_map_row_read(import->tx->arena, import->map, row, &refused, &told)) {
        import->outcome->refused[import->outcome->refused_count++] = refused;
        return NULL;
    }
    if (!told) { /* the other registry does not know him */
        import->outcome->not_found++;
        return NULL;
    }
    if (is_contradicted(import->map, rows, index)) {
        refuse(import, row, import->map->number_column, row->number, FACT_REFUSED_DOUBLED);
        return NULL;
    }
    return keep_row(import, row, row->number);
}

/* --- the edition -------------------------------------------------------------------------------------------------------------------------- */

static struct error *
open_edition(struct import *import, const struct fact_in *in)
{
    bool found = false;
    TRY(fact_store_edition(import->tx, in->source, in->edition, &import->edition, &found));
    if (found && import->edition.as_of != in->as_of)
        return error_field("/as_of", FAULT_CONFLICT, "the day that this edition was imported with", NULL);
    if (found && !in->continues)
        import->edition.accepted = import->edition.unmatched = import->edition.not_found = import->edition.refused = 0;
    if (found || !import->keep)
        return NULL;
    import->edition = (struct fact_edition){.id = tx_new_id(import->tx), .source = in->source, .edition = in->edition, .as_of = in->as_of};
    return fact_store_edition_insert(import->tx, import->actor, &import->edition);
}

static struct error *
close_edition(struct import *import)
{
    const struct fact_outcome *outcome = import->outcome;
    import->edition.accepted += outcome->accepted;
    import->edition.unmatched += outcome->unmatched;
    import->edition.not_found += outcome->not_found;
    import->edition.refused += outcome->refused_count;
    return fact_store_edition_update(import->tx, &import->edition);
}

struct error *
fact_import(struct tx *tx, const struct actor *actor, const struct fact_in *in, bool keep, struct fact_outcome *ret_outcome)
{
    struct fact_map *map = NULL;
    struct fact_map_row *rows = NULL;
    size_t count = 0;
    if (tx->registry == NULL || tx->registry->household_index == NULL)
        return error_new(ERROR_LOADING);
    TRY(fact_map_read(tx->arena, in, &map, &rows, &count));
    struct import import = {.tx = tx, .actor = actor, .map = map, .keep = keep, .outcome = ret_outcome};
    *ret_outcome = (struct fact_outcome){.refused = ARENA_ARRAY(tx->arena, struct fact_refused, count)};
    TRY(open_edition(&import, in));
    for (size_t i = 0; i < count; i++)
        TRY(import_row(&import, rows, i));
    return keep ? close_edition(&import) : NULL;
}

/* --- what was refused --------------------------------------------------------------------------------------------------------------------- */

static const struct { const char *code, *id, *en, *remedy_id, *remedy_en; } refusals[] = {
    {"", "", "", "", ""},
#define FACT_REFUSAL_ROW(name, code, id, en, remedy_id, remedy_en) {code, id, en, remedy_id, remedy_en},
    FACT_REFUSALS(FACT_REFUSAL_ROW)
#undef FACT_REFUSAL_ROW
};

void
fact_refused_print(struct buffer *buffer, const struct fact_refused *refused, enum language language)
{
    bool id = language == LANGUAGE_ID;
    json_open(buffer, NULL, '{');
    json_put_int(buffer, "line", refused->line);
    json_put_text(buffer, "column", refused->column);
    json_put_text(buffer, "value", refused->value);
    json_put_text(buffer, "code", refusals[refused->why].code);
    json_put_text(buffer, "reason", id ? refusals[refused->why].id : refusals[refused->why].en);
    json_put_text(buffer, "remedy", id ? refusals[refused->why].remedy_id : refusals[refused->why].remedy_en);
    json_close(buffer, '}');
}
