/* disbursement_fields.c: field tables and code lists of disbursements. */
#include "disbursement/disbursement_fields.h"

#include "lumbung/base/money.h"

static const struct code states[] = {
    {"pending", "menunggu", "pending"}, {"sent", "dikirim", "sent"}, {"paid", "diterima", "received"}, {"partly_paid", "diterima sebagian", "partly received"},
    {"held", "ditahan", "held"}, {"uncollected", "tidak diambil", "not collected"}, {"failed", "gagal", "failed"}, {"unknown", "belum jelas", "unknown"},
    {"closed_short", "ditutup kurang", "closed short"}, {"returned", "retur", "returned"}, {"cancelled", "dibatalkan", "cancelled"},
};
const struct code_list disbursement_state_codes = CODE_LIST("disbursement_state", 1, states);

static const struct code methods[] = {
    {"cash", "tunai", "cash"}, {"transfer", "transfer", "transfer"}, {"goods", "barang", "goods"}, {"voucher", "kupon", "voucher"},
};
const struct code_list receipt_method_codes = CODE_LIST("receipt_method", 1, methods);

static const struct code receivers[] = {{"payee", "penerima sendiri", "the payee"}, {"collector", "diwakili", "someone for the payee"}};
const struct code_list received_by_codes = CODE_LIST("received_by", 1, receivers);

static const struct code identifications[] = {
    {"card", "kartu", "card"}, {"ktp", "KTP", "identity card"}, {"photo", "foto", "photo"}, {"known_by_witness", "dikenal saksi", "known by a witness"},
    {"code", "kode", "code"},
};
const struct code_list identified_by_codes = CODE_LIST("identified_by", 1, identifications);

static const struct code outcomes[] = {
    {"absent", "tidak hadir", "absent"}, {"refused", "menolak", "refused"}, {"not_identified", "tidak dapat dikenali", "not identified"},
    {"no_stock", "barang habis", "no stock"}, {"wrong_person", "orang yang salah", "wrong person"},
};
const struct code_list attempt_outcome_codes = CODE_LIST("attempt_outcome", 1, outcomes);

static const struct field receipt_part_fields[] = {
    {"code", offsetof(struct receipt_part_in, code), FIELD_TEXT, FIELD_REQUIRED, 1, 60, NULL, NULL, "code of the part"},
    {"quantity", offsetof(struct receipt_part_in, quantity), FIELD_INT, FIELD_REQUIRED, 0, INT64_C(1000000000000), NULL, NULL, "received, in the item's smallest unit"},
};
static FIELD_TABLE(receipt_part_table, "ReceiptPart", struct receipt_part_in, receipt_part_fields);

#define AT(member) offsetof(struct receipt_in, member)
static const struct field receipt_in_fields[] = {
    {"received_by", AT(received_by), FIELD_CODE, FIELD_REQUIRED, 0, 0, &received_by_codes, NULL, "who took it"},
    {"collector_name", AT(collector_name), FIELD_TEXT, 0, 1, 200, NULL, NULL, "when somebody came for the payee"},
    {"collector_relation", AT(collector_relation), FIELD_TEXT, 0, 1, 60, NULL, NULL, "relation to the payee"},
    {"identified_by", AT(identified_by), FIELD_CODE, 0, 0, 0, &identified_by_codes, NULL, NULL},
    {"witness", AT(witness), FIELD_TEXT, 0, 1, 200, NULL, NULL, "name of the witness"},
    {"method", AT(method), FIELD_CODE, FIELD_REQUIRED, 0, 0, &receipt_method_codes, NULL, NULL},
    {"at", AT(at_ms), FIELD_INSTANT, FIELD_REQUIRED, 0, 0, NULL, NULL, "when it was handed over"},
    {"amount_minor", AT(amount_minor), FIELD_MONEY, 0, 0, MONEY_AMOUNT_MAX, NULL, NULL, "what is open when absent"},
    {"parts", AT(parts), FIELD_ARRAY, 0, 0, BATCH_PARTS_MAX, NULL, &receipt_part_table, "goods received; what is open when absent"},
    {"note", AT(note), FIELD_TEXT, FIELD_LINES, 0, 1000, NULL, NULL, NULL},
    {"signature", AT(signature), FIELD_ID, 0, 0, 0, NULL, NULL, "attachment"},
    {"photo", AT(photo), FIELD_ID, 0, 0, 0, NULL, NULL, "attachment"},
    {"distribution_id", AT(distribution_id), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
};
FIELD_TABLE(receipt_in_table, "Receipt", struct receipt_in, receipt_in_fields);

static const struct field attempt_in_fields[] = {
    {"outcome", offsetof(struct attempt_in, outcome), FIELD_CODE, FIELD_REQUIRED, 0, 0, &attempt_outcome_codes, NULL, NULL},
    {"at", offsetof(struct attempt_in, at_ms), FIELD_INSTANT, FIELD_REQUIRED, 0, 0, NULL, NULL, NULL},
    {"note", offsetof(struct attempt_in, note), FIELD_TEXT, FIELD_LINES, 0, 1000, NULL, NULL, NULL},
};
FIELD_TABLE(attempt_in_table, "Attempt", struct attempt_in, attempt_in_fields);

static const struct field return_in_fields[] = {
    {"amount_minor", offsetof(struct return_in, amount_minor), FIELD_MONEY, FIELD_REQUIRED, 1, MONEY_AMOUNT_MAX, NULL, NULL, "what came back"},
    {"reason", offsetof(struct return_in, reason), FIELD_TEXT, FIELD_REQUIRED | FIELD_LINES, 3, 1000, NULL, NULL, NULL},
};
FIELD_TABLE(return_in_table, "Return", struct return_in, return_in_fields);

static const struct field undo_in_fields[] = {
    {"reason", offsetof(struct undo_in, reason), FIELD_TEXT, FIELD_REQUIRED | FIELD_LINES, 3, 1000, NULL, NULL, NULL},
};
FIELD_TABLE(undo_in_table, "DisbursementReason", struct undo_in, undo_in_fields);

#define ASKED(member) offsetof(struct disbursement_query, member)
static const struct field disbursement_query_fields[] = {
    {"batch", ASKED(batch), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"household", ASKED(household), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"cycle", ASKED(cycle), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"program", ASKED(program), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"region", ASKED(region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "code; with all regions below it"},
    {"state", ASKED(state), FIELD_TEXT, 0, 1, 40, NULL, NULL, NULL},
    {"from", ASKED(from), FIELD_DATE, 0, 0, 0, NULL, NULL, "first day of release, in the program's own offset"},
    {"to", ASKED(to), FIELD_DATE, 0, 0, 0, NULL, NULL, "last day of release, inclusive"},
};
FIELD_TABLE(disbursement_query_table, "DisbursementQuery", struct disbursement_query, disbursement_query_fields);
