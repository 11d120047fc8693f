/* notice.c: rules of notices: drafts, publication, and what a consent may name. */
#include "notice/notice.h"

#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

static const struct code state_words[] = {{"draft", "rancangan", "a draft"}, {"published", "sudah diterbitkan", "published"}};
const struct code_list notice_state_codes = CODE_LIST("notice_state", 1, state_words);

/* Whoever registers anywhere in the country finds these. */
static const char *const languages_needed[] = {"id", "en"};

/* --- the form -------------------------------------------------------------------------------------------------------------------------------- */

static void
check_texts(struct arena *arena, const struct array *array, struct error **error)
{
    struct notice_text *texts = array->items;
    for (size_t i = 0; i < array->count; i++) {
        const char *pointer = arena_format(arena, "/texts/%zu", i), *at = arena_format(arena, "%s/language", pointer);
        if (texts[i].language && !text_language_tag(arena, texts[i].language, &texts[i].language))
            error_add_fault(error, at, FAULT_LANGUAGE, NULL, NULL);
        for (size_t j = 0; texts[i].language && j < i; j++)
            if (text_equal(texts[i].language, texts[j].language)) {
                error_add_fault(error, at, FAULT_TWICE, texts[i].language, NULL);
                break;
            }
        if (texts[i].title && text_is_blank(texts[i].title))
            error_add_fault(error, arena_format(arena, "%s/title", pointer), FAULT_REQUIRED, NULL, NULL);
        if (texts[i].text && text_is_blank(texts[i].text))
            error_add_fault(error, arena_format(arena, "%s/text", pointer), FAULT_REQUIRED, NULL, NULL);
    }
}

/* A version stands in addresses and on paper: letters and digits, and dots, dashes and underscores between them. */
static bool
is_version(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (at > text && strchr("._-", *at))))
            return false;
    return true;
}

static void
check_notice(struct arena *arena, const void *record, const char *pointer, int32_t today, struct error **error)
{
    (void)today, (void)pointer;
    const struct notice_in *in = record;
    if (in->version && !is_version(in->version))
        error_add_fault(error, "/version", FAULT_VERSION, NULL, NULL);
    check_texts(arena, &in->texts, error);
}

#define AT(member) .name = #member, .offset = offsetof(struct notice_text, member)
static const struct field text_fields[] = {
    {AT(language), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 2, .maximum = 35, .about = "language tag, BCP 47: id, jv, ms-Arab"},
    {AT(title), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_NAME},
    {AT(text), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .minimum = 1, .maximum = NOTICE_TEXT_MAX, .about = "read aloud; an empty line parts paragraphs"},
};
static FIELD_TABLE(text_table, "NoticeText", struct notice_text, text_fields);
#undef AT
#define TEXTS_FIELD                                                                                                                                       \
    {.name = "texts", .offset = offsetof(struct notice_in, texts), .kind = FIELD_ARRAY, .flags = FIELD_REQUIRED | FIELD_NO_NULL, .minimum = 1,            \
     .maximum = NOTICE_LANGUAGES_MAX, .table = &text_table, .about = "one a language"}
static const struct field notice_fields[] = {
    {.name = "version", .offset = offsetof(struct notice_in, version), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = NOTICE_VERSION_MAX},
    TEXTS_FIELD,
};
FIELD_TABLE_CHECKED(notice_table, "Notice", struct notice_in, notice_fields, check_notice);
static const struct field change_fields[] = {TEXTS_FIELD};
FIELD_TABLE(notice_change_table, "NoticeChange", struct notice_in, change_fields);

/* --- making, changing, publishing ------------------------------------------------------------------------------------------------------------- */

