/* need_http.c: the needs map as a table and as a file, and the definitions behind it. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/export.h"
#include "lumbung/region.h"
#include "lumbung/registry.h"
#include "need/need_table.h"

static const struct code group_words[NEED_GROUPS] = {
    [NEED_ALL] = {"all", "semua orang", "all persons"}, [NEED_GROUP_FEMALE] = {"female", "perempuan", "women and girls"},
    [NEED_GROUP_MALE] = {"male", "laki-laki", "men and boys"}, [NEED_GROUP_OTHER_SEX] = {"other_sex", "jenis kelamin lain", "another sex"},
    [NEED_GROUP_UNDER_5] = {"age_0_4", "umur 0-4", "aged 0 to 4"}, [NEED_GROUP_5_17] = {"age_5_17", "umur 5-17", "aged 5 to 17"},
    [NEED_GROUP_18_59] = {"age_18_59", "umur 18-59", "aged 18 to 59"}, [NEED_GROUP_60_UP] = {"age_60_up", "umur 60 ke atas", "aged 60 and over"},
    [NEED_GROUP_DISABLED] = {"disability", "dengan disabilitas", "with a disability"},
    [NEED_GROUP_NOT_DISABLED] = {"no_disability", "tanpa disabilitas", "without a disability"}, [NEED_HOUSEHOLDS] = {"households", "rumah tangga", "households"},
};
const struct code_list need_group_codes = CODE_LIST("need_group", 1, group_words);

struct need_query {
    struct presence presence;
    const char *region, *category, *group;
    int32_t as_of, since;
};
static const struct field need_query_fields[] = {
    {"region", offsetof(struct need_query, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "the area; without it, what the caller may see"},
    {"category", offsetof(struct need_query, category), FIELD_TEXT, 0, 1, 40, NULL, NULL, "a word of need_category; without it, all"},
    {"group", offsetof(struct need_query, group), FIELD_TEXT, 0, 1, 40, NULL, NULL, "a word of need_group for the areas below: all by default"},
    {"as_of", offsetof(struct need_query, as_of), FIELD_DATE, FIELD_PAST, 0, 0, NULL, NULL, "the day; today by default"},
    {"since", offsetof(struct need_query, since), FIELD_DATE, FIELD_PAST, 0, 0, NULL, NULL, "an earlier day to compare with"},
};
static FIELD_TABLE(need_query_table, "NeedQuery", struct need_query, need_query_fields);

/* What is asked, and the two tables that answer it. */
struct need_answer {
    const struct need_query *query;
    struct need_index *index;
    int category, group; /* -1: all categories; a word that there is not gives nothing */
    bool nothing, hides, has_before;
    int32_t as_of, since;
    struct need_table now, before;
};

static int
group_find(const char *word)
{
    for (int i = 0; i < NEED_GROUPS; i++)
        if (text_equal(group_words[i].word, word))
            return i;
    return -1;
}

static struct error *
find_places(struct tx *tx, const struct call *call, struct need_answer *answer, struct region *region, struct id **ret_roots, size_t *ret_count)
{
    *ret_count = 0;
    if (answer->query->region == NULL)
        return call->actor->all_regions ? NULL : need_store_roots(tx, call->actor->user_id, ret_roots, ret_count);
    struct error *error = region_by_code(tx, call->actor, answer->query->region, region);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        answer->nothing = true;
        return NULL;
    }
    *ret_roots = &region->id;
    *ret_count = 1;
    return error;
}

static size_t
place_list(struct arena *arena, const struct need_index *index, const struct call *call, const struct need_answer *answer, const struct id *ids, size_t count,
           size_t **ret_places)
{
    size_t filled = 0;
    *ret_places = ARENA_ARRAY(arena, size_t, index->place_count + 1);
    if (call->actor->all_regions && answer->query->region == NULL)
        for (size_t at = 0; at < index->place_count; at += index->places[at].run)
            (*ret_places)[filled++] = at;
    for (size_t i = 0; i < count; i++) {
        size_t place = need_index_place(index, ids[i]);
        if (place != SIZE_MAX)
            (*ret_places)[filled++] = place;
    }
    return filled;
}

