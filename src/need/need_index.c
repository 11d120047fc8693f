/* need_index.c: households packed into a few dozen bytes each, chained by region. */
#include "need/need_index.h"

#include <string.h>

#include "lumbung/base/time.h"

struct packed {
    struct id id;
    uint32_t parts;       /* persons, marks, covers, one behind the other: a run of words */
    uint32_t chain, next; /* COLUMN_NONE: the end */
    uint32_t weight_milli;
    uint16_t from, until, room; /* room: words of the run */
    uint16_t issues, seen, officer;
    uint8_t person_count, mark_count, cover_count;
};
/* The sums of one region on one day: a country is the sum of its regions, so that it need not look at every household again. */
enum { ROW_PEOPLE = 0, ROW_KNOWN = 1, ROW_NEED = ROW_KNOWN + NEED_CATEGORIES, ROW_COVERED = ROW_NEED + NEED_CATEGORIES, ROWS = ROW_COVERED + NEED_CATEGORIES };
_Static_assert(ROWS * sizeof(struct need_lanes) == sizeof(struct need_sums), "the rows of a tally are those of need_sums");
struct tally {
    uint32_t plain[ROWS][NEED_LANES];
    int64_t (*weighted)[NEED_LANES]; /* ROWS of them; NULL without weights */
    uint16_t day;
    bool holds; /* nothing changed since */
};
#define TALLIES 2
struct chain {
    struct id region_id;
    uint32_t first, last;
    struct tally *tallies[TALLIES]; /* the day asked for last stands first */
};

struct need_index *
need_index_create(void)
{
    struct arena *arena = arena_create();
    struct need_index *index = ARENA_NEW(arena, struct need_index);
    *index = (struct need_index){.arena = arena, .households = {.arena = arena, .item_size = sizeof(struct packed)},
                                 .chains = {.arena = arena, .item_size = sizeof(struct chain)},
                                 .officers = {.arena = arena, .item_size = sizeof(struct id)}, .words = {.arena = arena, .item_size = sizeof(uint32_t)}};
    column_add(&index->officers);
    pthread_rwlock_init(&index->lock, NULL);
    pthread_mutex_init(&index->working, NULL);
    pthread_mutex_init(&index->tallying, NULL);
    return index;
}

void
need_index_free(struct need_index *index)
{
    if (!index)
        return;
    pthread_rwlock_destroy(&index->lock);
    pthread_mutex_destroy(&index->working);
    pthread_mutex_destroy(&index->tallying);
    arena_destroy(index->household_slots.arena);
    arena_destroy(index->chain_slots.arena);
    arena_destroy(index->place_arena);
    arena_destroy(index->definition_arena);
    arena_destroy(index->arena);
}

static uint32_t
hash_id(struct id id)
{
    uint32_t hash;
    memcpy(&hash, id.bytes + 12, sizeof hash);
    return hash * UINT32_C(0x9E3779B1);
}

static struct packed *
packed_at(const struct need_index *index, uint32_t number)
{
    return column_at(&index->households, number);
}

uint32_t
need_index_chain(struct need_index *index, struct id region_id)
{
    uint32_t hash = hash_id(region_id), number;
    size_t position = SIZE_MAX;
    while ((number = slots_next(&index->chain_slots, hash, &position)) != COLUMN_NONE)
        if (id_equal(((struct chain *)column_at(&index->chains, number))->region_id, region_id))
            return number;
    struct chain *chain = column_add(&index->chains);
    *chain = (struct chain){.region_id = region_id, .first = COLUMN_NONE, .last = COLUMN_NONE};
    slots_add(&index->chain_slots, hash, index->chains.count - 1);
    return index->chains.count - 1;
}

static uint32_t
find(const struct need_index *index, struct id id)
{
    uint32_t number;
    size_t position = SIZE_MAX;
    while ((number = slots_next(&index->household_slots, hash_id(id), &position)) != COLUMN_NONE)
        if (id_equal(packed_at(index, number)->id, id))
            return number;
    return COLUMN_NONE;
}

static void
leave_chain(struct need_index *index, uint32_t number)
{
    struct packed *packed = packed_at(index, number);
    struct chain *chain = column_at(&index->chains, packed->chain);
    uint32_t before = COLUMN_NONE, at = chain->first;
    while (at != number) {
        before = at;
        at = packed_at(index, at)->next;
    }
    if (before == COLUMN_NONE)
        chain->first = packed->next;
    else
        packed_at(index, before)->next = packed->next;
    if (chain->last == number)
        chain->last = before;
}

