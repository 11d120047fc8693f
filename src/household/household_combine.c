/* household_combine.c: choices obeyed in a merge: checked against what stands there before anything is written, laid on the kept once the other has ended. */
#include <string.h>

#include "household/household_choice.h"
#include "household/household_index.h"
#include "household/household_propose.h"
#include "lumbung/base/text.h"

#define LOOKED_AT_MAX 32

struct combined_pair {
    struct id keep_id, other_id;
    struct json *patch, *lost;
};
struct household_combining {
    struct id other_id;
    struct json *patch, *lost;
    struct combined_pair *pairs;
    size_t count;
};

static struct error *
document_of(struct arena *arena, const struct field_table *table, const void *record, struct json **ret_document)
{
    const char *text = household_document(arena, table, record);
    return json_parse(arena, text, strlen(text), ret_document);
}

/* Faults of a patch that nobody typed belong to the choice that made it. */
static struct error *
below(struct arena *arena, const char *prefix, struct error *error)
{
    struct error *moved = NULL;
    if (!error || error->code != ERROR_FIELDS)
        return error;
    for (size_t i = 0; i < error->fault_count; i++)
        error_add_fault_with(&moved, arena_format(arena, "%s%s", prefix, error->faults[i].pointer), error->faults[i].code, error->faults[i].arguments);
    error_free(error);
    return moved;
}

static struct error *
refuse_waiting(struct household_act *act, struct household_member *member, const struct json *patch, const char *prefix, const char *number)
{
    bool waits = false;
    if (patch->count == 0)
        return NULL;
    TRY(below(act->tx->arena, prefix, household_patch_waits(act, member, patch, &waits)));
    if (!waits)
        return NULL;
    return error_field(arena_format(act->tx->arena, "%s/%s", prefix, number), FAULT_CONSTRAINT,
                       "Nomor peserta program diubah dengan persetujuan orang kedua: gabungkan dulu, lalu ubah di halaman rumah tangganya.",
                       "The number of a household in a program is changed with a second person's consent: merge first, then change it on the household's page.");
}

/* The index only hints: who is found is read and compared. */
static struct error *
refuse_third(struct household_act *act, const struct combined_pair *pair, const char *prefix)
{
    struct tx *tx = act->tx;
    const char *nik = json_get_text(pair->patch, "nik");
    struct id hits[LOOKED_AT_MAX];
    uint8_t tag[CRYPTO_TAG_SIZE];
    if (!nik || !act->index)
        return NULL;
    keyring_tag(tx->keyring, "nik", nik, tag);
    size_t count = household_index_find_tag(act->index, HOUSEHOLD_TAG_NIK, tag, hits, LOOKED_AT_MAX);
    for (size_t i = 0; i < count; i++) {
        struct member_row row;
        struct household_row household;
        bool found = false;
        if (id_equal(hits[i], pair->keep_id) || id_equal(hits[i], pair->other_id))
            continue;
        TRY(member_store_load(tx, hits[i], &row, &found));
        if (!found || !text_equal(row.state, "live") || row.nik_tag.length != CRYPTO_TAG_SIZE || !crypto_equal(row.nik_tag.data, tag, CRYPTO_TAG_SIZE))
            continue;
        TRY(household_store_load(tx, NULL, row.household_id, &household, &found));
        if (found && text_equal(household.state, "active"))
            return error_field(arena_format(tx->arena, "%s/nik", prefix), FAULT_CONSTRAINT, "NIK ini juga dimiliki orang lain: pastikan dulu siapa pemiliknya.",
                               "Another person bears this NIK too: find out first whose it is.");
    }
    return NULL;
}

static struct error *
find_live(const struct household_act *act, struct id id, const char *pointer, struct household_member **ret_member)
{
    struct household_member *member = household_file_find(&act->answer.file, id);
    if (!member || member->erased || !text_equal(member->row.state, "live"))
        return error_field(pointer, FAULT_REFERENCE, "member", NULL);
    *ret_member = member;
    return NULL;
}

