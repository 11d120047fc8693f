/* export.h: disbursement records as files, each with a signed manifest that can be checked with no database at hand. */
#ifndef LUMBUNG_EXPORT_H
#define LUMBUNG_EXPORT_H

#include "lumbung/http/route.h"
#include "lumbung/http/spool.h"

enum export_format { EXPORT_CSV, EXPORT_NDJSON, EXPORT_XLSX, EXPORT_FORMAT_COUNT };

struct export_order {
    enum export_format format;
    int32_t from, to;          /* inclusive days of release in the program's offset; 0: open */
    bool by_payment;           /* the days are those of the receipt instead */
    bool by_event;             /* a row for each receipt, reversal and return instead of each disbursement */
    struct id program_id, region_id, batch_id, cycle_id; /* zero: any */
    const char *state;         /* NULL: any */
    const char *reason;        /* why names are shown; NULL: payees by pseudonym */
    const char *filters;       /* JSON of what was asked, for the manifest */
};

#define EXPORT_TOTALS_MAX 64

struct export_total {
    char currency[4], state[24]; /* of an event row: receipt, reversal, return */
    int64_t rows, amount_minor, paid_minor, returned_minor;
};
struct export_totals {
    struct export_total list[EXPORT_TOTALS_MAX];
    size_t count;
};

struct export_result {
    struct spool *spool;       /* the file; the caller closes it */
    int64_t rows;
    struct export_totals totals;
    uint8_t sha256[32];
};

/* Writes the file at disk speed, in flat memory, within the actor's scope. */
FALLIBLE struct error *export_disbursements(struct tx *tx, const struct actor *actor, const struct export_order *order, struct export_result *ret_result);
/* Makes, signs and stores the manifest and its audit leaf (write transactions). `ret_json` gets the signed document. */
FALLIBLE struct error *export_manifest_make(struct tx *tx, const struct actor *actor, const struct export_order *order, const struct export_result *result,
                                            struct id *ret_id, const char **ret_json);
/* Checks a file against a manifest's text: signature, bytes, rows, totals, digest; `public_key_hex` NULL takes the manifest's own. ERROR_TAMPERED names
 * what differs; `report` says what held. */
FALLIBLE struct error *export_check(struct arena *arena, const char *file_path, const char *manifest, size_t manifest_length, const char *public_key_hex,
                                    struct buffer *report);

/* A cell that a spreadsheet would take for a formula gets an apostrophe in front; quotes are doubled. */
void export_csv_text(struct buffer *buffer, const char *text);

/* The whole of the list that `call` asks for, as a file of the columns it names, within the scope of its own step; leaves an audit leaf first. */
FALLIBLE struct error *export_list(struct tx *tx, const struct call *call, struct reply *reply);

extern const struct route export_routes[];

#endif