static struct error *
read_query(struct tx *tx, const struct call *call, struct need_answer *answer)
{
    const struct need_query *query = call->query;
    int32_t today = date_of_instant(tx->now_ms, NEED_ZONE_MIN);
    *answer = (struct need_answer){.query = query, .category = query->category ? need_category_find(query->category) : -1,
                                   .group = query->group ? group_find(query->group) : NEED_ALL,
                                   .as_of = field_present(&need_query_table, query, "as_of") ? query->as_of : today,
                                   .has_before = field_present(&need_query_table, query, "since"), .since = query->since};
    answer->nothing = (query->category && answer->category < 0) || answer->group < 0;
    answer->hides = !actor_may(call->actor, PERM_HOUSEHOLD_READ) || call->actor->masking == MASKING_PSEUDONYM;
    if (answer->has_before && answer->since >= answer->as_of) {
        char text[DATE_TEXT_SIZE];
        date_print(answer->since + 1, text);
        return query_refusal(tx->arena, "as_of", &(struct fault){.pointer = "as_of", .code = FAULT_BEFORE, .arguments = {text}}, call->language);
    }
    return NULL;
}

/* The read lock is held when it succeeds. */
static struct error *
answer_lock(struct tx *tx, const struct call *call, struct need_answer *answer)
{
    struct need_index *index = NULL;
    struct id *ids = NULL;
    size_t count = 0, *places;
    struct region region;
    TRY(read_query(tx, call, answer));
    TRY(find_places(tx, call, answer, &region, &ids, &count));
    TRY(need_index_lock(tx, &index));
    answer->index = index;
    count = place_list(tx->arena, index, call, answer, ids, count, &places);
    answer->nothing = answer->nothing || count == 0;
    if (answer->nothing)
        return NULL;
    need_table_make(tx->arena, index, places, count, answer->as_of, answer->hides, &answer->now);
    if (answer->has_before)
        need_table_make(tx->arena, index, places, count, answer->since, answer->hides, &answer->before);
    return NULL;
}

static void
answer_unlock(const struct need_answer *answer)
{
    need_index_unlock(answer->index);
}

/* --- rows as they are printed ------------------------------------------------------------------------------------------------------ */

struct line {
    const struct need_row *row;
    const struct need_cell *cell, *before; /* before: NULL without */
    int category, group;
    int64_t weighted[NEED_FIGURES];        /* whole households or persons of the frame */
};
typedef void (*line_printer)(struct buffer *buffer, const struct need_answer *answer, const struct line *line);

static int64_t
whole(int64_t thousandths)
{
    return (thousandths + NEED_WEIGHT_ONE / 2) / NEED_WEIGHT_ONE;
}

static struct line
make_line(const struct need_answer *answer, size_t number, int category, int group)
{
    const struct need_row *row = &answer->now.rows[number];
    const struct need_sums *sums = &row->counts.weighted;
    struct line line = {.row = row, .category = category, .group = group, .cell = &row->cells[category][group],
                        .before = answer->has_before ? &answer->before.rows[number].cells[category][group] : NULL};
    int64_t need = whole(sums->need[category].lane[group]), covered = whole(sums->covered[category].lane[group]);
    const int64_t weighted[NEED_FIGURES] = {whole(sums->people.lane[group]), whole(sums->known[category].lane[group]), need, covered, need - covered};
    memcpy(line.weighted, weighted, sizeof weighted);
    return line;
}

