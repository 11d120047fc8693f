/* error.c: the tables of refusals and what is made of them. */
#include "lumbung/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/limits.h"

struct error_text {
    const char *slug;
    int status;
    bool retryable;
    const char *text[2]; /* by language */
};
static const struct error_text error_texts[ERROR_COUNT] = {
#define ERROR_ROW(name, slug, status, retryable, id, en) [ERROR_##name] = {slug, status, retryable, {id, en}},
#include "lumbung/base/errors.def"
#undef ERROR_ROW
};

static const struct error_text fault_texts[FAULT_COUNT] = {
#define FAULT_ROW(name, slug, id, en) [FAULT_##name] = {slug, 422, false, {id, en}},
#include "lumbung/base/faults.def"
#undef FAULT_ROW
};

static const char *const barred_texts[BARRED_COUNT][2] = {
#define BARRED_ROW(name, id, en) [BARRED_##name] = {id, en},
#include "lumbung/base/barred.def"
#undef BARRED_ROW
};

static void *
error_memory(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL)
        abort();
    return memory;
}

static char *
error_copy(const char *text)
{
    if (text == NULL)
        return NULL;
    size_t length = strlen(text);
    char *copy = error_memory(length + 1);
    memcpy(copy, text, length);
    return copy;
}

struct error *
error_with(enum error_code code, const char *first, const char *second, const char *third)
{
    struct error *error = error_memory(sizeof *error);
    error->code = code;
    error->arguments[0] = error_copy(first);
    error->arguments[1] = error_copy(second);
    error->arguments[2] = error_copy(third);
    return error;
}

struct error *
error_new(enum error_code code)
{
    return error_with(code, NULL, NULL, NULL);
}

void
error_in_english(struct error *error, size_t argument, const char *text)
{
    error->english[argument] = error_copy(text);
}

/* A label begins with a capital where a list stands alone; inside a sentence it does not. */
static void
error_uncapital(const char *label, char *text, size_t size)
{
    snprintf(text, size, "%s", label);
    if (text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
        text[0] = (char)(text[0] | 0x20);
}

struct error *
error_state(const struct code_list *list, const char *state, enum barred act)
{
    char id[160], en[160];
    const struct code *word = code_find(list, state);
    error_uncapital(word ? word->label_id : state, id, sizeof id);
    error_uncapital(word ? word->label_en : state, en, sizeof en);
    struct error *error = error_with(ERROR_STATE, id, barred_texts[act][LANGUAGE_ID], NULL);
    error_in_english(error, 0, en);
    error_in_english(error, 1, barred_texts[act][LANGUAGE_EN]);
    error_add_member(error, "state", state, false);
    return error;
}

struct error *
error_internal(const char *cause, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, cause);
    vsnprintf(text, sizeof text, cause, arguments);
    va_end(arguments);
    struct error *error = error_new(ERROR_INTERNAL);
    error->cause = error_copy(text);
    return error;
}

void
error_add_fault_with(struct error **error, const char *pointer, enum fault_code code, const char *const arguments[FAULT_ARGUMENTS_MAX])
{
    if (*error == NULL)
        *error = error_new(ERROR_FIELDS);
    struct error *into = *error;
    if (into->fault_count >= LIMIT_FAULTS)
        return;
    if (into->faults == NULL)
        into->faults = error_memory(sizeof(struct fault) * LIMIT_FAULTS);
    struct fault *fault = &into->faults[into->fault_count++];
    *fault = (struct fault){.pointer = error_copy(pointer ? pointer : ""), .code = code};
    for (size_t i = 0; i < FAULT_ARGUMENTS_MAX; i++)
        fault->arguments[i] = error_copy(arguments[i]);
}

void
error_add_fault(struct error **error, const char *pointer, enum fault_code code, const char *first, const char *second)
{
    error_add_fault_with(error, pointer, code, (const char *const[FAULT_ARGUMENTS_MAX]){first, second});
}

