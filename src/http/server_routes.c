/* server_routes.c: liveness, readiness, figures and the document of all endpoints. */
#include "http/server_private.h"

static struct error *
healthz_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    (void)call;
    buffer_add(&reply->body, "{\"status\":\"ok\"}");
    return NULL;
}

static struct error *
readyz_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    const struct server *server = call->server;
    if (server->config.is_ready && !server->config.is_ready(server->config.registry))
        return error_new(ERROR_LOADING);
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "status", "ready");
    json_put_bool(&reply->body, "demo", server->config.is_demo);
    json_close(&reply->body, '}');
    return NULL;
}

static void
print_figure(struct buffer *buffer, const char *name, const char *kind, const char *help, int64_t value)
{
    buffer_format(buffer, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name, (long long)value);
}

static struct error *
metrics_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    struct server *server = call->server;
    reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    struct buffer *body = &reply->body;
    print_figure(body, "lumbung_http_answered_total", "counter", "Answers below 400.", atomic_load(&server->answered));
    print_figure(body, "lumbung_http_refused_total", "counter", "Answers of 400 and above.", atomic_load(&server->refused));
    print_figure(body, "lumbung_http_connections", "gauge", "Open connections.", (int64_t)server->connection_count);
    print_figure(body, "lumbung_http_requests_in_flight", "gauge", "Requests being received, worked on or answered.", (int64_t)server->in_flight);
    if (server->config.print_metrics)
        server->config.print_metrics(server->config.registry, body);
    return NULL;
}

static struct error *
openapi_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    const struct server *server = call->server;
    routes_print_openapi(&reply->body, server->config.tables);
    return NULL;
}

const struct route server_routes[] = {
    {.method = METHOD_GET, .path = "/healthz", .kind = ROUTE_READ_FAST, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = healthz_step,
     .summary = "whether the process is alive"},
    {.method = METHOD_GET, .path = "/readyz", .kind = ROUTE_READ_FAST, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = readyz_step,
     .summary = "whether the indexes are loaded"},
    {.method = METHOD_GET, .path = "/metrics", .kind = ROUTE_READ_FAST, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = metrics_step,
     .summary = "figures for Prometheus"},
    {.method = METHOD_GET, .path = "/openapi.json", .kind = ROUTE_READ_FAST, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = openapi_step,
     .summary = "this document"},
    {0},
};
