/* openapi.c: the route tables as an OpenAPI 3.1 document. */
#include <string.h>

#include "http/router.h"
#include "lumbung/base/text.h"

#define API_PREFIX "/api/v1"

static const char *
permission_slug(enum permission permission)
{
    static const char *const slugs[] = {
#define PERMISSION_SLUG(name, slug, id, en) slug,
        PERMISSIONS(PERMISSION_SLUG)
#undef PERMISSION_SLUG
    };
    if (permission == PERM_PUBLIC)
        return "public";
    return permission < PERM_COUNT ? slugs[permission] : "signed_in";
}

static void
open_parameter(struct buffer *buffer, const char *name, const char *where, bool required)
{
    json_open(buffer, NULL, '{');
    json_put_text(buffer, "name", name);
    json_put_text(buffer, "in", where);
    json_put_bool(buffer, "required", required);
    json_open(buffer, "schema", '{');
}

static void
close_parameter(struct buffer *buffer)
{
    json_close(buffer, '}');
    json_close(buffer, '}');
}

static void
print_text_parameter(struct buffer *buffer, const char *name, const char *where, bool required, const char *format)
{
    open_parameter(buffer, name, where, required);
    json_put_text(buffer, "type", "string");
    if (format)
        json_put_text(buffer, "format", format);
    close_parameter(buffer);
}

static void
print_path_parameters(struct buffer *buffer, const char *path)
{
    for (const char *at = strchr(path, '{'); at; at = strchr(at, '{')) {
        size_t length = strcspn(++at, "}");
        const char *name = arena_copy(buffer->arena, at, length);
        bool is_id = length >= 2 && strcmp(name + length - 2, "id") == 0;
        print_text_parameter(buffer, name, "path", true, is_id ? "uuid" : NULL);
    }
}

static void
print_parameters(struct buffer *buffer, const struct route *route)
{
    json_open(buffer, "parameters", '[');
    print_path_parameters(buffer, route->path);
    for (size_t i = 0; route->query && i < route->query->count; i++) {
        const struct field *field = &route->query->fields[i];
        print_text_parameter(buffer, field->name, "query", (field->flags & FIELD_REQUIRED) != 0, NULL);
    }
    if (route->list) {
        open_parameter(buffer, "limit", "query", false);
        json_put_text(buffer, "type", "integer");
        json_put_int(buffer, "minimum", 1);
        json_put_int(buffer, "maximum", 200);
        close_parameter(buffer);
        print_text_parameter(buffer, "after", "query", false, NULL);
        print_text_parameter(buffer, "as", "query", false, NULL);
        print_text_parameter(buffer, "columns", "query", false, NULL);
    }
    if (route->key != KEY_NONE)
        print_text_parameter(buffer, "Idempotency-Key", "header", route->key == KEY_REQUIRED, NULL);
    if (route->version != VERSION_NONE)
        print_text_parameter(buffer, "If-Match", "header", route->version == VERSION_REQUIRED, NULL);
    json_close(buffer, ']');
}

static void
print_schema(struct buffer *buffer, const struct field_table *table, bool for_input)
{
    struct buffer schema;
    buffer_init(&schema, buffer->arena);
    if (table)
        field_print_schema(&schema, table, for_input);
    else
        buffer_add(&schema, "{}");
    json_put_raw(buffer, "schema", buffer_text(&schema));
}

static void
print_media(struct buffer *buffer, const char *type, const struct field_table *table, bool for_input)
{
    json_open(buffer, type, '{');
    print_schema(buffer, table, for_input);
    json_close(buffer, '}');
}

/* "image/jpeg, image/png" */
static void
print_accepted(struct buffer *buffer, const char *accepts)
{
    for (const char *at = accepts; *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        print_media(buffer, arena_copy(buffer->arena, at, length), NULL, true);
        at += length;
    }
}

/* A table without required fields takes no body as {}. */
static bool
needs_body(const struct route *route)
{
    if (route->body != BODY_TABLE)
        return true;
    for (size_t i = 0; i < route->in->count; i++)
        if (route->in->fields[i].flags & FIELD_REQUIRED)
            return true;
    return false;
}

static void
print_body(struct buffer *buffer, const struct route *route)
{
    if (route->body == BODY_NONE)
        return;
    json_open(buffer, "requestBody", '{');
    json_put_bool(buffer, "required", needs_body(route));
    json_open(buffer, "content", '{');
    if (route->body == BODY_RAW)
        print_accepted(buffer, route->accepts);
    else
        print_media(buffer, "application/json", route->body == BODY_TABLE ? route->in : NULL, true);
    json_close(buffer, '}');
    json_close(buffer, '}');
}