void
error_take_faults(struct error **error, struct error *from)
{
    for (size_t i = 0; from && i < from->fault_count; i++)
        error_add_fault_with(error, from->faults[i].pointer, from->faults[i].code, from->faults[i].arguments);
    error_free(from);
}

bool
error_has_fault(const struct error *error, const char *pointer)
{
    for (size_t i = 0; error && i < error->fault_count; i++) {
        const char *at_fault = error->faults[i].pointer;
        size_t length = strlen(at_fault);
        if (strncmp(at_fault, pointer, length) == 0 && (pointer[length] == '\0' || pointer[length] == '/'))
            return true;
    }
    return false;
}

struct error *
error_field(const char *pointer, enum fault_code code, const char *first, const char *second)
{
    struct error *error = NULL;
    error_add_fault(&error, pointer, code, first, second);
    return error;
}

void
error_add_member(struct error *error, const char *name, const char *value, bool is_json)
{
    if (error->member_count < ERROR_MEMBERS_MAX)
        error->members[error->member_count++] = (struct error_member){error_copy(name), error_copy(value), is_json};
}

/* The structs hold const text; what is freed here was made above. */
static void
error_free_text(const char *text)
{
    union { const char *const_text; char *text; } both = {.const_text = text};
    free(both.text);
}

void
error_free(struct error *error)
{
    if (error == NULL)
        return;
    for (size_t i = 0; i < ERROR_ARGUMENTS_MAX; i++) {
        error_free_text(error->arguments[i]);
        error_free_text(error->english[i]);
    }
    for (size_t i = 0; i < error->fault_count; i++) {
        error_free_text(error->faults[i].pointer);
        for (size_t j = 0; j < FAULT_ARGUMENTS_MAX; j++)
            error_free_text(error->faults[i].arguments[j]);
    }
    free(error->faults);
    for (size_t i = 0; i < error->member_count; i++) {
        error_free_text(error->members[i].name);
        error_free_text(error->members[i].value);
    }
    error_free_text(error->cause);
    free(error);
}

const char *
error_slug(enum error_code code)
{
    return error_texts[code].slug;
}

int
error_status(enum error_code code)
{
    return error_texts[code].status;
}

bool
error_retryable(enum error_code code)
{
    return error_texts[code].retryable;
}

const char *
fault_slug(enum fault_code code)
{
    return fault_texts[code].slug;
}

void
error_print(struct buffer *buffer, const struct error *error, enum language language)
{
    const char *arguments[ERROR_ARGUMENTS_MAX];

    for (size_t i = 0; i < ERROR_ARGUMENTS_MAX; i++)
        arguments[i] = language == LANGUAGE_EN && error->english[i] ? error->english[i] : error->arguments[i];
    buffer_fill(buffer, error_texts[error->code].text[language], arguments, ERROR_ARGUMENTS_MAX);
}

void
fault_print(struct buffer *buffer, const struct fault *fault, enum language language)
{
    buffer_fill(buffer, fault_texts[fault->code].text[language], fault->arguments, FAULT_ARGUMENTS_MAX);
}

void
error_print_line(struct buffer *buffer, const struct error *error)
{
    size_t from = buffer->length;
    if (error->code != ERROR_USAGE) /* its text begins with that word */
        buffer_format(buffer, "%s: ", error_slug(error->code));
    error_print(buffer, error, LANGUAGE_EN);
    for (size_t i = 0; i < error->fault_count && i < 3; i++) {
        buffer_format(buffer, "%s %s: ", i == 0 ? "" : ";", error->faults[i].pointer);
        fault_print(buffer, &error->faults[i], LANGUAGE_EN);
    }
    if (error->fault_count > 3)
        buffer_format(buffer, " (and %zu more)", error->fault_count - 3);
    /* Arguments may come from a file: no line feed or escape sequence reaches the terminal. */
    for (size_t i = from; i < buffer->length; i++)
        if ((unsigned char)buffer->data[i] < 0x20 || buffer->data[i] == 0x7f)
            buffer->data[i] = ' ';
}
