/* fact_import.h: rows of a file with its mapping, checked and kept row by row. */
#ifndef LUMBUNG_FACT_IMPORT_H
#define LUMBUNG_FACT_IMPORT_H

#include "fact/fact_store.h"

#define FACT_ROWS_MAX 500  /* of one call: it holds the lane meanwhile */
#define FACT_KEYS_MAX 20
#define FACT_COLUMNS_MAX 200

struct fact_in {
    struct presence presence;
    const char *source, *edition;
    int32_t as_of;
    struct json *number, *facts, *not_found, *columns, *rows;
    bool continues; /* a later part of the same file: its counts are added */
};
extern const struct field_table fact_in_table;

/* Why a row was refused: X(NAME, "code", Indonesian, English, what to do in both). */
#define FACT_REFUSALS(X)                                                                                                                                         \
    X(CELLS, "cells", "jumlah kolomnya tidak sama dengan baris judul", "it has another number of columns than the heading", "periksa tanda pemisah di baris ini",   \
      "check the separators of this line")                                                                                                                       \
    X(EMPTY, "empty", "nomornya kosong", "the number is empty", "isi nomornya atau hapus baris ini", "fill in the number or remove the line")                     \
    X(DIGITS, "digits", "bukan 16 angka yang mungkin", "it is no possible number of 16 digits", "simpan kolom nomor sebagai teks, supaya angkanya tidak terpotong",  \
      "save the column of numbers as text, so that no digit is lost")                                                                                            \
    X(DOUBLED, "doubled", "nomor ini sudah ada di baris lain dengan isi berbeda", "this number stands in another line with other values", "pilih satu baris",       \
      "keep one of the lines")                                                                                                                                   \
    X(AMBIGUOUS, "ambiguous", "nomor ini dipakai lebih dari satu anggota", "more than one member bears this number", "putuskan dahulu kasus data gandanya",          \
      "decide the duplicate case first")                                                                                                                         \
    X(INTEGER, "integer", "bukan bilangan bulat", "it is no whole number", "perbaiki nilainya, atau pilih jenis teks", "correct the value, or choose the type text") \
    X(RANGE, "range", "di luar batas", "it is out of range", "perbaiki nilainya atau batasnya", "correct the value or the bounds")                                 \
    X(VALUE, "value", "nilai ini tidak ada dalam daftar padanan", "this value is not in the list of values", "tambahkan padanannya", "add it to the list")          \
    X(TEXT, "text", "mengandung karakter yang tidak boleh dipakai, atau terlalu panjang", "it holds characters that may not be used, or is too long",              \
      "hapus karakternya", "remove the characters")

enum fact_refusal {
    FACT_REFUSED_NOT,
#define FACT_REFUSAL_ENUM(name, code, id, en, remedy_id, remedy_en) FACT_REFUSED_##name,
    FACT_REFUSALS(FACT_REFUSAL_ENUM)
#undef FACT_REFUSAL_ENUM
};

struct fact_refused {
    int64_t line;
    const char *column, *value;
    enum fact_refusal why;
};
struct fact_outcome {
    int64_t accepted, unmatched, not_found, refused_count; /* rows */
    struct fact_refused *refused;
};
/* `keep` false: a trial that stores nothing. Faults of the mapping come as ERROR_FIELDS, those of rows in the outcome. */
FALLIBLE struct error *fact_import(struct tx *tx, const struct actor *actor, const struct fact_in *in, bool keep, struct fact_outcome *ret_outcome);
void fact_refused_print(struct buffer *buffer, const struct fact_refused *refused, enum language language);

#endif
