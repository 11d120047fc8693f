/* household.h: households, families and members: registration, corrections, life events, consent, duplicates, search and history. */
#ifndef LUMBUNG_HOUSEHOLD_H
#define LUMBUNG_HOUSEHOLD_H

#include "lumbung/base/crypto.h"
#include "lumbung/http/route.h"

/* The structs of the field tables (API.md, Household and Member) live in src/household/household_record.h; other slices use what is here. */

/* A household as other slices need it. */
struct household_view {
    struct id id, region_id;
    const char *state;       /* active, merged, split, dissolved, left_area */
    int64_t version;
    struct id head_id;       /* member */
    const char *head_name;
    const char *hamlet, *rw, *rt;
    struct id payee_member_id;  /* zero when the payee is a guardian */
    const char *payee_name;
    bool payee_is_guardian;
    const char *account_provider, *account_number, *account_holder; /* NULL without */
    const char *payee_gone;  /* "died", "left": whom the payee names, or whose name the account bears, is no longer here; NULL */
    int member_count;        /* live */
};
/* ERROR_NOT_FOUND when absent or outside the scope. */
FALLIBLE struct error *household_view(struct tx *tx, const struct actor *actor, struct id household_id, struct household_view *ret_view);

/* Its state alone, without opening what is sealed. ERROR_NOT_FOUND as above. */
FALLIBLE struct error *household_state(struct tx *tx, const struct actor *actor, struct id household_id, const char **ret_state);

/* The facts that rules read, exactly with API.md's field names, as of day `on`: {"household":{..., "members":[live on that day], "families":[...],
 * "region":"CODE"}}. Each member has also "id" and, when the birth date is not exact, the possible range "birth_earliest","birth_latest". */
FALLIBLE struct error *household_facts(struct tx *tx, struct id household_id, int32_t on, struct json **ret_facts);

/* Ids of active households in a region's subtree (zero id: all that the actor may see), in the order of (region, id), behind the household
 * `after` (zero id: from the start). None when the region lies outside the actor's scope. */
FALLIBLE struct error *household_list_ids(struct tx *tx, const struct actor *actor, struct id region_id, struct id after, int limit, struct id *ret_ids,
                                          size_t *ret_count);
/* The same household in another region, without any other check: an edition of the codes moves the border, not the people. Tells "household.relocated". */
FALLIBLE struct error *household_relocate(struct tx *tx, const struct actor *actor, struct id household_id, struct id region_id, const char *reason);
/* Is the member alive and live in the household now? */
FALLIBLE struct error *household_member_state(struct tx *tx, struct id member_id, const char **ret_state, struct id *ret_household_id, const char **ret_name);
/* Does an open "nik" duplicate case bar this household's payment (it is the later-registered unit)? */
FALLIBLE struct error *household_payment_barred(struct tx *tx, struct id household_id, bool *ret_barred);
/* Does consent or another basis allow processing for purpose "aid" now? */
FALLIBLE struct error *household_processing_allowed(struct tx *tx, struct id household_id, bool *ret_allowed);
/* Since when not; 0 as long as it may be processed. */
FALLIBLE struct error *household_processing_end(struct tx *tx, struct id household_id, int64_t *ret_at_ms);

/* "P-3F9A61C07B": what a reader sees instead of a name when his role is pseudonymous: stable for him and this registry. */
const char *household_pseudonym(struct tx *tx, const struct actor *actor, struct id id);
/* The same for a million of them: the reader's part is made once. */
#define PSEUDONYM_TEXT_SIZE 13
struct pseudonyms {
    uint8_t key[CRYPTO_KEY_SIZE];
    char text[2 * ID_TEXT_SIZE]; /* "READER|PERSON", the person filled in anew */
};
void household_pseudonyms_start(struct tx *tx, const struct actor *actor, struct pseudonyms *ret_pseudonyms);
void household_pseudonyms_print(struct pseudonyms *pseudonyms, struct id id, char ret_text[PSEUDONYM_TEXT_SIZE]);

/* The channel of a household that comes with a whole registry: its consent was taken there, maybe before texts were kept. */
#define HOUSEHOLD_OF_REGISTRY "registry"
/* Registers from JSON of API.md's shape (POST /households): the same path for the browser, imports and the demo.
 * `ret_body` gets the answer as the API gives it (may be NULL). */
FALLIBLE struct error *household_register_json(struct tx *tx, const struct actor *actor, const struct json *json, const char *channel,
                                               struct id *ret_id, struct buffer *ret_body);

/* The indexes in memory: national ids, card and phone numbers to records, and folded names. Built in the background at start, fed by each act.
 * While the registry's index is NULL every write on households is refused with ERROR_LOADING: a command that registers builds it first. */
struct household_index;
/* `stop`, which another thread may set, ends it with ERROR_CANCELLED. A second thread with a reader of its own helps when the registry has a path. */
FALLIBLE struct error *household_index_build(struct tx *tx, const bool *stop, struct household_index **ret_index);
void household_index_free(struct household_index *index);

/* A change of head, a known number, account, guardian or death, in order but not yet made. */
struct household_proposal {
    const char *kind;            /* "household", "member", "death" */
    struct id household_id, region_id, member_id; /* member zero for the household's own fields */
    struct id registered_by;
    int64_t created_at_ms;
    const struct json *body;     /* the request's */
    const char *before, *after;  /* JSON of the fields that would differ */
    const char *note;            /* words about it; NULL */
};
/* Asked by the steps before they write: sets *ret_request_id when the change waits for another person, else it is made at once (src/routes.c lists them). */
typedef struct error *(*household_gate)(struct tx *tx, const struct actor *actor, const struct household_proposal *proposal, struct id *ret_request_id);
extern const household_gate household_gates[]; /* ends with NULL */

/* Told to the slices on the right, inside the transaction (src/routes.c lists them). */
struct household_event {
    const char *kind;         /* "member.died", "member.left", "member.moved", "household.merged", "household.split", "household.dissolved",
                               * "consent.withdrawn", "account.changed", "household.relocated", "member.death_reported", "member.death_decided",
                               * "household.unmerged" */
    struct id household_id, member_id;
    const char *reason;
    struct id from_region_id, to_region_id; /* of a household that lives in another region now */
    struct id other_id;             /* where the member went, what a split made, or what it was merged with */
    const struct json *enrollments; /* of a split: {id: "stay" or "go"}, of a merge {id: "end" or "go"}; NULL when nothing was chosen */
};
typedef struct error *(*household_event_hook)(struct tx *tx, const struct actor *actor, const struct household_event *event);
extern const household_event_hook household_event_hooks[]; /* defined in src/routes.c, ends with NULL */

/* Does a household bear a flag today? Asked by lists that are filtered by one (src/routes.c says by whom). *ret_known false: there is no such flag. */
typedef struct error *(*household_filter)(struct tx *tx, struct id household_id, const char *flag, bool *ret_bears, bool *ret_known);
extern const household_filter household_flag_filter; /* defined in src/routes.c */

/* Every closed list of words of all slices, for GET /codes: defined in src/routes.c, ends with NULL. */
extern const struct code_list *const code_lists[];

/* Households on their way to the actor's regions. */
FALLIBLE struct error *household_count_arriving(struct tx *tx, const struct actor *actor, int64_t *ret_count);

/* Objections that wait for the actor's decision. */
FALLIBLE struct error *household_count_objections(struct tx *tx, const struct actor *actor, int64_t *ret_count);

extern const struct code_list household_states, household_move_states, objection_decision_codes;
extern const struct route household_routes[], household_move_routes[], household_objection_routes[];

#endif