/* Whoever lived in the area itself on one day and not on the other makes one table a row longer: those rows are matched by their place. */
static void
align_before(struct arena *arena, struct need_answer *answer)
{
    if (!answer->has_before || answer->nothing)
        return;
    struct need_row *rows = ARENA_ARRAY(arena, struct need_row, answer->now.count);
    for (size_t i = 0; i < answer->now.count; i++) {
        rows[i] = (struct need_row){.place = answer->now.rows[i].place};
        for (size_t j = 0; j < answer->before.count; j++)
            if (answer->before.rows[j].place == rows[i].place && answer->before.rows[j].own == answer->now.rows[i].own && (i == 0) == (j == 0))
                rows[i] = answer->before.rows[j];
    }
    answer->before = (struct need_table){rows, answer->now.count};
}

/* The area itself in every group, then those below it in the one that was asked for. */
static void
print_lines(struct buffer *buffer, const struct need_answer *answer, bool total, line_printer print)
{
    for (size_t i = total ? 0 : 1; !answer->nothing && i < (total ? 1 : answer->now.count); i++)
        for (int category = 0; category < NEED_CATEGORIES; category++) {
            if (!answer->index->definitions.defined[category] || (answer->category >= 0 && answer->category != category))
                continue;
            for (int group = 0; group < NEED_GROUPS; group++)
                if (total || group == answer->group) {
                    struct line line = make_line(answer, i, category, group);
                    print(buffer, answer, &line);
                }
        }
}

static const char *const figure_names[NEED_FIGURES] = {"people", "assessed", "need", "covered", "gap"};

static void
print_figures(struct buffer *buffer, const char *key, const struct need_cell *cell, const int64_t values[NEED_FIGURES])
{
    if (key)
        json_open(buffer, key, '{');
    for (size_t i = 0; i < NEED_FIGURES; i++)
        if (cell->hidden[i])
            json_put_null(buffer, figure_names[i]);
        else
            json_put_int(buffer, figure_names[i], values[i]);
    if (key)
        json_close(buffer, '}');
}

static void
print_place(struct buffer *buffer, const char *key, const struct need_place *place)
{
    if (place == NULL) {
        json_put_null(buffer, key);
        return;
    }
    json_open(buffer, key, '{');
    json_put_text(buffer, "code", place->code);
    json_put_text(buffer, "name", place->name);
    json_put_text(buffer, "kind", place->kind);
    json_put_int(buffer, "level", place->level);
    json_put_bool(buffer, "has_children", place->run > 1);
    json_close(buffer, '}');
}

static void
print_line(struct buffer *buffer, const struct need_answer *answer, const struct line *line)
{
    json_open(buffer, NULL, '{');
    print_place(buffer, "region", line->row->place);
    json_put_bool(buffer, "own", line->row->own);
    json_put_text(buffer, "category", need_category_codes.codes[line->category].word);
    json_put_text(buffer, "group", group_words[line->group].word);
    print_figures(buffer, NULL, line->cell, line->cell->value);
    if (answer->index->definitions.weight)
        print_figures(buffer, "weighted", line->cell, line->weighted);
    if (line->before)
        print_figures(buffer, "before", line->before, line->before->value);
    json_close(buffer, '}');
}

static struct error *
need_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct need_answer answer;
    TRY(answer_lock(tx, call, &answer));
    align_before(tx->arena, &answer);
    json_open(&reply->body, NULL, '{');
    json_put_date(&reply->body, "as_of", answer.as_of);
    if (answer.has_before)
        json_put_date(&reply->body, "since", answer.since);
    else
        json_put_null(&reply->body, "since");
    json_put_int(&reply->body, "definition_version", answer.index->definitions.version);
    json_put_bool(&reply->body, "small_hidden", answer.hides);
    print_place(&reply->body, "region", answer.nothing ? NULL : answer.now.rows[0].place);
    json_open(&reply->body, "total", '[');
    print_lines(&reply->body, &answer, true, print_line);
    json_close(&reply->body, ']');
    json_open(&reply->body, "items", '[');
    print_lines(&reply->body, &answer, false, print_line);
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    answer_unlock(&answer);
    return NULL;
}