static void
join_chain(struct need_index *index, uint32_t number, uint32_t chain_number)
{
    struct chain *chain = column_at(&index->chains, chain_number);
    struct packed *packed = packed_at(index, number);
    packed->chain = chain_number;
    packed->next = COLUMN_NONE;
    if (chain->last == COLUMN_NONE)
        chain->first = number;
    else
        packed_at(index, chain->last)->next = number;
    chain->last = number;
}

/* Officers are few. Past the number that fits, the rest is nobody's. */
static uint16_t
officer_of(struct need_index *index, struct id id)
{
    for (uint32_t i = 0; i < index->officers.count; i++)
        if (id_equal(*(struct id *)column_at(&index->officers, i), id))
            return (uint16_t)i;
    if (index->officers.count == UINT16_MAX)
        return 0;
    *(struct id *)column_add(&index->officers) = id;
    return (uint16_t)(index->officers.count - 1);
}

static void
pack(struct need_index *index, struct packed *packed, const struct need_household *household)
{
    size_t persons = household->person_count * sizeof(struct need_person), marks = household->mark_count * sizeof(struct need_mark);
    size_t covers = household->cover_count * sizeof(struct need_cover), length = persons + marks + covers;
    size_t words = (length + sizeof(uint32_t) - 1) / sizeof(uint32_t);
    if (words > packed->room) {
        packed->room = (uint16_t)words;
        packed->parts = column_add_run(&index->words, (uint32_t)words);
    }
    uint8_t *parts = words ? column_at(&index->words, packed->parts) : NULL;
    if (persons)
        memcpy(parts, household->persons, persons);
    if (marks)
        memcpy(parts + persons, household->marks, marks);
    if (covers)
        memcpy(parts + persons + marks, household->covers, covers);
    packed->person_count = household->person_count;
    packed->mark_count = household->mark_count;
    packed->cover_count = household->cover_count;
    packed->from = household->from;
    packed->until = household->until;
    packed->weight_milli = household->weight_milli;
    packed->issues = household->issues;
    packed->seen = household->seen;
    packed->officer = officer_of(index, household->registered_by);
}

static void
forget_tallies(struct need_index *index, uint32_t chain_number)
{
    struct chain *chain = column_at(&index->chains, chain_number);
    for (size_t i = 0; i < TALLIES; i++)
        if (chain->tallies[i])
            chain->tallies[i]->holds = false;
}

void
need_index_put_definitions(struct need_index *index, struct arena *arena, const struct need_definitions *definitions)
{
    pthread_rwlock_wrlock(&index->lock);
    struct arena *old = index->definition_arena;
    index->definition_arena = arena;
    index->definitions = *definitions;
    index->ready = false;
    for (uint32_t i = 0; i < index->chains.count; i++)
        forget_tallies(index, i);
    pthread_rwlock_unlock(&index->lock);
    arena_destroy(old);
}

void
need_index_put(struct need_index *index, const struct need_household *household)
{
    pthread_rwlock_wrlock(&index->lock);
    uint32_t number = find(index, household->id), chain = need_index_chain(index, household->region_id);
    if (number == COLUMN_NONE) {
        struct packed *packed = column_add(&index->households);
        number = index->households.count - 1;
        packed->id = household->id;
        slots_add(&index->household_slots, hash_id(household->id), number);
        join_chain(index, number, chain);
    } else if (packed_at(index, number)->chain != chain) {
        forget_tallies(index, packed_at(index, number)->chain);
        leave_chain(index, number);
        join_chain(index, number, chain);
    }
    pack(index, packed_at(index, number), household);
    forget_tallies(index, chain);
    pthread_rwlock_unlock(&index->lock);
}

void
need_counts_add(struct need_counts *counts, const struct need_counts *more)
{
    int64_t *to = (int64_t *)(void *)counts;
    const int64_t *from = (const int64_t *)(const void *)more;
    for (size_t i = 0; i < sizeof *counts / sizeof *to; i++)
        to[i] += from[i];
}

/* --- counting ------------------------------------------------------------------------------------------------------------------------- */

struct counting {
    uint16_t day, adult_before, child_before, elder_before; /* born on such a day or earlier: at least 18, 5 ... */
    uint8_t by_member;   /* categories that concern some members only */
    struct tally *tally;
};

/* The last birth day of who is `years` old on the day. */
static uint16_t
born_before(int32_t as_of, int years)
{
    return need_birth_day(date_add_months(as_of, -12 * years));
}

