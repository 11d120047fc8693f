/* household_search.c: POST /households/search: exact numbers by their keyed values, names and places with spelling mistakes. The index gives
 * hints; every hit is read again within the caller's scope before it is shown. */
#include "household/household_search.h"

#include "household/household_index.h"
#include "household/household_phone.h"
#include "household/household_print.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

#define RESULTS_MAX 20
#define HINTS_MAX 200

struct search_query {
    struct presence presence;
    const char *q, *nik, *kk_number, *phone, *name;
    int32_t birth_date;
};
#define AT(member) .name = #member, .offset = offsetof(struct search_query, member)
static const struct field search_fields[] = {
    {AT(q), .kind = FIELD_TEXT, .minimum = 2, .maximum = 200, .about = "names or an address, spelling mistakes forgiven"},
    {AT(nik), .kind = FIELD_DIGITS, .minimum = 16, .maximum = 16},
    {AT(kk_number), .kind = FIELD_DIGITS, .minimum = 16, .maximum = 16},
    {AT(phone), .kind = FIELD_PHONE},
    {AT(name), .kind = FIELD_TEXT, .minimum = 1, .maximum = 200},
    {AT(birth_date), .kind = FIELD_DATE},
};
FIELD_TABLE(household_search_table, "HouseholdSearch", struct search_query, search_fields);

struct found {
    struct id household_id, member_id; /* member zero: the household itself matched */
    int score;
};
struct search {
    struct tx *tx;
    const struct actor *actor;
    struct household_index *index;
    struct found items[HINTS_MAX];
    size_t count;
};

/* The best hit a household is kept. */
static void
add_found(struct search *search, struct id household_id, struct id member_id, int score)
{
    for (size_t i = 0; i < search->count; i++)
        if (id_equal(search->items[i].household_id, household_id))
            return;
    if (search->count < HINTS_MAX)
        search->items[search->count++] = (struct found){household_id, member_id, score};
}

static struct error *
search_nik(struct search *search, const char *nik)
{
    uint8_t tag[CRYPTO_TAG_SIZE];
    struct id hits[HINTS_MAX];
    keyring_tag(search->tx->keyring, "nik", nik, tag);
    size_t count = household_index_find_tag(search->index, HOUSEHOLD_TAG_NIK, tag, hits, HINTS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct member_row row;
        bool found = false;
        TRY(member_store_load(search->tx, hits[i], &row, &found));
        if (found && row.nik_tag.length == CRYPTO_TAG_SIZE && crypto_equal(row.nik_tag.data, tag, CRYPTO_TAG_SIZE))
            add_found(search, row.household_id, row.id, 100);
    }
    return NULL;
}

static struct error *
search_card(struct search *search, const char *kk_number)
{
    uint8_t tag[CRYPTO_TAG_SIZE];
    struct id hits[HINTS_MAX];
    keyring_tag(search->tx->keyring, "kk", kk_number, tag);
    size_t count = household_index_find_tag(search->index, HOUSEHOLD_TAG_KK, tag, hits, HINTS_MAX);
    for (size_t i = 0; i < count; i++) {
        bool same = false;
        TRY(household_store_card_match(search->tx, hits[i], tag, &same));
        if (same)
            add_found(search, hits[i], (struct id){{0}}, 100);
    }
    return NULL;
}

static struct error *
search_phone(struct search *search, const char *phone)
{
    uint8_t tag[CRYPTO_TAG_SIZE];
    struct id hits[HINTS_MAX];
    keyring_tag(search->tx->keyring, "phone", household_phone_key(search->tx->arena, phone), tag);
    size_t count = household_index_find_tag(search->index, HOUSEHOLD_TAG_PHONE, tag, hits, HINTS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct household_row row;
        bool found = false;
        TRY(household_store_load(search->tx, search->actor, hits[i], &row, &found));
        if (found && row.phone_tag.length == CRYPTO_TAG_SIZE && crypto_equal(row.phone_tag.data, tag, CRYPTO_TAG_SIZE))
            add_found(search, row.id, (struct id){{0}}, 100);
    }
    return NULL;
}