/* --- the file ----------------------------------------------------------------------------------------------------------------------- */

static void
csv_figures(struct buffer *buffer, const struct need_cell *cell, const int64_t values[NEED_FIGURES])
{
    for (size_t i = 0; i < NEED_FIGURES; i++) {
        buffer_char(buffer, ',');
        if (cell && cell->hidden[i])
            buffer_char(buffer, '*');
        else if (cell)
            buffer_int(buffer, values[i]);
    }
}

static void
csv_line(struct buffer *buffer, const struct need_answer *answer, const struct line *line)
{
    char day[DATE_TEXT_SIZE];
    const struct need_place *place = line->row->place;
    date_print(answer->as_of, day);
    export_csv_text(buffer, place ? place->code : "");
    buffer_char(buffer, ',');
    export_csv_text(buffer, place ? place->name : "");
    buffer_format(buffer, ",%s,%s,%s,%s", line->row == &answer->now.rows[0] ? "total" : line->row->own ? "own" : "below",
                  need_category_codes.codes[line->category].word, group_words[line->group].word, day);
    csv_figures(buffer, line->cell, line->cell->value);
    csv_figures(buffer, answer->index->definitions.weight ? line->cell : NULL, line->weighted);
    day[0] = '\0';
    if (line->before)
        date_print(answer->since, day);
    buffer_format(buffer, ",%s", day);
    csv_figures(buffer, line->before, line->before ? line->before->value : NULL);
    buffer_add(buffer, "\r\n");
}

static struct error *
need_csv_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct need_answer answer;
    TRY(answer_lock(tx, call, &answer));
    align_before(tx->arena, &answer);
    buffer_add(&reply->body, "region_code,region,row,category,group,as_of,people,assessed,need,covered,gap,weighted_people,weighted_assessed,weighted_need,weighted_covered,"
                             "weighted_gap,since,people_before,assessed_before,need_before,covered_before,gap_before\r\n");
    print_lines(&reply->body, &answer, true, csv_line);
    print_lines(&reply->body, &answer, false, csv_line);
    answer_unlock(&answer);
    reply->content_type = "text/csv; charset=utf-8";
    reply->filename = tx->registry->is_demo ? "CONTOH-kebutuhan.csv" : "kebutuhan.csv";
    return NULL;
}

/* --- definitions ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
print_definitions(struct tx *tx, struct reply *reply)
{
    struct need_definitions definitions;
    TRY(need_definitions_load(tx, tx->arena, &definitions));
    json_open(&reply->body, NULL, '{');
    json_put_int(&reply->body, "version", definitions.version);
    json_put_raw(&reply->body, "definition", definitions.text);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
definitions_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)call;
    return print_definitions(tx, reply);
}

static struct error *
define_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    int64_t version = 0;
    TRY(need_definitions_make(tx, call->actor, call->json, &version));
    reply->status = 201;
    return print_definitions(tx, reply);
}

#define NEED_READ .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .perm_or = PERM_EXPORT_AGGREGATE, .has_perm_or = true

const struct route need_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/needs", NEED_READ, .scope = SCOPE_REGION, .query = &need_query_table,
     .summary = "Need, coverage and gap of an area and of those below it", .step = need_step},
    {.method = METHOD_GET, .path = "/api/v1/exports/needs.csv", NEED_READ, .scope = SCOPE_REGION, .query = &need_query_table,
     .summary = "The same figures as a file", .step = need_csv_step},
    {.method = METHOD_GET, .path = "/api/v1/needs/definitions", NEED_READ, .scope = SCOPE_NONE, .summary = "What makes a need and what covers it",
     .step = definitions_step},
    {.method = METHOD_POST, .path = "/api/v1/needs/definitions", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .body = BODY_JSON, .action = "need.define", .summary = "Define needs anew; everything is counted again", .step = define_step},
    {0},
};