static bool
is_there(const struct need_person *person, const struct counting *counting)
{
    return person->joined <= counting->day && counting->day < person->left;
}

static void
add_person(uint8_t lanes[NEED_LANES], const struct need_person *person, const struct counting *counting)
{
    lanes[NEED_ALL]++;
    lanes[person->flags & NEED_FEMALE ? NEED_GROUP_FEMALE : person->flags & NEED_MALE ? NEED_GROUP_MALE : NEED_GROUP_OTHER_SEX]++;
    lanes[person->birth <= counting->elder_before   ? NEED_GROUP_60_UP
          : person->birth <= counting->adult_before ? NEED_GROUP_18_59
          : person->birth <= counting->child_before ? NEED_GROUP_5_17
                                                    : NEED_GROUP_UNDER_5]++;
    lanes[person->flags & NEED_DISABLED ? NEED_GROUP_DISABLED : NEED_GROUP_NOT_DISABLED]++;
}

struct view {
    const struct packed *packed;
    const struct need_person *persons;
    const struct need_mark *marks;
    const struct need_cover *covers;
    uint8_t lanes[NEED_LANES];
};

static void
add_to(const struct counting *counting, const struct view *view, size_t row, const uint8_t lanes[NEED_LANES])
{
    for (size_t i = 0; i < NEED_LANES; i++)
        counting->tally->plain[row][i] += lanes[i];
    for (size_t i = 0; counting->tally->weighted && i < NEED_LANES; i++)
        counting->tally->weighted[row][i] += (int64_t)lanes[i] * view->packed->weight_milli;
}

/* Whom the need concerns, and who of them is covered, person by person. The household is covered when all of them are. */
static void
add_some(const struct counting *counting, const struct view *view, size_t category)
{
    uint8_t bit = (uint8_t)(1u << category), need[NEED_LANES] = {0}, covered[NEED_LANES] = {0};
    bool household_covered = false, any_covered = false;
    for (size_t i = 0; i < view->packed->cover_count; i++) {
        const struct need_cover *cover = &view->covers[i];
        bool now = (cover->categories & bit) && cover->from <= counting->day && counting->day < cover->until;
        any_covered = any_covered || now;
        household_covered = household_covered || (now && cover->person == 0);
    }
    for (size_t i = 0; i < view->packed->person_count; i++) {
        const struct need_person *person = &view->persons[i];
        if (!(person->who & bit) || !is_there(person, counting))
            continue;
        bool own = household_covered;
        for (size_t j = 0; j < view->packed->cover_count && any_covered && !own; j++)
            own = view->covers[j].person == i + 1 && (view->covers[j].categories & bit) && view->covers[j].from <= counting->day && counting->day < view->covers[j].until;
        add_person(need, person, counting);
        if (own)
            add_person(covered, person, counting);
    }
    need[NEED_HOUSEHOLDS] = 1;
    covered[NEED_HOUSEHOLDS] = household_covered || (need[NEED_ALL] > 0 && covered[NEED_ALL] == need[NEED_ALL]);
    add_to(counting, view, ROW_NEED + category, need);
    add_to(counting, view, ROW_COVERED + category, covered);
}

static void
add_needs(const struct counting *counting, const struct view *view, const struct need_mark *mark)
{
    uint8_t covered = 0, some = counting->by_member;
    for (size_t i = 0; i < view->packed->cover_count; i++) {
        if (view->covers[i].from > counting->day || counting->day >= view->covers[i].until)
            continue;
        covered |= view->covers[i].categories;
        some |= view->covers[i].person ? view->covers[i].categories : 0;
    }
    for (size_t category = 0; category < NEED_CATEGORIES; category++) {
        uint8_t bit = (uint8_t)(1u << category);
        if (mark->known & bit)
            add_to(counting, view, ROW_KNOWN + category, view->lanes);
        if (!(mark->need & bit))
            continue;
        if (some & bit) {
            add_some(counting, view, category);
            continue;
        }
        add_to(counting, view, ROW_NEED + category, view->lanes);
        if (covered & bit)
            add_to(counting, view, ROW_COVERED + category, view->lanes);
    }
}