void
notice_texts_print(struct buffer *buffer, const struct notice_text *texts, size_t count)
{
    json_open(buffer, "texts", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "language", texts[i].language);
        json_put_text(buffer, "title", texts[i].title);
        json_put_text(buffer, "text", texts[i].text);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

static const char *
notice_json(struct tx *tx, const struct notice_row *row, const struct notice_text *texts, size_t count)
{
    struct buffer buffer;
    buffer_init(&buffer, tx->arena);
    json_open(&buffer, NULL, '{');
    json_put_text(&buffer, "version", row->version);
    json_put_text(&buffer, "state", row->state);
    notice_texts_print(&buffer, texts, count);
    json_close(&buffer, '}');
    return buffer_text(&buffer);
}

static struct error *
append_leaf(struct tx *tx, const struct actor *actor, const char *action, struct id id, const char *before, const char *after)
{
    struct audit_part part = {.kind = "notice", .id = id, .before = before, .after = after};
    struct audit_change change = {.action = action, .record_id = id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

static struct error *
refuse_taken(struct arena *arena, const char *version)
{
    struct error *error = error_with(ERROR_EXISTS, arena_format(arena, "versi %s", version), NULL, NULL);
    error_in_english(error, 0, arena_format(arena, "version %s", version));
    return error;
}

struct error *
notice_make(struct tx *tx, const struct actor *actor, const struct notice_in *in, struct notice_row *ret_row)
{
    struct notice_row row = {.version = in->version, .id = tx_new_id(tx), .state = "draft", .revision = 1, .made_by = actor->user_id, .made_at_ms = tx->now_ms}, taken;
    bool found = false;
    TRY(notice_store_load(tx, in->version, &taken, &found));
    if (found)
        return refuse_taken(tx->arena, in->version);
    TRY(notice_store_insert(tx, &row));
    TRY(notice_store_replace_texts(tx, row.version, in->texts.items, in->texts.count));
    TRY(append_leaf(tx, actor, "notice.create", row.id, NULL, notice_json(tx, &row, in->texts.items, in->texts.count)));
    *ret_row = row;
    return NULL;
}

/* The draft that an act is on, with its texts. */
static struct error *
load_draft(struct tx *tx, const char *version, int64_t if_match, enum barred act, struct notice_row *ret_row, struct notice_text **ret_texts, size_t *ret_count)
{
    bool found = false;
    TRY(notice_store_load(tx, version, ret_row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    if (!text_equal(ret_row->state, "draft"))
        return error_state(&notice_state_codes, ret_row->state, act);
    TRY(notice_store_texts(tx, version, ret_texts, ret_count));
    if (if_match < 0 || if_match == ret_row->revision)
        return NULL;
    struct error *error = error_new(ERROR_STALE);
    error_add_member(error, "current", notice_json(tx, ret_row, *ret_texts, *ret_count), true);
    return error;
}

struct error *
notice_change(struct tx *tx, const struct actor *actor, const char *version, const struct notice_in *in, int64_t if_match, struct notice_row *ret_row)
{
    struct notice_text *before = NULL;
    size_t count = 0;
    struct error *faults = NULL;
    TRY(load_draft(tx, version, if_match, BARRED_CHANGE, ret_row, &before, &count));
    if (in->texts.count == 0)
        return error_field("/texts", FAULT_REQUIRED, NULL, NULL);
    check_texts(tx->arena, &in->texts, &faults);
    if (faults)
        return faults;
    ret_row->revision++;
    TRY(notice_store_update(tx, ret_row));
    TRY(notice_store_replace_texts(tx, version, in->texts.items, in->texts.count));
    return append_leaf(tx, actor, "notice.change", ret_row->id, notice_json(tx, ret_row, before, count), notice_json(tx, ret_row, in->texts.items, in->texts.count));
}

static bool
has_language(const struct notice_text *texts, size_t count, const char *language)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(texts[i].language, language))
            return true;
    return false;
}

struct error *
notice_publish(struct tx *tx, const struct actor *actor, const char *version, int64_t if_match, struct notice_row *ret_row)
{
    return notice_publish_at(tx, actor, version, if_match, tx->now_ms, ret_row);
}

struct error *
notice_publish_at(struct tx *tx, const struct actor *actor, const char *version, int64_t if_match, int64_t at_ms, struct notice_row *ret_row)
{
    struct notice_text *texts = NULL;
    size_t count = 0;
    struct error *faults = NULL;
    TRY(load_draft(tx, version, if_match, BARRED_PUBLISH, ret_row, &texts, &count));
    for (size_t i = 0; i < sizeof languages_needed / sizeof languages_needed[0]; i++)
        if (!has_language(texts, count, languages_needed[i]))
            error_add_fault(&faults, "/texts", FAULT_LANGUAGE_NEEDED, languages_needed[i], NULL);
    if (faults)
        return faults;
    const char *before = notice_json(tx, ret_row, NULL, 0);
    ret_row->state = "published";
    ret_row->revision++;
    ret_row->published_by = actor->user_id;
    ret_row->published_at_ms = at_ms;
    TRY(notice_store_update(tx, ret_row));
    return append_leaf(tx, actor, "notice.publish", ret_row->id, before, notice_json(tx, ret_row, texts, count));
}

/* --- what a consent names ---------------------------------------------------------------------------------------------------------------------- */

static const char *
join(struct arena *arena, const char *before, const char *word)
{
    return before ? arena_format(arena, "%s, %s", before, word) : word;
}

#define NAMED_MAX 20

static struct error *
refuse_version(struct tx *tx, const char *at, struct error **error)
{
    struct notice_row rows[NAMED_MAX];
    size_t count = 0;
    const char *named = NULL;
    TRY(notice_store_page(tx, "", false, NAMED_MAX, rows, &count));
    for (size_t i = 0; i < count; i++)
        named = join(tx->arena, named, rows[i].version);
    error_add_fault(error, arena_format(tx->arena, "%s/notice_version", at), FAULT_CODE, named, NULL);
    return NULL;
}

static struct error *
refuse_language(struct tx *tx, const char *version, const char *at, struct error **error)
{
    struct notice_text *texts = NULL;
    size_t count = 0;
    const char *named = NULL;
    TRY(notice_store_texts(tx, version, &texts, &count));
    for (size_t i = 0; i < count; i++)
        named = join(tx->arena, named, texts[i].language);
    error_add_fault(error, arena_format(tx->arena, "%s/language", at), FAULT_NOTICE_LANGUAGE, version, named);
    return NULL;
}

struct error *
notice_check(struct tx *tx, const char *version, const char *language, const char *at, struct error **error)
{
    const char *tag = NULL;
    bool said = false, found = false;
    struct notice_row row;
    if (!version)
        return NULL;
    if (language && text_language_tag(tx->arena, language, &tag))
        TRY(notice_store_is_said(tx, version, tag, &said));
    if (said)
        return NULL;
    TRY(notice_store_load(tx, version, &row, &found));
    if (!found || !text_equal(row.state, "published"))
        return refuse_version(tx, at, error);
    return language ? refuse_language(tx, version, at, error) : NULL;
}
