/* error.h: what went wrong, for programs (code), for people (both languages) and for the field at fault (JSON pointers). */
#ifndef LUMBUNG_BASE_ERROR_H
#define LUMBUNG_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/code.h"

/* X(NAME, "slug", http status, retryable, "Indonesian", "English"): texts may hold {0} {1} {2}, the error's arguments. */
enum error_code {
#define ERROR_ROW(name, slug, status, retryable, id, en) ERROR_##name,
#include "lumbung/base/errors.def"
#undef ERROR_ROW
    ERROR_COUNT
};

/* X(NAME, "slug", "Indonesian", "English"): one bad field; texts may hold {0} {1} {2}. */
enum fault_code {
#define FAULT_ROW(name, slug, id, en) FAULT_##name,
#include "lumbung/base/faults.def"
#undef FAULT_ROW
    FAULT_COUNT
};

enum language { LANGUAGE_ID, LANGUAGE_EN };

/* X(NAME, "Indonesian", "English"): what a state forbids, as it stands behind "tidak dapat" and "cannot". */
enum barred {
#define BARRED_ROW(name, id, en) BARRED_##name,
#include "lumbung/base/barred.def"
#undef BARRED_ROW
    BARRED_COUNT
};

#define FAULT_ARGUMENTS_MAX 3

struct fault {
    const char *pointer;      /* JSON pointer, "/members/0/nik"; for a file "row 12, column nik" */
    enum fault_code code;
    const char *arguments[FAULT_ARGUMENTS_MAX]; /* for the text; may be NULL */
};

#define ERROR_ARGUMENTS_MAX 3
#define ERROR_MEMBERS_MAX 6

struct error_member {
    const char *name;  /* extra member of the problem document */
    const char *value; /* its text, or JSON when is_json */
    bool is_json;
};

struct error {
    enum error_code code;
    const char *arguments[ERROR_ARGUMENTS_MAX];
    const char *english[ERROR_ARGUMENTS_MAX]; /* where the argument itself is written in another way in English, such as money; else NULL */
    struct fault *faults;
    size_t fault_count;
    struct error_member members[ERROR_MEMBERS_MAX];
    size_t member_count;
    const char *cause; /* for the log only: never sent, never personal; may be NULL */
};

/* Every fallible function returns one of these or NULL for success; the receiver owns it and passes it on or frees it. */
#define FALLIBLE __attribute__((warn_unused_result))

#define TRY(call)                        \
    do {                                 \
        struct error *try_error_ = (call); \
        if (try_error_)                  \
            return try_error_;           \
    } while (0)

/* New errors; texts are copied. Unused arguments are NULL. */
struct error *error_new(enum error_code code);
struct error *error_with(enum error_code code, const char *first, const char *second, const char *third);

/* ERROR_STATE: what it is now, by the word of `list`, and which act that forbids. The bare word becomes the member "state". */
struct error *error_state(const struct code_list *list, const char *state, enum barred act);
extern const struct code_list situation_codes; /* what a thing is beside its state: empty, changed by someone else */

/* How an argument is written in English, when not as in Indonesian. */
void error_in_english(struct error *error, size_t argument, const char *text);

/* An error of ours or of the machine: 500 for the caller, `cause` (printf) for the log. */
struct error *error_internal(const char *cause, ...) __attribute__((format(printf, 1, 2)));

/* ERROR_FIELDS (422) with one fault. */
struct error *error_field(const char *pointer, enum fault_code code, const char *first, const char *second);

/* Adds a fault to *error, creating ERROR_FIELDS when *error is NULL. Bounded: past 100 faults more are dropped. */
void error_add_fault(struct error **error, const char *pointer, enum fault_code code, const char *first, const char *second);
/* Is the field, or what it is a part of, at fault already? `error` may be NULL. */
bool error_has_fault(const struct error *error, const char *pointer);

/* The same with all arguments of a fault. */
void error_add_fault_with(struct error **error, const char *pointer, enum fault_code code, const char *const arguments[FAULT_ARGUMENTS_MAX]);

/* Moves the faults of `from` (NULL is allowed) behind those of *error and frees it. */
void error_take_faults(struct error **error, struct error *from);

/* Adds an extra member to the problem document (409 already_received: at, place, by; 412: current). */
void error_add_member(struct error *error, const char *name, const char *value, bool is_json);

void error_free(struct error *error); /* NULL is allowed */

const char *error_slug(enum error_code code);
int error_status(enum error_code code);
bool error_retryable(enum error_code code);
const char *fault_slug(enum fault_code code);

struct buffer;
/* Appends the sentence for people, arguments filled in. */
void error_print(struct buffer *buffer, const struct error *error, enum language language);
void fault_print(struct buffer *buffer, const struct fault *fault, enum language language);

/* One line for the console: slug, English sentence, then up to three faults. */
void error_print_line(struct buffer *buffer, const struct error *error);

#endif
