/* household_change.h: what happens to a household after its registration: corrections, people who come and go, consent, units that part or join. */
#ifndef LUMBUNG_HOUSEHOLD_CHANGE_H
#define LUMBUNG_HOUSEHOLD_CHANGE_H

#include "household/household_print.h"

struct household_choices;

/* One act on a household: loaded in scope and active, with what it found on the way. */
struct household_act {
    struct tx *tx;
    const struct actor *actor;
    struct household_registered answer; /* the file, warnings and possible duplicates that the reply shows */
    const char *before;                 /* the household's document as it was */
    struct household_changes changes;
    const char *event; /* the action that a change of payee, guardian, account or head is logged as; NULL: a correction */
    struct household_index *index;
};

/* ERROR_NOT_FOUND, ERROR_STATE when it is no longer active, ERROR_STALE with `current` when `if_match` (-1: none) is not its version. */
FALLIBLE struct error *household_act_start(struct tx *tx, const struct actor *actor, struct id household_id, int64_t if_match,
                                           struct household_act *ret_act);
FALLIBLE struct error *household_act_start_member(struct tx *tx, const struct actor *actor, struct id member_id, int64_t if_match,
                                                  struct household_act *ret_act, struct household_member **ret_member);
/* ERROR_STALE with the present household. */
struct error *household_refuse_stale(struct household_act *act);
/* Saves the household, appends the leaf, feeds the index. */
FALLIBLE struct error *household_act_finish(struct household_act *act, const char *action, const char *reason);

/* What a patch would make of it, checked, with nothing changed yet; `row` gets the regions. */
FALLIBLE struct error *household_patched_own(struct household_act *act, const struct json *patch, struct household_row *row, struct household_record **ret_record);
FALLIBLE struct error *household_patched_member(struct household_act *act, struct household_member *member, const struct json *patch,
                                                struct member_record **ret_record);
bool household_guardian_differs(const struct payee_record *old, const struct payee_record *new);
bool household_account_differs(const struct payee_record *old, const struct payee_record *new);

FALLIBLE struct error *household_change_own(struct household_act *act, const struct json *patch);
FALLIBLE struct error *household_change_member(struct household_act *act, struct household_member *member, const struct json *patch);
FALLIBLE struct error *household_add_member(struct household_act *act, const struct member_record *record);
/* Neither before his birth nor before he joined. */
FALLIBLE struct error *household_check_end(const struct household_member *member, int32_t on);
/* `state` left or died; the first day without him is `on`. */
FALLIBLE struct error *household_end_member(struct household_act *act, struct household_member *member, const char *state, const char *reason, int32_t on);
FALLIBLE struct error *household_move_member(struct household_act *act, struct household_member *member, struct id to_household_id,
                                             const char *relationship, int32_t on);
FALLIBLE struct error *household_end(struct household_act *act, const char *state, struct id merged_into);
/* `enrollments` is checked and obeyed by the slice that holds them; NULL leaves all of the household's own where they are. */
FALLIBLE struct error *household_split(struct household_act *act, const struct array *member_ids, struct household_record *record,
                                       const struct json *enrollments, int32_t on, struct id *ret_new_id);
/* Two households that live together from now on: the other's members join this one. With `choices` they are, or some of their people are, one and the
 * same: those in pairs end as entered in error and their chosen values are kept (household_choice.h). */
struct household_joining {
    struct id other_id;
    const struct json *enrollments; /* of the other's own, {id: end or go}; NULL ends them */
    const char *reason;
    const struct household_choices *choices; /* NULL: none */
};
FALLIBLE struct error *household_join(struct household_act *act, const struct household_joining *joining, int32_t on);
/* Takes a merge back, within LIMIT_UNMERGE_DAYS and while target and people are as it left them; ERROR_UNMERGE otherwise. `act` gets the household
 * that had ended, active again with its people. */
FALLIBLE struct error *household_unmerge(struct tx *tx, const struct actor *actor, struct id household_id, int64_t if_match, const char *reason,
                                         struct household_act *ret_act);
/* `reason` "merge" when his whole household goes along; NULL. */
FALLIBLE struct error *household_tell_moved(struct household_act *act, struct id member_id, struct id to_household_id, const char *reason);
void household_forget_member(struct household_file *file, struct household_member *member);
/* One household registered twice: `other` ends, its members as entered in error, and is merged into `kept`. */
FALLIBLE struct error *household_fold_double(struct tx *tx, const struct actor *actor, struct id kept_id, struct id other_id, const char *reason);

#endif