static void
print_responses(struct buffer *buffer, const struct route *route)
{
    json_open(buffer, "responses", '{');
    json_open(buffer, "2XX", '{');
    json_put_text(buffer, "description", route->summary);
    if (route->out) {
        json_open(buffer, "content", '{');
        print_media(buffer, "application/json", route->out, false);
        json_close(buffer, '}');
    }
    json_close(buffer, '}');
    json_put_raw(buffer, "4XX", "{\"$ref\":\"#/components/responses/refused\"}");
    json_put_raw(buffer, "5XX", "{\"$ref\":\"#/components/responses/failed\"}");
    json_close(buffer, '}');
}

/* "get_households_id_history": an action names what is logged, and two calls may leave the same. */
static void
print_operation_id(struct buffer *buffer, const char *method, const char *path)
{
    struct buffer name;
    buffer_init(&name, buffer->arena);
    buffer_add(&name, method);
    for (const char *at = text_begins(path, API_PREFIX) ? path + strlen(API_PREFIX) : path; *at; at++)
        if (*at != '{' && *at != '}')
            buffer_char(&name, *at == '/' || *at == '.' || *at == '-' ? '_' : *at);
    json_put_text(buffer, "operationId", buffer_text(&name));
}

static void
print_operation(struct buffer *buffer, const struct route *route)
{
    static const char *const keys[] = {"", "get", "post", "patch", "delete"};
    json_open(buffer, keys[route->method], '{');
    json_put_text(buffer, "summary", route->summary);
    print_operation_id(buffer, keys[route->method], route->path);
    if (route->action)
        json_put_text(buffer, "x-action", route->action);
    if (route->perm == PERM_PUBLIC)
        json_put_raw(buffer, "security", "[]");
    json_put_text(buffer, "x-permission", permission_slug(route->perm));
    if (route->has_perm_or)
        json_put_text(buffer, "x-permission-or", permission_slug(route->perm_or));
    json_put_text(buffer, "x-kind", route->kind == ROUTE_WRITE ? "write" : "read");
    if (route->step_up)
        json_put_bool(buffer, "x-step-up", true);
    print_parameters(buffer, route);
    print_body(buffer, route);
    print_responses(buffer, route);
    json_close(buffer, '}');
}

/* Rows of one path stand together in the document, wherever the tables have them: the first row of a path prints them all. */
static bool
is_first_of_path(const struct route *const *tables, const struct route *route)
{
    for (; *tables; tables++)
        for (const struct route *other = *tables; other->path; other++)
            if (strcmp(other->path, route->path) == 0)
                return other == route;
    return false;
}

static void
print_path(struct buffer *buffer, const struct route *const *tables, const struct route *first)
{
    json_open(buffer, first->path, '{');
    for (; *tables; tables++)
        for (const struct route *route = *tables; route->path; route++)
            if (strcmp(route->path, first->path) == 0)
                print_operation(buffer, route);
    json_close(buffer, '}');
}

#define PROBLEM_CONTENT "\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}"

static void
print_components(struct buffer *buffer)
{
    json_put_raw(buffer, "components",
                 "{\"schemas\":{\"problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
                 "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"retryable\":{\"type\":\"boolean\"},"
                 "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"pointer\":{\"type\":\"string\"},"
                 "\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}}},"
                 "\"responses\":{\"refused\":{\"description\":\"Refused: what is wrong, and where\"," PROBLEM_CONTENT "},"
                 "\"failed\":{\"description\":\"Failed or busy: nothing was stored\"," PROBLEM_CONTENT "}},"
                 "\"securitySchemes\":{\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-session\"},"
                 "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}}}");
}

void
routes_print_openapi(struct buffer *buffer, const struct route *const *tables)
{
    json_open(buffer, NULL, '{');
    json_put_text(buffer, "openapi", "3.1.0");
    json_open(buffer, "info", '{');
    json_put_text(buffer, "title", "Lumbung");
    json_put_text(buffer, "version", "1");
    json_put_raw(buffer, "license", "{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}");
    json_close(buffer, '}');
    json_put_raw(buffer, "servers", "[{\"url\":\"/\"}]");
    json_put_raw(buffer, "security", "[{\"cookie\":[]},{\"bearer\":[]}]");
    json_open(buffer, "paths", '{');
    for (const struct route *const *table = tables; *table; table++)
        for (const struct route *route = *table; route->path; route++)
            if (is_first_of_path(tables, route))
                print_path(buffer, tables, route);
    json_close(buffer, '}');
    print_components(buffer);
    json_close(buffer, '}');
}
