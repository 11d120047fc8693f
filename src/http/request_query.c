/* request_query.c: query parameters and conditional headers into the call. */
#include <string.h>

#include "http/pipeline.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define ECHO_MAX 60
/* The easternmost zone of Indonesia: a date that has begun there is not in the future. */
#define TODAY_OFFSET_MIN 540

static struct error *
refuse_parameter(struct request *request, const struct parameter *parameter)
{
    size_t length = strlen(parameter->value);
    const char *echo = length <= ECHO_MAX ? parameter->value : "...";
    return error_with(ERROR_QUERY, arena_copy(request->arena, parameter->name, strnlen(parameter->name, ECHO_MAX)), echo, NULL);
}

static bool
is_list_parameter(const char *name)
{
    static const char *const names[] = {"limit", "after", "as", "columns"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static struct error *
take_file_parameter(struct request *request, const struct parameter *parameter)
{
    const char *value = parameter->value;
    if (strcmp(parameter->name, "columns") == 0) {
        if (value[0] == '\0' || !text_is_clean(value, false))
            return refuse_parameter(request, parameter);
        request->call.columns = value;
        return NULL;
    }
    if (request->gate->config->list_file == NULL || (strcmp(value, "csv") != 0 && strcmp(value, "ndjson") != 0 && strcmp(value, "xlsx") != 0))
        return refuse_parameter(request, parameter);
    request->call.as = value;
    return NULL;
}

static struct error *
take_list_parameter(struct request *request, const struct parameter *parameter)
{
    int64_t limit;
    if (strcmp(parameter->name, "as") == 0 || strcmp(parameter->name, "columns") == 0)
        return take_file_parameter(request, parameter);
    if (strcmp(parameter->name, "after") == 0)
        return base64_parse(request->arena, parameter->value, true, &request->call.after) ? NULL : refuse_parameter(request, parameter);
    if (!text_parse_int(parameter->value, &limit) || limit < 1 || limit > LIMIT_LIST_MAX)
        return refuse_parameter(request, parameter);
    request->call.limit = (int)limit;
    return NULL;
}

static struct json *
split_list(struct arena *arena, const char *text)
{
    struct json *array = json_make(arena, JSON_ARRAY);
    while (*text) {
        size_t length = strcspn(text, ",");
        if (length > 0)
            json_push(arena, array, json_make_text(arena, arena_copy(arena, text, length)));
        text += length;
        text += *text == ',';
    }
    return array;
}

/* What a query's text means for a field of this kind; a wrong text stays text and is refused by the table. */
static struct json *
value_of(struct request *request, const struct field *field, const char *text)
{
    struct arena *arena = request->arena;
    int64_t number;
    switch (field->kind) {
    case FIELD_INT:
    case FIELD_MONEY:
        if (text_parse_int(text, &number))
            return json_make_int(arena, number);
        break;
    case FIELD_DECIMAL: {
        struct json *parsed = NULL;
        struct error *error = json_parse(arena, text, strlen(text), &parsed);
        if (error == NULL && (parsed->kind == JSON_INT || parsed->kind == JSON_REAL))
            return parsed;
        error_free(error);
        break;
    }
    case FIELD_BOOL:
        if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
            return json_make_bool(arena, true);
        if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
            return json_make_bool(arena, false);
        break;
    case FIELD_TEXTS:
    case FIELD_IDS: return split_list(arena, text);
    case FIELD_CODE:
        /* An unknown filter value finds nothing; it is not an error. */
        if (request->route->list && field->codes && code_find(field->codes, text) == NULL) {
            request->empty_list = true;
            return NULL;
        }
        break;
    case FIELD_TEXT:
    case FIELD_DIGITS:
    case FIELD_PHONE:
    case FIELD_DATE:
    case FIELD_INSTANT:
    case FIELD_ID:
    case FIELD_OBJECT:
    case FIELD_ARRAY:
    case FIELD_JSON: break;
    }
    return json_make_text(arena, text);
}

static struct error *
take_filter(struct request *request, const struct parameter *parameter, struct json *object)
{
    const struct field_table *table = request->route->query;
    for (size_t i = 0; table && i < table->count; i++) {
        if (strcmp(table->fields[i].name, parameter->name) != 0)
            continue;
        if (parameter->value[0] == '\0')
            return NULL; /* a form sends its empty fields too */
        struct json *value = value_of(request, &table->fields[i], parameter->value);
        if (value)
            json_set(request->arena, object, parameter->name, value);
        return NULL;
    }
    return refuse_parameter(request, parameter);
}

/* A bad parameter is 400, unlike a bad field of a body. */
struct error *
query_refusal(struct arena *arena, const char *name, const struct fault *fault, enum language language)
{
    struct buffer sentence;
    buffer_init(&sentence, arena);
    fault_print(&sentence, fault, language);
    return error_with(ERROR_QUERY, name, buffer_text(&sentence), NULL);
}

struct error *
query_check_days(const struct call *call, struct arena *arena, int32_t from, int32_t to)
{
    const struct field_table *table = call->route->query;
    if (!field_present(table, call->query, "from") || !field_present(table, call->query, "to") || from <= to)
        return NULL;
    return query_refusal(arena, "to", &(struct fault){.code = FAULT_BEFORE, .arguments = {"from"}}, call->language);
}

static struct error *
as_query_error(struct request *request, struct error *error)
{
    if (error->code != ERROR_FIELDS || error->fault_count == 0)
        return error;
    const char *pointer = error->faults[0].pointer;
    struct error *query = query_refusal(request->arena, pointer[0] == '/' ? pointer + 1 : pointer, &error->faults[0], request->call.language);
    error_free(error);
    return query;
}

struct error *
request_parse_query(struct request *request)
{
    request->call.limit = LIMIT_LIST_DEFAULT;
    const struct target *target = &request->target;
    const struct route *route = request->route;
    if (target->parameter_count == 0 && route->query == NULL)
        return NULL;
    struct json *object = json_make(request->arena, JSON_OBJECT);
    for (size_t i = 0; i < target->parameter_count; i++) {
        const struct parameter *parameter = &target->parameters[i];
        bool of_list = route->list && is_list_parameter(parameter->name);
        TRY(of_list ? take_list_parameter(request, parameter) : take_filter(request, parameter, object));
    }
    if (route->query == NULL)
        return NULL;
    void *query = NULL;
    int64_t now_ms = request->gate->config->now_ms();
    struct error *error =
        field_parse(request->arena, route->query, object, "", FIELD_CREATE, date_of_instant(now_ms, TODAY_OFFSET_MIN), &query);
    if (error)
        return as_query_error(request, error);
    request->call.query = query;
    return NULL;
}

/* "17" with its quotes. */
static struct error *
parse_version(const char *text, int64_t *ret_version)
{
    size_t length = strlen(text);
    if (strcmp(text, "*") == 0)
        return error_new(ERROR_VERSION_REQUIRED);
    if (length < 3 || length > 20 || text[0] != '"' || text[length - 1] != '"' || strspn(text + 1, "0123456789") != length - 2)
        return error_with(ERROR_MALFORMED, "If-Match", NULL, NULL);
    int64_t version = 0;
    for (size_t i = 1; i + 1 < length; i++)
        if (__builtin_mul_overflow(version, 10, &version) || __builtin_add_overflow(version, text[i] - '0', &version))
            return error_with(ERROR_MALFORMED, "If-Match", NULL, NULL);
    *ret_version = version;
    return NULL;
}

static struct error *
parse_key(struct arena *arena, const char *text, struct id *ret_key)
{
    size_t length = strlen(text);
    bool quoted = length == ID_TEXT_SIZE - 1 + 2 && text[0] == '"' && text[length - 1] == '"';
    if (!quoted || !id_parse(arena_copy(arena, text + 1, length - 2), ret_key) || id_is_zero(*ret_key))
        return error_new(ERROR_KEY_REQUIRED);
    return NULL;
}

struct error *
request_parse_headers(struct request *request)
{
    const struct route *route = request->route;
    struct call *call = &request->call;
    call->if_match = -1;
    if (route->version != VERSION_NONE && request->facts.if_match)
        TRY(parse_version(request->facts.if_match, &call->if_match));
    if (route->key != KEY_NONE && request->facts.idempotency_key)
        TRY(parse_key(request->arena, request->facts.idempotency_key, &call->operation));
    if (route->key == KEY_REQUIRED && id_is_zero(call->operation))
        return error_new(ERROR_KEY_REQUIRED);
    if (route->version == VERSION_REQUIRED && call->if_match < 0)
        return error_new(ERROR_VERSION_REQUIRED);
    return NULL;
}