static void
add_household(const struct need_index *index, const struct counting *counting, const struct packed *packed)
{
    struct view view = {.packed = packed, .persons = packed->room ? column_at(&index->words, packed->parts) : NULL};
    if (packed->from > counting->day || counting->day >= packed->until)
        return;
    if (packed->room) {
        view.marks = (const struct need_mark *)(const void *)(view.persons + packed->person_count);
        view.covers = (const struct need_cover *)(const void *)(view.marks + packed->mark_count);
    }
    for (size_t i = 0; i < packed->person_count; i++)
        if (is_there(&view.persons[i], counting))
            add_person(view.lanes, &view.persons[i], counting);
    view.lanes[NEED_HOUSEHOLDS] = 1;
    add_to(counting, &view, ROW_PEOPLE, view.lanes);
    const struct need_mark *mark = NULL;
    for (size_t i = 0; i < packed->mark_count && view.marks[i].day <= counting->day; i++)
        mark = &view.marks[i];
    if (mark)
        add_needs(counting, &view, mark);
}

/* The region's sums on the day, from the last time or anew. Readers share the tallies under their own lock. */
static const struct tally *
tally_of(struct need_index *index, struct chain *chain, struct counting *counting)
{
    size_t found = 0;
    while (found + 1 < TALLIES && !(chain->tallies[found] && chain->tallies[found]->day == counting->day))
        found++;
    struct tally *tally = chain->tallies[found];
    for (size_t i = found; i > 0; i--)
        chain->tallies[i] = chain->tallies[i - 1];
    if (tally == NULL)
        tally = ARENA_NEW(index->arena, struct tally);
    chain->tallies[0] = tally;
    if (tally->holds && tally->day == counting->day)
        return tally;
    int64_t(*weighted)[NEED_LANES] = tally->weighted;
    if (index->definitions.weight && weighted == NULL)
        weighted = (int64_t(*)[NEED_LANES])arena_alloc(index->arena, ROWS * sizeof *weighted);
    *tally = (struct tally){.day = counting->day, .holds = true, .weighted = index->definitions.weight ? weighted : NULL};
    if (tally->weighted)
        memset(tally->weighted, 0, ROWS * sizeof *weighted);
    counting->tally = tally;
    for (uint32_t at = chain->first; at != COLUMN_NONE; at = packed_at(index, at)->next)
        add_household(index, counting, packed_at(index, at));
    return tally;
}

static void
add_tally(struct need_counts *counts, const struct tally *tally)
{
    struct need_lanes *plain = (struct need_lanes *)(void *)&counts->plain, *weighted = (struct need_lanes *)(void *)&counts->weighted;
    for (size_t row = 0; row < ROWS; row++)
        for (size_t i = 0; i < NEED_LANES; i++) {
            plain[row].lane[i] += tally->plain[row][i];
            weighted[row].lane[i] += tally->weighted ? tally->weighted[row][i] : 0;
        }
}

void
need_index_count(struct need_index *index, size_t first, size_t run, int32_t as_of, struct need_counts *ret_counts)
{
    struct counting counting = {.day = need_day(as_of), .child_before = born_before(as_of, 5), .adult_before = born_before(as_of, 18),
                                .elder_before = born_before(as_of, 60)};
    memset(ret_counts, 0, sizeof *ret_counts);
    for (size_t i = 0; i < NEED_CATEGORIES; i++)
        if (index->definitions.rules[i].member)
            counting.by_member = (uint8_t)(counting.by_member | 1u << i);
    pthread_mutex_lock(&index->tallying);
    for (size_t i = first; i < first + run; i++) {
        struct chain *chain = column_at(&index->chains, index->places[i].number);
        if (chain->first != COLUMN_NONE)
            add_tally(ret_counts, tally_of(index, chain, &counting));
    }
    pthread_mutex_unlock(&index->tallying);
}

/* --- the data themselves ------------------------------------------------------------------------------------------------------------- */

size_t
need_index_officers(const struct need_index *index)
{
    return index->officers.count;
}

void
need_index_visit(const struct need_index *index, size_t first, size_t run, int32_t today, need_visitor visit, void *context)
{
    uint16_t day = need_day(today);
    for (size_t i = first; i < first + run; i++) {
        const struct chain *chain = column_at(&index->chains, index->places[i].number);
        for (uint32_t at = chain->first; at != COLUMN_NONE; at = packed_at(index, at)->next) {
            const struct packed *packed = packed_at(index, at);
            if (packed->until != NEED_DAY_NEVER)
                continue;
            struct need_visit seen = {.household_id = packed->id, .officer_id = *(struct id *)column_at(&index->officers, packed->officer), .officer = packed->officer,
                                      .issues = packed->issues};
            seen.issues |= (uint16_t)(packed->seen + NEED_STALE_DAYS < day ? 1u << NEED_ISSUE_STALE : 0);
            visit(context, &seen);
        }
    }
}
