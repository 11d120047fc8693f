/* household_request.h: calls of the household slice's endpoints, as the pipeline would make them. */
#ifndef TESTS_HOUSEHOLD_REQUEST_H
#define TESTS_HOUSEHOLD_REQUEST_H

#include "household_fixture.h"

/* A call of one of the slice's endpoints, as the pipeline would make it. */
struct request {
    const struct actor *actor;
    const char *method_and_path;
    struct id id;
    const char *body, *query;
    int64_t if_match;
    int limit;
    struct bytes after;
    struct reply reply;
    const char *text;
    struct json *json;
};

static inline const struct route *
find_route(const char *method_and_path)
{
    for (const struct route *route = household_routes; route->path; route++) {
        static const char *const methods[] = {"", "GET", "POST", "PATCH", "DELETE"};
        size_t length = strlen(methods[route->method]);
        if (strncmp(method_and_path, methods[route->method], length) == 0 && strcmp(method_and_path + length + 1, route->path) == 0)
            return route;
    }
    fail_msg("no route %s", method_and_path);
    return NULL;
}

static inline struct error *
apply(struct tx *tx, void *context)
{
    struct request *request = context;
    const struct route *route = find_route(request->method_and_path);
    struct json *json = NULL, *query = NULL;
    void *in = NULL, *query_struct = NULL;
    enum field_mode mode = route->method == METHOD_PATCH ? FIELD_PATCH : FIELD_CREATE;
    if (request->body)
        TRY(json_parse(tx->arena, request->body, strlen(request->body), &json));
    if (json && route->in)
        TRY(field_parse(tx->arena, route->in, json, "", mode, household_today(tx), &in));
    if (request->query)
        TRY(json_parse(tx->arena, request->query, strlen(request->query), &query));
    if (query)
        TRY(field_parse(tx->arena, route->query, query, "", FIELD_CREATE, household_today(tx), &query_struct));
    struct call call = {.actor = request->actor, .route = route, .ids = {request->id}, .in = in, .json = json, .query = query_struct,
                        .if_match = request->if_match ? request->if_match : -1, .limit = request->limit ? request->limit : 50, .after = request->after};
    request->reply = (struct reply){.status = 200, .version = -1};
    buffer_init(&request->reply.body, tx->arena);
    TRY(route->step(tx, &call, &request->reply));
    if (request->reply.render)
        request->reply.render(&request->reply.body, request->reply.render_context);
    request->text = buffer_text(&request->reply.body);
    return request->text[0] ? json_parse(tx->arena, request->text, request->reply.body.length, &request->json) : NULL;
}

FALLIBLE static inline struct error *
perform(struct house *house, struct request *request)
{
    if (!request->actor)
        request->actor = &house->officer;
    if (find_route(request->method_and_path)->kind == ROUTE_WRITE)
        return lane_run(house->trial->lane, apply, request, house->trial->arena);
    return trial_read(house->trial, apply, request);
}

static inline struct request
run(struct house *house, struct request request)
{
    must(perform(house, &request));
    return request;
}

static inline void
refuse(struct house *house, struct request request, enum error_code code, const char *pointer)
{
    struct error *error = perform(house, &request);
    if (!error || error->code != code)
        fail_msg("%s %s: %s instead of %s", request.method_and_path, request.body, error ? error_slug(error->code) : "success", error_slug(code));
    if (pointer && (error->fault_count == 0 || strcmp(error->faults[0].pointer, pointer) != 0))
        fail_msg("%s: %s instead of %s", request.body, error->fault_count ? error->faults[0].pointer : "no fault", pointer);
    error_free(error);
}

#define GET(path) "GET /api/v1" path
#define POST(path) "POST /api/v1" path
#define PATCH(path) "PATCH /api/v1" path
#define HOUSEHOLD "/households/{id}"

static inline struct id
member_id(const struct request *request, size_t position)
{
    struct id id;
    assert_true(id_parse(json_get_text(json_get(request->json, "members")->items[position], "id"), &id));
    return id;
}

#endif
