/* edition_preview.c: where each household goes, told before anything is written. */
#include <string.h>

#include "edition/edition.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define HOUSEHOLDS_SHOWN 500
#define PAGE 500

static bool
sends(const struct edition_row *row)
{
    return row->change == EDITION_SPLIT || row->change == EDITION_MERGED;
}

/* "03" and "3" are one RT; hamlets are compared as people search for them. */
static bool
same_number(const char *wanted, const char *found)
{
    if (found == NULL)
        return false;
    wanted += strspn(wanted, "0");
    found += strspn(found, "0");
    return text_equal(wanted, found);
}

static bool
fits(const struct edition_row *row, struct arena *arena, const struct edition_household *household)
{
    if (row->change == EDITION_MERGED)
        return true;
    if (row->hamlet[0] && (household->hamlet == NULL || !text_equal(text_fold(arena, row->hamlet), text_fold(arena, household->hamlet))))
        return false;
    return (!row->rw[0] || same_number(row->rw, household->rw)) && (!row->rt[0] || same_number(row->rt, household->rt));
}

/* What a merger takes is what the splits before and behind it left. */
const struct edition_row *
edition_way(const struct edition *edition, struct arena *arena, struct id region_id, const struct edition_household *household)
{
    for (int merged = 0; merged < 2; merged++)
        for (size_t i = 0; i < edition->count; i++) {
            const struct edition_row *row = &edition->rows[i];
            if (sends(row) && (row->change == EDITION_MERGED) == (merged == 1) && id_equal(row->from_id, region_id) && fits(row, arena, household))
                return row;
        }
    return NULL;
}

bool
edition_starts_moves(const struct edition *edition, size_t at)
{
    if (!sends(&edition->rows[at]))
        return false;
    for (size_t i = 0; i < at; i++)
        if (sends(&edition->rows[i]) && id_equal(edition->rows[i].from_id, edition->rows[at].from_id))
            return false;
    return true;
}

struct shown {
    struct edition_household household;
    const struct edition_row *row; /* NULL: it stays */
    const char *code;
};
struct survey {
    struct tx *tx;
    const struct edition *edition;
    int64_t *counts;              /* by line */
    struct shown *moving, *staying;
    int64_t moving_count, staying_count;
};

static void
put_household(struct survey *survey, const struct edition_row *row, const char *code, const struct edition_household *household)
{
    int64_t *count = row ? &survey->moving_count : &survey->staying_count;
    if (*count < HOUSEHOLDS_SHOWN)
        (row ? survey->moving : survey->staying)[*count] = (struct shown){*household, row, code};
    ++*count;
    if (row)
        survey->counts[row - survey->edition->rows]++;
}

static struct error *
survey_region(struct survey *survey, const struct edition_row *first)
{
    struct edition_household *page = ARENA_ARRAY(survey->tx->arena, struct edition_household, PAGE);
    struct id after = {{0}};
    size_t count = PAGE;
    while (count == PAGE) {
        TRY(edition_store_households(survey->tx, first->from_id, after, PAGE, page, &count));
        for (size_t i = 0; i < count; i++)
            put_household(survey, edition_way(survey->edition, survey->tx->arena, first->from_id, &page[i]), first->code, &page[i]);
        if (count > 0)
            after = page[count - 1].id;
    }
    return NULL;
}

/* Households of a region that ends without a heir: the edition cannot be applied while there are any. */
static struct error *
survey_abolished(struct survey *survey, size_t at)
{
    const struct edition_row *row = &survey->edition->rows[at];
    for (size_t i = 0; i < survey->edition->count; i++)
        if (sends(&survey->edition->rows[i]) && id_equal(survey->edition->rows[i].from_id, row->from_id))
            return NULL;
    return survey_region(survey, row);
}

static struct error *
print_change(struct survey *survey, size_t at, struct buffer *body)
{
    const struct edition_row *row = &survey->edition->rows[at];
    struct region region;
    int64_t users = 0;
    TRY(region_by_id(survey->tx, row->from_id, &region));
    TRY(edition_store_users(survey->tx, row->from_id, &users));
    json_open(body, NULL, '{');
    json_put_int(body, "line", row->line);
    json_put_text(body, "change", edition_change_words[row->change]);
    json_put_text(body, "code", row->code);
    json_put_text(body, "name", region.name);
    json_put_text(body, "to", row->to[0] ? row->to : NULL);
    json_put_text(body, "to_name", row->name[0] ? row->name : NULL);
    json_put_bool(body, "adds", row->adds);
    json_put_int(body, "households", survey->counts[at]);
    json_put_int(body, "users", users);
    json_close(body, '}');
    return NULL;
}

static void
print_households(struct buffer *body, const char *name, const struct shown *shown, int64_t count)
{
    json_open(body, name, '{');
    json_open(body, "items", '[');
    for (int64_t i = 0; i < count && i < HOUSEHOLDS_SHOWN; i++) {
        json_open(body, NULL, '{');
        json_put_id(body, "household_id", shown[i].household.id);
        json_put_text(body, "from", shown[i].code);
        json_put_text(body, "to", shown[i].row ? shown[i].row->to : shown[i].code);
        json_put_text(body, "hamlet", shown[i].household.hamlet);
        json_put_text(body, "rw", shown[i].household.rw);
        json_put_text(body, "rt", shown[i].household.rt);
        if (shown[i].row)
            json_put_int(body, "line", shown[i].row->line);
        json_close(body, '}');
    }
    json_close(body, ']');
    json_put_int(body, "count", count);
    json_close(body, '}');
}

struct error *
edition_preview_print(struct tx *tx, const struct edition *edition, struct buffer *body)
{
    struct survey survey = {.tx = tx, .edition = edition, .counts = ARENA_ARRAY(tx->arena, int64_t, edition->count),
                            .moving = ARENA_ARRAY(tx->arena, struct shown, HOUSEHOLDS_SHOWN), .staying = ARENA_ARRAY(tx->arena, struct shown, HOUSEHOLDS_SHOWN)};
    for (size_t i = 0; i < edition->count; i++) {
        if (edition_starts_moves(edition, i))
            TRY(survey_region(&survey, &edition->rows[i]));
        if (edition->rows[i].change == EDITION_ABOLISHED)
            TRY(survey_abolished(&survey, i));
    }
    json_open(body, NULL, '{');
    json_open(body, "changes", '[');
    for (size_t i = 0; i < edition->count; i++)
        TRY(print_change(&survey, i, body));
    json_close(body, ']');
    print_households(body, "moving", survey.moving, survey.moving_count);
    print_households(body, "staying", survey.staying, survey.staying_count);
    json_close(body, '}');
    return NULL;
}
