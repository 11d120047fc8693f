/* idem.c: mutant of figure 4: asks before the lane whether the key was used, and the table of keys has lost its UNIQUE. */
#include "before_lane.h"

const struct schema_cut schema_cuts[] = {
    {"PRIMARY KEY (actor_id, operation)", "CHECK (length(operation) = 16)"},
    {0},
};

struct error *__real_idempotency_find(struct tx *tx, struct id actor_id, struct id operation, bool *ret_found,
                                      struct stored_operation *ret_stored);
struct error *__wrap_idempotency_find(struct tx *tx, struct id actor_id, struct id operation, bool *ret_found,
                                      struct stored_operation *ret_stored);

struct error *
__wrap_idempotency_find(struct tx *tx, struct id actor_id, struct id operation, bool *ret_found, struct stored_operation *ret_stored)
{
    struct tx early = before_lane(tx);
    return __real_idempotency_find(&early, actor_id, operation, ret_found, ret_stored);
}
