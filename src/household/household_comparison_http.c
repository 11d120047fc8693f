/* household_comparison_http.c: two households side by side before they become one: equal fields said as equal, even where numbers are shown cut. */
#include <string.h>

#include "household/household_choice.h"
#include "household/household_steps.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define PAIR_TEXT (ID_TEXT_SIZE - 1)

struct comparison_query { struct presence presence; struct id other; const char *pairs; };
static const struct field comparison_query_fields[] = {
    {.name = "other", .offset = offsetof(struct comparison_query, other), .kind = FIELD_ID, .flags = FIELD_REQUIRED, .about = "the household to compare with"},
    {.name = "pairs", .offset = offsetof(struct comparison_query, pairs), .kind = FIELD_TEXT, .minimum = 1, .maximum = 75 * LIMIT_MEMBERS,
     .about = "members that are one person, KEEP_ID.OTHER_ID with commas between, or none; by default those of one NIK, or of one name and birth date"},
};
FIELD_TABLE(household_comparison_query_table, "ComparisonQuery", struct comparison_query, comparison_query_fields);

struct comparison {
    struct tx *tx;
    const struct actor *actor;
    struct household_file keep, other;
    enum field_part part;
    struct household_member *left[LIMIT_MEMBERS], *right[LIMIT_MEMBERS];
    size_t count;
};

static bool
is_live(const struct household_member *member)
{
    return member && !member->erased && text_equal(member->row.state, "live");
}

static bool
is_paired(const struct comparison *comparison, const struct household_member *member)
{
    for (size_t i = 0; i < comparison->count; i++)
        if (comparison->left[i] == member || comparison->right[i] == member)
            return true;
    return false;
}

enum likeness { SAME_NIK, SAME_NAME_AND_BIRTH, LIKENESSES };

static bool
are_alike(const struct tx *tx, enum likeness likeness, struct household_member *left, struct household_member *right)
{
    if (likeness == SAME_NIK)
        return left->row.nik_tag.length == CRYPTO_TAG_SIZE && right->row.nik_tag.length == CRYPTO_TAG_SIZE &&
               crypto_equal(left->row.nik_tag.data, right->row.nik_tag.data, CRYPTO_TAG_SIZE);
    return left->row.birth_date == right->row.birth_date && text_equal(household_folded_name(tx, left), household_folded_name(tx, right));
}

static void
add_pair(struct comparison *comparison, struct household_member *left, struct household_member *right)
{
    if (comparison->count == LIMIT_MEMBERS || is_paired(comparison, left) || is_paired(comparison, right))
        return;
    comparison->left[comparison->count] = left;
    comparison->right[comparison->count++] = right;
}

static void
propose_pairs(struct comparison *comparison)
{
    for (int likeness = 0; likeness < LIKENESSES; likeness++)
        for (size_t i = 0; i < comparison->keep.member_count; i++)
            for (size_t j = 0; j < comparison->other.member_count; j++) {
                struct household_member *left = &comparison->keep.members[i], *right = &comparison->other.members[j];
                if (is_live(left) && is_live(right) && are_alike(comparison->tx, (enum likeness)likeness, left, right))
                    add_pair(comparison, left, right);
            }
}

static struct error *
refuse_query(const char *name, const char *wanted, const char *in_english)
{
    struct error *error = error_with(ERROR_QUERY, name, wanted, NULL);
    error_in_english(error, 1, in_english);
    return error;
}

static struct error *
refuse_pairs(void)
{
    return refuse_query("pairs", "ANGGOTA.ANGGOTA_LAIN,… dari kedua rumah tangga, masing-masing sekali", "KEEP_ID.OTHER_ID,… of live members of both households, each once");
}

static struct error *
read_pairs(struct comparison *comparison, const char *text)
{
    size_t given = 0;
    for (const char *at = text; *at && !text_equal(text, "none"); at += *at == ',') {
        char ids[2][ID_TEXT_SIZE] = {"", ""};
        struct id keep_id, other_id;
        if (strlen(at) < 2 * PAIR_TEXT + 1 || at[PAIR_TEXT] != '.')
            return refuse_pairs();
        memcpy(ids[0], at, PAIR_TEXT);
        memcpy(ids[1], at + PAIR_TEXT + 1, PAIR_TEXT);
        at += 2 * PAIR_TEXT + 1;
        if (!id_parse(ids[0], &keep_id) || !id_parse(ids[1], &other_id) || (*at && *at != ','))
            return refuse_pairs();
        struct household_member *left = household_file_find(&comparison->keep, keep_id), *right = household_file_find(&comparison->other, other_id);
        if (!is_live(left) || !is_live(right))
            return refuse_pairs();
        add_pair(comparison, left, right);
        if (comparison->count != ++given)
            return refuse_pairs();
    }
    return NULL;
}