static struct error *
start_pair(struct household_act *act, struct household_act *other, const struct member_sides *sides, struct household_combining *combining)
{
    struct arena *arena = act->tx->arena;
    const char *prefix = arena_format(arena, "/choices/members/%zu", combining->count);
    struct household_member *kept = NULL, *double_of = NULL;
    struct json *own = NULL, *theirs = NULL;
    struct combined_pair pair = {.keep_id = sides->keep_id, .other_id = sides->other_id};
    TRY(find_live(act, pair.keep_id, arena_format(arena, "%s/keep_id", prefix), &kept));
    TRY(find_live(other, pair.other_id, arena_format(arena, "%s/other_id", prefix), &double_of));
    for (size_t i = 0; i < combining->count; i++)
        if (id_equal(combining->pairs[i].keep_id, pair.keep_id) || id_equal(combining->pairs[i].other_id, pair.other_id))
            return error_field(arena_format(arena, "%s/%s", prefix, id_equal(combining->pairs[i].keep_id, pair.keep_id) ? "keep_id" : "other_id"), FAULT_DOUBLED, NULL, NULL);
    TRY(document_of(arena, &member_table, kept->record, &own));
    TRY(document_of(arena, &member_table, double_of->record, &theirs));
    household_choice_patch(arena, &member_sides_table, sides, own, theirs, &pair.patch, &pair.lost);
    TRY(refuse_third(act, &pair, prefix));
    TRY(refuse_waiting(act, kept, pair.patch, prefix, "nik"));
    combining->pairs[combining->count++] = pair;
    return NULL;
}

struct error *
household_combine_start(struct household_act *act, struct household_act *other, const struct household_choices *choices,
                        struct household_combining **ret_combining)
{
    struct arena *arena = act->tx->arena;
    struct household_combining *combining = ARENA_NEW(arena, struct household_combining);
    struct json *own = NULL, *theirs = NULL;
    if (choices->keep_version && choices->keep_version != act->answer.file.row.version)
        return household_refuse_stale(act);
    if (choices->other_version && choices->other_version != other->answer.file.row.version)
        return household_refuse_stale(other);
    *combining = (struct household_combining){.other_id = other->answer.file.row.id, .pairs = ARENA_ARRAY(arena, struct combined_pair, choices->members.count + 1)};
    TRY(document_of(arena, &household_table, act->answer.file.record, &own));
    TRY(document_of(arena, &household_table, other->answer.file.record, &theirs));
    household_choice_patch(arena, &household_sides_table, choices->household, own, theirs, &combining->patch, &combining->lost);
    TRY(refuse_waiting(act, NULL, combining->patch, "/choices/household", "kk_number"));
    const struct member_sides *sides = choices->members.items;
    for (size_t i = 0; i < choices->members.count; i++)
        TRY(start_pair(act, other, &sides[i], combining));
    *ret_combining = combining;
    return NULL;
}

bool
household_combine_pairs(const struct household_combining *combining, struct id other_member_id)
{
    for (size_t i = 0; combining && i < combining->count; i++)
        if (id_equal(combining->pairs[i].other_id, other_member_id))
            return true;
    return false;
}

static struct error *
add_lost(struct household_act *act, const char *kind, struct id subject, const struct json *lost)
{
    struct buffer buffer;
    if (lost->count == 0)
        return NULL;
    buffer_init(&buffer, act->tx->arena);
    json_print(&buffer, NULL, lost);
    return household_changes_add(&act->changes, kind, subject, subject, NULL, buffer_text(&buffer));
}

/* Whose merge the leaf is of: a merge that is taken back finds it by that. */
static struct error *
add_origin(struct household_act *act, struct id other_id)
{
    struct buffer buffer;
    buffer_init(&buffer, act->tx->arena);
    json_open(&buffer, NULL, '{');
    json_put_id(&buffer, "other_id", other_id);
    json_close(&buffer, '}');
    return household_changes_add(&act->changes, "merge_choices", other_id, act->answer.file.row.id, NULL, buffer_text(&buffer));
}

struct error *
household_combine_finish(struct household_combining *combining, struct household_act *act)
{
    struct arena *arena = act->tx->arena;
    struct id id = act->answer.file.row.id;
    if (combining->patch->count > 0)
        TRY(below(arena, "/choices/household", household_change_own(act, combining->patch)));
    TRY(add_lost(act, "household_lost", id, combining->lost));
    for (size_t i = 0; i < combining->count; i++) {
        const struct combined_pair *pair = &combining->pairs[i];
        struct household_member *member = household_file_find(&act->answer.file, pair->keep_id);
        if (pair->patch->count > 0)
            TRY(below(arena, arena_format(arena, "/choices/members/%zu", i), household_change_member(act, member, pair->patch)));
        TRY(add_lost(act, "member_lost", pair->keep_id, pair->lost));
    }
    return add_origin(act, combining->other_id);
}
