/* household_file.h: a household with its members as it lies in the registry: packing records into rows, sealing, loading, and the memory that
 * one act keeps of what it changed. */
#ifndef LUMBUNG_HOUSEHOLD_FILE_H
#define LUMBUNG_HOUSEHOLD_FILE_H

#include "household/household_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/limits.h"

struct household_member {
    struct member_row row;
    struct member_record *record;
    bool erased; /* the key was destroyed: only plain fields are left */
    const char *folded, *folded_from; /* by household_folded_name */
    const uint8_t *name_tag;          /* by household_name_tag */
    const char *name_tag_folded;
    int32_t name_tag_birth;
};

struct household_file {
    struct household_row row;
    struct household_record *record; /* own fields; its members array is unused */
    struct household_member *members; /* also those who left or died, in the order of the form */
    size_t member_count;
    bool erased;
    const struct consent_record *consent; /* of a household just registered, its only one; otherwise NULL */
    const char *region_name;              /* of a household just registered; otherwise NULL */
};

/* ERROR_NOT_FOUND when absent or outside the actor's scope; `actor` NULL: without a scope. */
FALLIBLE struct error *household_file_load(struct tx *tx, const struct actor *actor, struct id id, struct household_file *ret_file);
/* Without the members. */
FALLIBLE struct error *household_file_load_own(struct tx *tx, const struct actor *actor, struct id id, struct household_file *ret_file);
/* One member with his household, within the scope. `ret_member` points into the file. */
FALLIBLE struct error *household_file_load_member(struct tx *tx, const struct actor *actor, struct id member_id, struct household_file *ret_file,
                                                  struct household_member **ret_member);
FALLIBLE struct error *household_member_unpack(struct tx *tx, const struct member_row *row, struct household_member *ret_member);
FALLIBLE struct error *household_consent_unpack(struct tx *tx, const struct consent_row *row, struct consent_record **ret_record);

/* Fills the columns of a row from its record and seals the personal fields. Regions and ids are already in the row. */
FALLIBLE struct error *household_pack(struct tx *tx, const struct household_record *record, struct household_row *row);
FALLIBLE struct error *household_member_pack(struct tx *tx, const struct member_record *record, struct member_row *row);
FALLIBLE struct error *household_consent_pack(struct tx *tx, const struct consent_record *record, struct consent_row *row);

/* Copies the server's own fields of a member into his record, so that documents and history hold them. */
void household_member_show_state(struct household_member *member);
/* Live members' records, in order. */
size_t household_file_live(struct arena *arena, const struct household_file *file, struct member_record ***ret_members);
struct household_member *household_file_find(const struct household_file *file, struct id member_id);
/* Recounts live members and finds the head: sets row.head_id, row.member_count, row.roster and the record's copies. */
void household_file_count(struct household_file *file);

/* The whole record as JSON, for the audit log. */
const char *household_document(struct arena *arena, const struct field_table *table, const void *record);

/* What an act changed, for one audit leaf. With `before` NULL the part is new and holds the whole document; otherwise both sides hold
 * only the members that differ (a member that ended is null), and nothing is added when nothing differs. */
struct household_changes {
    struct tx *tx;
    struct audit_part *parts;
    size_t count;
};
struct household_changes household_changes_start(struct tx *tx);
FALLIBLE struct error *household_changes_add(struct household_changes *changes, const char *kind, struct id id, struct id subject, const char *before,
                                             const char *after);
FALLIBLE struct error *household_changes_append(struct household_changes *changes, const struct actor *actor, const char *action, struct id household_id,
                                                const char *reason);

/* Writes a household whose record or members changed: counts anew, packs, raises the version, adds its part. `before` is the document that it had. */
FALLIBLE struct error *household_file_save(struct tx *tx, struct household_file *file, const char *before, struct household_changes *changes);
FALLIBLE struct error *household_member_save(struct tx *tx, struct household_member *member, const char *before, struct household_changes *changes);

/* Calls the hooks of the slices to the right; the short form for what concerns one household alone. */
FALLIBLE struct error *household_tell_event(struct tx *tx, const struct actor *actor, const struct household_event *event);
FALLIBLE struct error *household_tell(struct tx *tx, const struct actor *actor, const char *kind, struct id household_id, struct id member_id,
                                      const char *reason);

/* The day of an act where it begins first, nine hours east of UTC: what "today" means for dates that people type. */
int32_t household_today(const struct tx *tx);
/* ERROR_LOADING while the indexes are not there; NULL index with success when the process keeps none. */
FALLIBLE struct error *household_index_of(const struct tx *tx, struct household_index **ret_index);
/* Feeds the indexes: new tags at once, since they are only hints; texts that replace others after COMMIT. */
void household_index_feed(struct tx *tx, struct household_index *index, const struct household_file *file, bool is_new);
void household_index_feed_own(struct tx *tx, struct household_index *index, const struct household_file *file, bool is_new);
void household_index_feed_member(struct tx *tx, struct household_index *index, const struct household_row *household,
                                 struct household_member *member, bool is_new);
/* He no longer belongs to this household. */
void household_index_part(struct tx *tx, struct household_index *index, const struct household_row *household, struct id member_id);
/* The member's name as it is compared: worked out once while he bears it. */
const char *household_folded_name(const struct tx *tx, struct household_member *member);
/* Keyed value of his folded name with his birth date: worked out once while he bears them. */
const uint8_t *household_name_tag(const struct tx *tx, struct household_member *member);
/* Family cards of a record: number and family, without doubles. */
struct household_card { int64_t family_no; const char *kk_number; };
size_t household_record_cards(const struct household_record *record, struct household_card ret_cards[LIMIT_FAMILIES + 1]);

#endif
