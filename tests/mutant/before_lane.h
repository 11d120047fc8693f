/* before_lane.h: what mutants share: a view of the registry from when a request came, and changes to the schema. A mutant is the product's
 * own objects with a few functions put in front of them by the linker (--wrap). */
#ifndef TESTS_MUTANT_BEFORE_LANE_H
#define TESTS_MUTANT_BEFORE_LANE_H

#include "http/pipeline.h"

/* A piece of a migration and what stands there in the mutant; a trigger made TEMP ends with the migrator's connection. */
struct schema_cut {
    const char *from, *to;
};
extern const struct schema_cut schema_cuts[]; /* the mutant's; ends with from NULL */

/* The tx with its reads as of the moment when the request came, before it waited for the lane. `tx` itself outside a request. */
struct tx before_lane(const struct tx *tx);
/* Counts the jobs of the lane: a mutant knows by it that what it remembers is of an earlier job. */
int64_t before_lane_job(void);

#endif
