/* open_files.c: regions and people of the registry, line by line, in an order and a form that do not depend on this registry. */
#include "lumbung/open_files.h"

#include <stdlib.h>
#include <string.h>

#include "household/household_file.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/export.h"
#include "lumbung/notice.h"
#include "region/region_store.h"

#define PAGE 200

const char *const open_file_names[OPEN_FILES] = {"regions.csv", "closed.csv", "households.ndjson", "notices.ndjson"};
enum open_file { FILE_REGIONS, FILE_CLOSED, FILE_HOUSEHOLDS, FILE_NOTICES };

struct printing {
    struct tx *tx;
    const struct actor *actor;
    struct error *(*write)(void *context, int file, const char *text, size_t length);
    void *context;
    struct sha256 hashes[OPEN_FILES];
    struct open_digest digest;
};

static struct error *
put(struct printing *printing, int file, const struct buffer *text)
{
    sha256_update(&printing->hashes[file], text->data, text->length);
    return printing->write && text->length > 0 ? printing->write(printing->context, file, text->data, text->length) : NULL;
}

/* --- regions -------------------------------------------------------------------------------------------------------------------------- */

static int
by_code(const void *left, const void *right)
{
    const struct region_node *const *one = left, *const *other = right;
    return strcmp((*one)->code, (*other)->code);
}

static void
print_region(struct buffer *text, const struct region_node *nodes, const struct region_node *node)
{
    export_csv_text(text, node->code);
    buffer_char(text, ',');
    export_csv_text(text, node->parent == REGION_NONE ? "" : nodes[node->parent].code);
    buffer_format(text, ",%d,", node->level);
    export_csv_text(text, node->kind);
    buffer_char(text, ',');
    export_csv_text(text, node->name);
    buffer_char(text, '\n');
}

static struct error *
print_regions(struct printing *printing)
{
    struct region_node *nodes = NULL;
    size_t count = 0;
    struct buffer open, closed;
    buffer_init(&open, printing->tx->arena);
    buffer_init(&closed, printing->tx->arena);
    TRY(region_nodes_load(printing->tx, &nodes, &count));
    const struct region_node **sorted = ARENA_ARRAY(printing->tx->arena, const struct region_node *, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &nodes[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_code);
    buffer_add(&open, "code,parent,level,kind,name\n");
    for (size_t i = 0; i < count; i++) {
        print_region(&open, nodes, sorted[i]);
        if (sorted[i]->closed)
            buffer_format(&closed, "%s\n", sorted[i]->code);
    }
    printing->digest.regions = (int64_t)count;
    TRY(put(printing, FILE_REGIONS, &open));
    return put(printing, FILE_CLOSED, &closed);
}

static struct error *
print_notices(struct printing *printing)
{
    struct buffer text;
    buffer_init(&text, printing->tx->arena);
    TRY(notice_file_print(printing->tx, &text));
    return put(printing, FILE_NOTICES, &text);
}

/* --- households ----------------------------------------------------------------------------------------------------------------------- */

/* What a server sets is not part of a registration. */
static void
drop_readonly(struct json *object, const struct field_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->fields[i].flags & FIELD_READONLY)
            json_remove(object, table->fields[i].name);
}

static struct error *
to_json(struct arena *arena, const struct field_table *table, const void *record, struct json **ret_json)
{
    const char *document = household_document(arena, table, record);
    TRY(json_parse(arena, document, strlen(document), ret_json));
    drop_readonly(*ret_json, table);
    return NULL;
}

static bool
is_live(const struct household_file *file, const char *text)
{
    struct id id;
    if (text == NULL)
        return true;
    const struct household_member *member = id_parse(text, &id) ? household_file_find(file, id) : NULL;
    return member && text_equal(member->row.state, "live");
}

/* Whom a household names as payee or head although he is gone is left for people to name anew, as in a new registration. */
static void
drop_the_gone(const struct household_file *file, struct json *household)
{
    struct json *payee = json_get(household, "payee"), *families = json_get(household, "families");
    if (!is_live(file, json_get_text(payee, "member_id")))
        json_remove(payee, "member_id");
    for (size_t i = 0; families && i < families->count; i++) {
        struct json *of_family = json_get(families->items[i], "payee");
        if (!is_live(file, json_get_text(families->items[i], "head_member_id")))
            json_remove(families->items[i], "head_member_id");
        if (!is_live(file, json_get_text(of_family, "member_id")))
            json_remove(of_family, "member_id");
    }
}

/* The newest consent that holds; the proof is a photo, which stays behind. NULL: none holds. */
static struct error *
find_consent(struct tx *tx, struct id household_id, struct json **ret_consent)
{
    struct consent_row *rows = NULL;
    size_t count = 0;
    *ret_consent = NULL;
    TRY(consent_store_list(tx, household_id, &rows, &count));
    for (size_t i = count; i-- > 0;) {
        struct consent_record *consent = NULL;
        if (rows[i].is_withdrawn)
            continue;
        TRY(household_consent_unpack(tx, &rows[i], &consent));
        TRY(to_json(tx->arena, &consent_table, consent, ret_consent));
        json_remove(*ret_consent, "proof");
        return NULL;
    }
    return NULL;
}

