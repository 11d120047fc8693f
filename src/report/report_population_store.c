/* report_population_store.c: SQL of the people of a past day. A household lived where its first stay that ended later says, or where it lives now. */
#include "report/report_population_store.h"

/* $1 is the day. Who joined later than at registration is of the household from that day on, whenever it was written down. */
#define HOUSES(place) \
    "WITH place AS (" place "), house AS (" \
    "SELECT h.id, (h.created_at_ms + 32400000) / 86400000 AS since FROM place CROSS JOIN household h WHERE h.region_id = place.id " \
    "AND NOT EXISTS (SELECT 1 FROM household_stay t WHERE t.household_id = h.id AND t.until_on > $1) " \
    "AND NOT EXISTS (SELECT 1 FROM household_ended x WHERE x.household_id = h.id AND x.ended_on <= $1) " \
    "UNION ALL " \
    "SELECT h.id, (h.created_at_ms + 32400000) / 86400000 AS since FROM place CROSS JOIN household_stay s CROSS JOIN household h WHERE s.region_id = place.id " \
    "AND s.until_on > $1 AND NOT EXISTS (SELECT 1 FROM household_stay t WHERE t.household_id = s.household_id AND t.until_on > $1 AND t.until_on < s.until_on) " \
    "AND h.id = s.household_id AND NOT EXISTS (SELECT 1 FROM household_ended x WHERE x.household_id = h.id AND x.ended_on <= $1)) "
#define PEOPLE \
    "SELECT sex, birth_date, count(*) FROM (" \
    "SELECT m.sex, m.birth_date FROM house CROSS JOIN member m WHERE m.household_id = house.id AND (m.left_on IS NULL OR m.left_on > $1) " \
    "AND m.left_reason IS DISTINCT FROM 'entered_in_error' AND coalesce(m.joined_on, house.since) <= $1 " \
    "UNION ALL " \
    "SELECT m.sex, m.birth_date FROM house CROSS JOIN member_past p CROSS JOIN member m WHERE p.household_id = house.id AND p.left_on > $1 " \
    "AND coalesce(p.joined_on, house.since) <= $1 AND m.id = p.member_id AND m.left_reason IS DISTINCT FROM 'entered_in_error') AS people GROUP BY sex, birth_date"
STATEMENT_READ(population_region, HOUSES("SELECT descendant AS id FROM region_closure WHERE ancestor = $2") PEOPLE)
STATEMENT_READ(population_scope, HOUSES("SELECT region_id AS id FROM user_scope WHERE user_id = $2") PEOPLE)
STATEMENT_READ(population_all, HOUSES("SELECT id FROM region") PEOPLE)

struct error *
population_store_each(struct tx *tx, const struct actor *actor, const struct population_filter *filter, population_visit visit, void *context)
{
    bool by_region = !id_is_zero(filter->region_id), row = false;
    struct cursor *cursor = cursor_start(tx->db, by_region ? &population_region : actor->all_regions ? &population_all : &population_scope);
    cursor_bind_int(cursor, 1, filter->on);
    if (by_region || !actor->all_regions)
        cursor_bind_id(cursor, 2, by_region ? filter->region_id : actor->user_id);
    struct error *error = NULL;
    while (!(error = cursor_next(cursor, &row)) && row)
        visit(context, cursor_peek_text(cursor, 0), (int32_t)cursor_int(cursor, 1), cursor_int(cursor, 2));
    cursor_end(cursor);
    return error;
}