static struct error *
side_of(const struct comparison *comparison, const struct field_table *table, const void *record, struct choice_side *ret_side)
{
    struct arena *arena = comparison->tx->arena;
    const char *whole = household_document(arena, table, record);
    struct json *parsed = NULL, *shown = NULL;
    struct buffer masked;
    buffer_init(&masked, arena);
    field_print(&masked, NULL, table, record, comparison->part);
    TRY(json_parse(arena, whole, strlen(whole), &parsed));
    TRY(json_parse(arena, buffer_text(&masked), masked.length, &shown));
    *ret_side = (struct choice_side){parsed, shown};
    return NULL;
}

static void
print_household(const struct comparison *comparison, struct buffer *buffer, const char *key, const struct household_file *file)
{
    const struct household_member *head = household_file_find(file, file->row.head_id);
    json_open(buffer, key, '{');
    json_put_id(buffer, "id", file->row.id);
    json_put_text(buffer, "head", head ? household_shown_name(comparison->tx, comparison->actor, head->row.id, head->record->name) : NULL);
    json_put_text(buffer, "state", file->row.state);
    json_put_int(buffer, "version", file->row.version);
    json_put_instant(buffer, "created_at", file->row.created_at_ms);
    json_close(buffer, '}');
}

static void
print_alone(const struct comparison *comparison, struct buffer *buffer, const char *key, const struct household_file *file)
{
    json_open(buffer, key, '[');
    for (size_t i = 0; i < file->member_count; i++) {
        const struct household_member *member = &file->members[i];
        if (!is_live(member) || is_paired(comparison, member))
            continue;
        json_open(buffer, NULL, '{');
        json_put_id(buffer, "id", member->row.id);
        json_put_text(buffer, "name", household_shown_name(comparison->tx, comparison->actor, member->row.id, member->record->name));
        json_put_text(buffer, "sex", member->record->sex);
        json_put_date(buffer, "birth_date", member->row.birth_date);
        json_put_text(buffer, "relationship", member->record->relationship);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

static struct error *
print_pair(const struct comparison *comparison, struct reply *reply, size_t at)
{
    struct choice_side keep, other;
    const struct household_member *left = comparison->left[at], *right = comparison->right[at];
    TRY(side_of(comparison, &member_table, left->record, &keep));
    TRY(side_of(comparison, &member_table, right->record, &other));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "keep_id", left->row.id);
    json_put_id(&reply->body, "other_id", right->row.id);
    json_put_text(&reply->body, "name", household_shown_name(comparison->tx, comparison->actor, left->row.id, left->record->name));
    household_choice_print(&reply->body, comparison->tx->arena, &member_sides_table, &keep, &other);
    json_close(&reply->body, '}');
    return NULL;
}

struct error *
household_comparison_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct comparison_query *query = call->query;
    struct comparison comparison = {.tx = tx, .actor = call->actor, .part = household_part(call->actor)};
    struct choice_side keep, other;
    TRY(household_file_load(tx, call->actor, call->ids[0], &comparison.keep));
    if (id_equal(query->other, call->ids[0]))
        return refuse_query("other", "rumah tangga yang lain", "another household");
    TRY(household_file_load(tx, call->actor, query->other, &comparison.other));
    if (query->pairs)
        TRY(read_pairs(&comparison, query->pairs));
    else
        propose_pairs(&comparison);
    TRY(side_of(&comparison, &household_table, comparison.keep.record, &keep));
    TRY(side_of(&comparison, &household_table, comparison.other.record, &other));
    json_open(&reply->body, NULL, '{');
    print_household(&comparison, &reply->body, "keep", &comparison.keep);
    print_household(&comparison, &reply->body, "other", &comparison.other);
    household_choice_print(&reply->body, tx->arena, &household_sides_table, &keep, &other);
    json_open(&reply->body, "members", '[');
    for (size_t i = 0; i < comparison.count; i++)
        TRY(print_pair(&comparison, reply, i));
    json_close(&reply->body, ']');
    print_alone(&comparison, &reply->body, "keep_only", &comparison.keep);
    print_alone(&comparison, &reply->body, "other_only", &comparison.other);
    json_close(&reply->body, '}');
    reply_saw(reply, tx->arena, call->ids[0]);
    reply_saw(reply, tx->arena, query->other);
    return NULL;
}