/* `birth_date` INT32_MIN: any. */
static struct error *
search_text(struct search *search, const char *name, const char *place, int32_t birth_date)
{
    struct household_regions regions = {NULL, 0};
    struct household_hit hits[HINTS_MAX];
    if (!search->actor->all_regions) {
        struct id *ids = NULL;
        TRY(household_store_regions(search->tx, search->actor, &ids, &regions.count));
        regions.ids = ids;
    }
    size_t count = household_index_search(search->index, search->tx->arena, name, place, search->actor->all_regions ? NULL : &regions, hits, HINTS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct member_row row;
        bool fits = true;
        if (birth_date != INT32_MIN) {
            TRY(member_store_load(search->tx, hits[i].member_id, &row, &fits));
            fits = fits && row.birth_earliest <= birth_date && birth_date <= row.birth_latest;
        }
        if (fits)
            add_found(search, hits[i].household_id, hits[i].member_id, hits[i].score);
    }
    return NULL;
}

static struct error *
search_run(struct search *search, const struct search_query *query)
{
    struct arena *arena = search->tx->arena;
    if (query->nik)
        return search_nik(search, query->nik);
    if (query->kk_number)
        return search_card(search, query->kk_number);
    if (query->phone)
        return search_phone(search, query->phone);
    if (query->name) {
        bool dated = field_present(&household_search_table, query, "birth_date");
        return search_text(search, text_fold_name(arena, query->name), NULL, dated ? query->birth_date : INT32_MIN);
    }
    if (text_is_digits(query->q, 16)) {
        TRY(search_nik(search, query->q));
        return search_card(search, query->q);
    }
    return search_text(search, text_fold_name(arena, query->q), text_fold(arena, query->q), INT32_MIN);
}

static struct error *
shown_member_name(struct search *search, struct id member_id, const char **ret_name)
{
    struct member_row row;
    struct household_member member;
    bool found = false;
    *ret_name = NULL;
    if (id_is_zero(member_id))
        return NULL;
    TRY(member_store_load(search->tx, member_id, &row, &found));
    if (!found)
        return NULL;
    TRY(household_member_unpack(search->tx, &row, &member));
    *ret_name = household_shown_name(search->tx, search->actor, member_id, member.record->name);
    return NULL;
}

static struct error *
print_found(struct search *search, const struct found *found, struct reply *reply, size_t *printed)
{
    struct household_row row;
    bool visible = false;
    TRY(household_store_load(search->tx, search->actor, found->household_id, &row, &visible));
    if (!visible)
        return NULL;
    const char *head = NULL, *matched = NULL, *path = NULL;
    struct region region;
    TRY(shown_member_name(search, row.head_id, &head));
    TRY(shown_member_name(search, found->member_id, &matched));
    TRY(region_by_id(search->tx, row.region_id, &region));
    TRY(region_path_text(search->tx, row.region_id, &path));
    bool named = search->actor->masking != MASKING_PSEUDONYM;
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", row.id);
    json_put_text(&reply->body, "head", head);
    json_put_id(&reply->body, "head_id", row.head_id);
    json_put_text(&reply->body, "region", region.code);
    json_put_text(&reply->body, "region_name", path);
    if (named) {
        json_put_text(&reply->body, "hamlet", row.hamlet);
        json_put_text(&reply->body, "rw", row.rw);
        json_put_text(&reply->body, "rt", row.rt);
    }
    json_put_text(&reply->body, "state", row.state);
    json_put_int(&reply->body, "member_count", row.member_count);
    json_put_text(&reply->body, "matched_member", matched);
    json_put_id(&reply->body, "matched_member_id", found->member_id);
    json_put_int(&reply->body, "score", found->score);
    json_close(&reply->body, '}');
    reply_saw(reply, search->tx->arena, row.id);
    (*printed)++;
    return NULL;
}

/* One way to search at a time: a form that sends two would be answered for one. */
static struct error *
check_query(const struct search_query *query)
{
    int ways = (query->q != NULL) + (query->nik != NULL) + (query->kk_number != NULL) + (query->phone != NULL) + (query->name != NULL);
    if (ways == 0)
        return error_field("/q", FAULT_REQUIRED, NULL, NULL);
    if (ways > 1)
        return error_field(query->q ? "/q" : "/nik", FAULT_CONFLICT, "q, nik, kk_number, phone, name", NULL);
    if (field_present(&household_search_table, query, "birth_date") && !query->name)
        return error_field("/name", FAULT_REQUIRED, NULL, NULL);
    return NULL;
}

struct error *
household_search_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct search_query *query = call->in;
    TRY(check_query(query));
    struct search *search = ARENA_NEW(tx->arena, struct search);
    search->tx = tx;
    search->actor = call->actor;
    TRY(household_index_of(tx, &search->index));
    if (search->index)
        TRY(search_run(search, query));
    size_t printed = 0;
    reply_list_begin(reply);
    for (size_t i = 0; i < search->count && printed < RESULTS_MAX; i++)
        TRY(print_found(search, &search->items[i], reply, &printed));
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}
