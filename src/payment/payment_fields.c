/* payment_fields.c: field tables and code lists of cycles and batches. */
#include "payment/payment_fields.h"

static const struct code batch_kinds[] = {
    {"regular", "rutin", "regular"}, {"tranche", "termin", "tranche"}, {"arrears", "rapel", "arrears"}, {"correction", "koreksi", "correction"},
};
const struct code_list batch_kind_codes = CODE_LIST("batch_kind", 1, batch_kinds);

static const struct code batch_states[] = {
    {"draft", "disusun", "draft"}, {"locked", "dikunci", "locked"}, {"in_approval", "menunggu persetujuan", "awaiting approval"},
    {"approved", "disetujui", "approved"}, {"released", "dicairkan", "released"}, {"reconciled", "dicocokkan", "reconciled"},
    {"closed", "selesai", "closed"}, {"cancelled", "dibatalkan", "cancelled"},
};
const struct code_list batch_state_codes = CODE_LIST("batch_state", 1, batch_states);

static const struct code batch_stages[] = {
    {"building", "sedang disusun", "being built"}, {"locking", "sedang dikunci", "being locked"}, {"releasing", "sedang dicairkan", "being released"},
    {BATCH_STAGE_INTERRUPTED, "terhenti saat dicairkan", "stopped while it was released"},
};
const struct code_list batch_stage_codes = CODE_LIST("batch_stage", 1, batch_stages);

static const struct code item_states[] = {
    {"in", "dalam daftar", "in the list"}, {"excluded", "dikeluarkan", "left out"}, {"held", "ditahan", "held"}, {"cancelled", "dibatalkan", "cancelled"},
};
const struct code_list item_state_codes = CODE_LIST("item_state", 1, item_states);

static const struct code cycle_states[] = {{"open", "terbuka", "open"}, {"closed", "ditutup", "closed"}};
const struct code_list cycle_state_codes = CODE_LIST("cycle_state", 1, cycle_states);

static const struct field cycle_in_fields[] = {
    {"name", offsetof(struct cycle_in, name), FIELD_TEXT, FIELD_REQUIRED, 1, 100, NULL, NULL, "name of the period, unique in the program"},
    {"starts_on", offsetof(struct cycle_in, starts_on), FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, NULL, "first day"},
    {"ends_on", offsetof(struct cycle_in, ends_on), FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, NULL, "last day"},
    {"reference_date", offsetof(struct cycle_in, reference_date), FIELD_DATE, 0, 0, 0, NULL, NULL, "day on which ages are computed; starts_on when absent"},
};
FIELD_TABLE(cycle_in_table, "CycleNew", struct cycle_in, cycle_in_fields);

static const struct field batch_in_fields[] = {
    {"region", offsetof(struct batch_in, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "code of the region; the whole program when absent"},
    {"exclude", offsetof(struct batch_in, exclude), FIELD_IDS, 0, 0, 1000, NULL, NULL, "enrollments to leave out"},
    {"kind", offsetof(struct batch_in, kind), FIELD_CODE, 0, 0, 0, &batch_kind_codes, NULL, "regular when absent"},
};
FIELD_TABLE(batch_in_table, "BatchNew", struct batch_in, batch_in_fields);

static const struct field reason_in_fields[] = {
    {"reason", offsetof(struct reason_in, reason), FIELD_TEXT, FIELD_REQUIRED | FIELD_LINES, 3, 1000, NULL, NULL, "why, in words"},
};
FIELD_TABLE(reason_in_table, "Reason", struct reason_in, reason_in_fields);

static const struct field approve_in_fields[] = {
    {"digest", offsetof(struct approve_in, digest), FIELD_TEXT, FIELD_REQUIRED, 64, 64, NULL, NULL, "digest of exactly the list that was seen, hex"},
    {"note", offsetof(struct approve_in, note), FIELD_TEXT, FIELD_LINES, 0, 1000, NULL, NULL, "words for the record"},
};
FIELD_TABLE(approve_in_table, "BatchApproval", struct approve_in, approve_in_fields);

static const struct field batch_query_fields[] = {
    {"program", offsetof(struct batch_query, program), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"cycle", offsetof(struct batch_query, cycle), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"region", offsetof(struct batch_query, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "code; with all regions below it"},
    {"month", offsetof(struct batch_query, month), FIELD_TEXT, 0, 7, 7, NULL, NULL, "YYYY-MM: batches whose cycle touches it"},
    {"state", offsetof(struct batch_query, state), FIELD_TEXT, 0, 1, 40, NULL, NULL, NULL},
    {"may", offsetof(struct batch_query, may), FIELD_TEXT, 0, 1, 40, NULL, NULL, "only batches on which the caller may do this next"},
};
FIELD_TABLE(batch_query_table, "BatchQuery", struct batch_query, batch_query_fields);

static const struct field version_query_fields[] = {
    {"version", offsetof(struct version_query, version), FIELD_INT, 0, 1, 1000000, NULL, NULL, "an earlier version"},
};
FIELD_TABLE(version_query_table, "BatchVersionQuery", struct version_query, version_query_fields);

#define SHOWN(member) offsetof(struct batch_items_query, member)
static const struct field batch_items_query_fields[] = {
    {"version", SHOWN(version), FIELD_INT, 0, 1, 1000000, NULL, NULL, "an earlier version"},
    {"region", SHOWN(region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "code; with all regions below it"},
    {"hamlet", SHOWN(hamlet), FIELD_TEXT, 0, 1, 200, NULL, NULL, "of the household today"},
    {"rw", SHOWN(rw), FIELD_TEXT, 0, 1, 10, NULL, NULL, NULL},
    {"rt", SHOWN(rt), FIELD_TEXT, 0, 1, 10, NULL, NULL, NULL},
    {"changed", SHOWN(changed), FIELD_INT, 0, 0, 1000, NULL, NULL, "only lines that differ from the payee's last amount by more than so many per cent"},
    {"positions", SHOWN(positions), FIELD_TEXT, 0, 1, 120, NULL, NULL, "up to ten places in the list, from 0 in the order of ids: 4,17,230"},
};
FIELD_TABLE(batch_items_query_table, "BatchItemsQuery", struct batch_items_query, batch_items_query_fields);

static const struct field batch_places_query_fields[] = {
    {"region", offsetof(struct batch_places_query, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "its hamlets, RW and RT; the regions when absent"},
};
FIELD_TABLE(batch_places_query_table, "BatchPlacesQuery", struct batch_places_query, batch_places_query_fields);