static struct error *
print_household(struct printing *printing, struct tx *tx, struct id id)
{
    struct household_file file;
    struct json *household = NULL, *consent = NULL, *members = json_make(tx->arena, JSON_ARRAY);
    TRY(household_file_load(tx, printing->actor, id, &file));
    bool whole = !file.erased && text_equal(file.row.state, "active");
    if (whole)
        TRY(find_consent(tx, id, &consent));
    for (size_t i = 0; whole && i < file.member_count; i++)
        whole = !text_equal(file.members[i].row.state, "live") || !file.members[i].erased;
    if (!whole || consent == NULL) {
        printing->digest.left_out++;
        return NULL;
    }
    TRY(to_json(tx->arena, &household_table, file.record, &household));
    for (size_t i = 0; i < file.member_count; i++) {
        struct json *member = NULL;
        if (!text_equal(file.members[i].row.state, "live"))
            continue;
        TRY(to_json(tx->arena, &member_table, file.members[i].record, &member));
        json_push(tx->arena, members, member);
    }
    drop_the_gone(&file, household);
    json_set(tx->arena, household, "consent", consent);
    json_set(tx->arena, household, "members", members);
    struct buffer line;
    buffer_init(&line, tx->arena);
    json_print_canonical(&line, household);
    buffer_char(&line, '\n');
    printing->digest.households++;
    printing->digest.persons += (int64_t)members->count;
    return put(printing, FILE_HOUSEHOLDS, &line);
}

static int
by_id(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct id));
}

static struct error *
collect_ids(struct printing *printing, struct id **ret_ids, size_t *ret_count)
{
    struct id after = {{0}}, *ids = NULL;
    size_t count = 0, capacity = 0, got = PAGE;
    while (got == PAGE) {
        struct id page[PAGE];
        TRY(household_list_ids(printing->tx, printing->actor, (struct id){{0}}, after, PAGE, page, &got));
        for (size_t i = 0; i < got; i++) {
            ids = arena_grow(printing->tx->arena, ids, count, &capacity, sizeof *ids);
            ids[count++] = page[i];
        }
        if (got > 0)
            after = page[got - 1];
    }
    if (count > 0)
        qsort(ids, count, sizeof *ids, by_id);
    *ret_ids = ids;
    *ret_count = count;
    return NULL;
}

static struct error *
print_households(struct printing *printing)
{
    struct id *ids = NULL;
    size_t count = 0;
    TRY(collect_ids(printing, &ids, &count));
    struct arena *arena = arena_create();
    struct error *error = NULL;
    for (size_t i = 0; i < count && error == NULL; i++) {
        struct tx tx = *printing->tx;
        arena_reset(arena);
        tx.arena = arena;
        error = print_household(printing, &tx, ids[i]);
    }
    arena_destroy(arena);
    return error;
}

struct error *
open_files_print(struct tx *tx, const struct actor *actor, struct error *(*write)(void *context, int file, const char *text, size_t length), void *context,
                 struct open_digest *ret_digest)
{
    struct printing printing = {.tx = tx, .actor = actor, .write = write, .context = context};
    for (int i = 0; i < OPEN_FILES; i++)
        sha256_start(&printing.hashes[i]);
    TRY(print_regions(&printing));
    TRY(print_households(&printing));
    TRY(print_notices(&printing));
    for (int i = 0; i < OPEN_FILES; i++) {
        uint8_t digest[SHA256_SIZE];
        sha256_finish(&printing.hashes[i], digest);
        hex_print(digest, sizeof digest, printing.digest.sha256[i]);
    }
    *ret_digest = printing.digest;
    return NULL;
}

/* --- the digest ----------------------------------------------------------------------------------------------------------------------- */

void
open_digest_print(struct buffer *buffer, const struct open_digest *digest)
{
    json_open(buffer, NULL, '{');
    json_put_int(buffer, "lumbung_registry", 1);
    for (int i = 0; i < OPEN_FILES; i++)
        json_put_text(buffer, open_file_names[i], digest->sha256[i]);
    json_put_int(buffer, "regions", digest->regions);
    json_put_int(buffer, "households", digest->households);
    json_put_int(buffer, "persons", digest->persons);
    json_put_int(buffer, "left_out", digest->left_out);
    json_close(buffer, '}');
}

struct error *
open_digest_read(struct arena *arena, const char *text, size_t length, struct open_digest *ret_digest)
{
    struct json *json = NULL;
    TRY(json_parse(arena, text, length, &json));
    struct open_digest digest = {.regions = json_get_int(json, "regions", -1), .households = json_get_int(json, "households", -1),
                                 .persons = json_get_int(json, "persons", -1), .left_out = json_get_int(json, "left_out", 0)};
    bool good = json_get_int(json, "lumbung_registry", 0) == 1 && digest.regions >= 0 && digest.households >= 0 && digest.persons >= 0;
    for (int i = 0; good && i < OPEN_FILES; i++) {
        uint8_t bytes[SHA256_SIZE];
        const char *hex = json_get_text(json, open_file_names[i]);
        good = hex && hex_parse(hex, bytes, sizeof bytes);
        if (good)
            memcpy(digest.sha256[i], hex, sizeof digest.sha256[i]);
    }
    if (!good)
        return error_with(ERROR_FILE, "digest.json", "it is not that of a registry in open files", NULL);
    *ret_digest = digest;
    return NULL;
}

struct error *
open_files_trace(struct tx *tx, const struct actor *actor, const char *action, const struct open_digest *digest)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    open_digest_print(&text, digest);
    struct audit_part part = {.kind = "export", .after = buffer_text(&text)};
    struct audit_change change = {.action = action, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}
