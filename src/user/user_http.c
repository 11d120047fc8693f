/* user_http.c: accounts, grants that wait, permissions; and the slice's routes. */
#include "user/user_http.h"

#include <string.h>

#include "lumbung/base/limits.h"
#include "lumbung/region.h"
#include "user/user_rules.h"

#define ROLES_MAX 16
#define BOUNDS_MAX 1000

/* The slices' tables, for the page of permissions; src/routes.c has them. */
extern const struct route *const route_tables[] __attribute__((weak));

static const struct code role_words[] = {
    {"officer", "petugas", "officer"},   {"manager", "pengelola", "manager"}, {"approver", "penyetuju", "approver"},
    {"auditor", "pemeriksa", "auditor"}, {"admin", "admin", "admin"},
};
const struct code_list user_role_codes = CODE_LIST("role", 1, role_words);

static const struct code states[] = {{"invited", "diundang", "invited"}, {"active", "aktif", "active"}, {"disabled", "dinonaktifkan", "disabled"}};
const struct code_list user_state_codes = CODE_LIST("user_state", 1, states);

struct user_in {
    struct presence presence;
    const char *username, *display_name;
    struct array roles, regions, programs;
};
static const struct field user_new_rows[] = {
    {"username", offsetof(struct user_in, username), FIELD_TEXT, FIELD_REQUIRED, 3, 40, NULL, NULL, "a-z 0-9 . _ -"},
    {"display_name", offsetof(struct user_in, display_name), FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, NULL, NULL},
    {"roles", offsetof(struct user_in, roles), FIELD_TEXTS, FIELD_REQUIRED, 1, ROLES_MAX, &user_role_codes, NULL, NULL},
    {"regions", offsetof(struct user_in, regions), FIELD_TEXTS, 0, 0, BOUNDS_MAX, NULL, NULL, "codes; none: all regions"},
    {"programs", offsetof(struct user_in, programs), FIELD_IDS, 0, 0, BOUNDS_MAX, NULL, NULL, "none: all programs"},
};
static FIELD_TABLE(user_new_fields, "user_new", struct user_in, user_new_rows);
static const struct field user_patch_rows[] = {
    {"display_name", offsetof(struct user_in, display_name), FIELD_TEXT, FIELD_NO_NULL, 1, 120, NULL, NULL, NULL},
    {"roles", offsetof(struct user_in, roles), FIELD_TEXTS, FIELD_NO_NULL, 1, ROLES_MAX, &user_role_codes, NULL, NULL},
    {"regions", offsetof(struct user_in, regions), FIELD_TEXTS, 0, 0, BOUNDS_MAX, NULL, NULL, "codes; none: all regions"},
    {"programs", offsetof(struct user_in, programs), FIELD_IDS, 0, 0, BOUNDS_MAX, NULL, NULL, "none: all programs"},
};
static FIELD_TABLE(user_patch_fields, "user_patch", struct user_in, user_patch_rows);

static void
print_roles(struct buffer *body, const char *key, uint64_t roles)
{
    json_open(body, key, '[');
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((roles >> role & 1) != 0)
            json_put_text(body, NULL, role_name((enum role)role));
    json_close(body, ']');
}

static void
print_grant(struct buffer *body, const struct grant *grant)
{
    json_open(body, NULL, '{');
    json_put_id(body, "id", grant->id);
    json_put_text(body, "kind", grant->kind);
    json_put_text(body, "role", grant->role);
    json_put_id(body, "user_id", grant->user_id);
    json_put_text(body, "username", grant->username);
    json_put_id(body, "made_by", grant->made_by);
    json_put_text(body, "made_by_name", grant->made_by_name);
    json_put_instant(body, "made_at", grant->made_at_ms);
    json_close(body, '}');
}

/* What waits for this account, and what stands without a second person. */
static struct error *
print_grants(struct tx *tx, struct buffer *body, struct id user_id)
{
    struct grant grants[GRANTS_MAX];
    size_t count = 0;
    uint64_t alone = 0;
    TRY(grant_list_user(tx, user_id, GRANTS_MAX, grants, &count));
    TRY(account_roles_alone(tx, user_id, &alone));
    json_open(body, "pending", '[');
    for (size_t i = 0; i < count; i++)
        print_grant(body, &grants[i]);
    json_close(body, ']');
    print_roles(body, "granted_alone", alone);
    return NULL;
}

/* The names beside the codes, in the same order. */
static struct error *
print_regions(struct tx *tx, struct buffer *body, const char *const *codes, size_t count)
{
    json_open(body, "regions", '[');
    for (size_t i = 0; i < count; i++)
        json_put_text(body, NULL, codes[i]);
    json_close(body, ']');
    json_open(body, "region_names", '[');
    for (size_t i = 0; i < count; i++) {
        struct region region;
        bool found = false;
        TRY(region_find_code(tx, codes[i], &region, &found));
        json_put_text(body, NULL, found ? region.name : codes[i]);
    }
    json_close(body, ']');
    return NULL;
}

static struct error *
print_user(struct tx *tx, struct buffer *body, const struct account *account)
{
    const char **codes = NULL;
    struct id *programs = NULL;
    size_t code_count = 0, program_count = 0;
    TRY(account_regions(tx, account->id, &codes, &code_count));
    TRY(account_programs(tx, account->id, &programs, &program_count));
    json_open(body, NULL, '{');
    json_put_id(body, "id", account->id);
    json_put_text(body, "username", account->username);
    json_put_text(body, "display_name", account->display_name);
    json_put_text(body, "state", account->state);
    print_roles(body, "roles", account->roles);
    TRY(print_regions(tx, body, codes, code_count));
    json_open(body, "programs", '[');
    for (size_t i = 0; i < program_count; i++)
        json_put_id(body, NULL, programs[i]);
    json_close(body, ']');
    json_put_bool(body, "second_factor", account->totp_secret.data != NULL);
    json_put_instant(body, "created_at", account->created_at_ms);
    json_put_int(body, "version", account->version);
    TRY(print_grants(tx, body, account->id));
    json_close(body, '}');
    return NULL;
}

static struct error *
answer_user(struct tx *tx, struct id user_id, struct reply *reply)
{
    struct account account;
    TRY(user_load(tx, user_id, &account));
    TRY(print_user(tx, &reply->body, &account));
    reply->version = account.version;
    reply->record_id = user_id;
    return NULL;
}

static struct error *
user_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return answer_user(tx, call->ids[0], reply);
}

static struct error *
user_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    int limit = call->limit + 1;
    size_t count = 0;
    struct account *accounts = ARENA_ARRAY(tx->arena, struct account, limit);
    const char *after = call->after.length > 0 ? arena_copy(tx->arena, (const char *)call->after.data, call->after.length) : "";
    TRY(account_list(tx, after, limit, accounts, &count));
    bool more = count == (size_t)limit;
    size_t shown = more ? count - 1 : count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        TRY(print_user(tx, &reply->body, &accounts[i]));
    const char *last = more ? accounts[shown - 1].username : NULL;
    reply_list_end(reply, tx->arena, last, last ? strlen(last) : 0);
    return NULL;
}

static uint64_t
parse_roles(const struct array *roles)
{
    const char *const *words = roles->items;
    uint64_t set = 0;
    for (size_t i = 0; i < roles->count; i++) {
        enum role role;
        if (role_find(words[i], &role))
            set |= UINT64_C(1) << role;
    }
    return set;
}

static struct error *
user_add_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct user_in *in = call->in;
    enum role roles[ROLES_MAX];
    struct user_new user = {.username = in->username,
                            .display_name = in->display_name,
                            .roles = roles,
                            .region_codes = in->regions.items,
                            .region_count = in->regions.count,
                            .program_ids = in->programs.items,
                            .program_count = in->programs.count};
    uint64_t set = parse_roles(&in->roles);
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((set >> role & 1) != 0)
            roles[user.role_count++] = (enum role)role;
    struct id id;
    const char *token = NULL;
    TRY(user_add(tx, call->actor, &user, NULL, &id));
    TRY(user_link_make(tx, call->actor, id, &token));
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    reply->status = 201;
    reply->record_id = id;
    reply->location = arena_format(tx->arena, "/api/v1/users/%s", text);
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", id);
    json_put_text(&reply->body, "link", arena_format(tx->arena, "/mulai/%s", token));
    TRY(print_grants(tx, &reply->body, id));
    json_close(&reply->body, '}');
    return NULL;
}

/* 412 carries the present record. */
static struct error *
check_version(struct tx *tx, const struct call *call, const struct account *account)
{
    if (call->if_match < 0 || call->if_match == account->version)
        return NULL;
    struct buffer current;
    buffer_init(&current, tx->arena);
    TRY(print_user(tx, &current, account));
    struct error *stale = error_new(ERROR_STALE);
    error_add_member(stale, "current", buffer_text(&current), true);
    return stale;
}

static struct error *
user_patch_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct user_in *in = call->in;
    struct account account;
    TRY(user_load(tx, call->ids[0], &account));
    TRY(check_version(tx, call, &account));
    struct user_patch patch = {.display_name = in->display_name,
                               .has_roles = field_present(&user_patch_fields, in, "roles"),
                               .has_regions = field_present(&user_patch_fields, in, "regions"),
                               .has_programs = field_present(&user_patch_fields, in, "programs"),
                               .roles = parse_roles(&in->roles),
                               .region_codes = in->regions.items,
                               .region_count = in->regions.count,
                               .program_ids = in->programs.items,
                               .program_count = in->programs.count};
    TRY(user_change(tx, call->actor, account.id, &patch));
    return answer_user(tx, account.id, reply);
}

static struct error *
user_disable_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(user_set_state(tx, call->actor, call->ids[0], "disabled"));
    return answer_user(tx, call->ids[0], reply);
}

static struct error *
user_enable_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(user_set_state(tx, call->actor, call->ids[0], "active"));
    return answer_user(tx, call->ids[0], reply);
}

static void
print_link(struct tx *tx, struct reply *reply, const char *token)
{
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "link", token ? arena_format(tx->arena, "/mulai/%s", token) : NULL);
    json_close(&reply->body, '}');
}

static struct error *
user_link_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const char *token = NULL;
    struct id grant = {{0}};
    TRY(user_link_ask(tx, call->actor, call->ids[0], &token, &grant));
    reply->record_id = call->ids[0];
    if (token) {
        print_link(tx, reply, token);
        return NULL;
    }
    reply->status = 202;
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "grant_id", grant);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
grant_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    int limit = call->limit + 1;
    size_t count = 0;
    struct id after = {{0}};
    if (call->after.length == sizeof after.bytes)
        memcpy(after.bytes, call->after.data, sizeof after.bytes);
    struct grant *grants = ARENA_ARRAY(tx->arena, struct grant, limit);
    TRY(grant_list_open(tx, after, limit, grants, &count));
    bool more = count == (size_t)limit;
    size_t shown = more ? count - 1 : count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        print_grant(&reply->body, &grants[i]);
    reply_list_end(reply, tx->arena, more ? grants[shown - 1].id.bytes : NULL, more ? sizeof after.bytes : 0);
    return NULL;
}

static struct error *
grant_confirm_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const char *token = NULL;
    TRY(user_grant_confirm(tx, call->actor, call->ids[0], &token));
    reply->record_id = call->ids[0];
    print_link(tx, reply, token);
    return NULL;
}

static struct error *
grant_withdraw_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(user_grant_withdraw(tx, call->actor, call->ids[0]));
    reply->record_id = call->ids[0];
    json_open(&reply->body, NULL, '{');
    json_close(&reply->body, '}');
    return NULL;
}

static void
print_route(struct buffer *body, const struct route *route)
{
    static const char *const methods[] = {[METHOD_NONE] = "", [METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE"};
    json_open(body, NULL, '{');
    json_put_text(body, "method", methods[route->method]);
    json_put_text(body, "path", route->path);
    json_open(body, "permissions", '[');
    json_put_text(body, NULL, permission_name(route->perm));
    if (route->has_perm_or)
        json_put_text(body, NULL, permission_name(route->perm_or));
    json_close(body, ']');
    json_put_bool(body, "step_up", route->step_up);
    json_put_text(body, "summary", route->summary);
    json_close(body, '}');
}

static void
print_permissions(struct buffer *body, enum language language)
{
    json_open(body, "permissions", '[');
    for (int permission = 0; permission < PERM_COUNT; permission++) {
        json_open(body, NULL, '{');
        json_put_text(body, "permission", permission_name((enum permission)permission));
        json_put_text(body, "text", permission_text((enum permission)permission, language));
        json_close(body, '}');
    }
    json_close(body, ']');
}

struct error *
permissions_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct buffer *body = &reply->body;
    (void)tx;
    json_open(body, NULL, '{');
    print_permissions(body, call->language);
    json_open(body, "roles", '[');
    for (int role = 0; role < ROLE_COUNT; role++) {
        json_open(body, NULL, '{');
        json_put_text(body, "role", role_name((enum role)role));
        json_open(body, "permissions", '[');
        for (int permission = 0; permission < PERM_COUNT; permission++)
            if ((role_permissions((enum role)role) >> permission & 1) != 0)
                json_put_text(body, NULL, permission_name((enum permission)permission));
        json_close(body, ']');
        json_close(body, '}');
    }
    json_close(body, ']');
    json_open(body, "routes", '[');
    for (size_t table = 0; route_tables && route_tables[table]; table++)
        for (const struct route *route = route_tables[table]; route->method != METHOD_NONE; route++)
            print_route(body, route);
    json_close(body, ']');
    json_close(body, '}');
    return NULL;
}

#define USERS "/api/v1/users"

const struct route user_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/session", .kind = ROUTE_WRITE, .perm = PERM_PUBLIC, .scope = SCOPE_SELF, .body = BODY_TABLE, .in = &sign_in_fields,
     .action = "session.start", .prepare = session_start_prepare, .undo = session_start_undo, .step = session_start_step, .summary = "sign in"},
    {.method = METHOD_GET, .path = "/api/v1/session", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .step = session_get_step,
     .summary = "who is signed in, and what he may do"},
    {.method = METHOD_DELETE, .path = "/api/v1/session", .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .action = "session.end",
     .step = session_end_step, .summary = "sign out"},
    {.method = METHOD_POST, .path = "/api/v1/session/step-up", .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .body = BODY_TABLE,
     .in = &step_up_fields, .action = "session.step_up", .step = session_step_up_step, .summary = "show the second factor again"},
    {.method = METHOD_POST, .path = "/api/v1/setup", .kind = ROUTE_WRITE, .perm = PERM_PUBLIC, .scope = SCOPE_SELF, .body = BODY_TABLE, .in = &setup_fields,
     .action = "user.setup", .prepare = setup_prepare, .step = setup_step, .summary = "turn a one-time link into a password and a second factor"},
    {.method = METHOD_GET, .path = "/api/v1/me/sessions", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .list = true,
     .step = session_list_step, .summary = "the caller's own open sessions"},
    {.method = METHOD_DELETE, .path = "/api/v1/me/sessions/{id}", .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .action = "session.end",
     .step = session_delete_step, .summary = "end one of the caller's own sessions"},
    {.method = METHOD_POST, .path = "/api/v1/me/password", .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .body = BODY_TABLE,
     .in = &own_password_fields, .action = "user.password", .prepare = own_password_prepare, .step = own_password_step,
     .summary = "change the caller's own password; his other sessions end"},
    {.method = METHOD_GET, .path = "/api/v1/me/second-factor", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF,
     .step = own_factor_offer_step, .summary = "a new secret for the caller's authenticator; nothing is stored"},
    {.method = METHOD_POST, .path = "/api/v1/me/second-factor", .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF, .body = BODY_TABLE,
     .in = &own_factor_fields, .action = "user.second_factor", .prepare = own_factor_prepare, .step = own_factor_step,
     .summary = "set up the caller's authenticator by a code of its secret"},
    {.method = METHOD_GET, .path = USERS, .kind = ROUTE_READ_SLOW, .perm = PERM_USER_MANAGE, .perm_or = PERM_AUDIT_READ, .has_perm_or = true, .scope = SCOPE_NONE,
     .list = true, .step = user_list_step, .summary = "accounts by user name"},
    {.method = METHOD_POST, .path = USERS, .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL, .body = BODY_TABLE,
     .in = &user_new_fields, .action = "user.add", .step = user_add_step, .summary = "add an account; the answer holds its one-time link"},
    {.method = METHOD_GET, .path = USERS "/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_USER_MANAGE, .perm_or = PERM_AUDIT_READ, .has_perm_or = true,
     .scope = SCOPE_NONE, .step = user_get_step, .summary = "one account"},
    {.method = METHOD_PATCH, .path = USERS "/{id}", .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .version = VERSION_REQUIRED,
     .body = BODY_TABLE, .in = &user_patch_fields, .action = "user.change", .step = user_patch_step, .summary = "change name, roles, regions, programs"},
    {.method = METHOD_POST, .path = USERS "/{id}/disable", .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .version = VERSION_OPTIONAL,
     .action = "user.disable", .step = user_disable_step, .summary = "disable an account and end its sessions"},
    {.method = METHOD_POST, .path = USERS "/{id}/enable", .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .version = VERSION_OPTIONAL,
     .action = "user.enable", .step = user_enable_step, .summary = "enable an account again"},
    {.method = METHOD_POST, .path = USERS "/{id}/link", .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .action = "user.link",
     .step = user_link_step, .summary = "a new one-time link; for who has a second factor it waits for another person"},
    {.method = METHOD_GET, .path = "/api/v1/grants", .kind = ROUTE_READ_FAST, .perm = PERM_USER_MANAGE, .perm_or = PERM_AUDIT_READ, .has_perm_or = true,
     .scope = SCOPE_NONE, .list = true, .step = grant_list_step, .summary = "grants that wait for another person"},
    {.method = METHOD_POST, .path = "/api/v1/grants/{id}/confirm", .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .action = "user.confirm",
     .step = grant_confirm_step, .summary = "confirm another person's grant"},
    {.method = METHOD_POST, .path = "/api/v1/grants/{id}/withdraw", .kind = ROUTE_WRITE, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE,
     .action = "user.withdraw", .step = grant_withdraw_step, .summary = "withdraw a grant that waits"},
    {.method = METHOD_GET, .path = "/api/v1/permissions", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .step = permissions_step,
     .summary = "what each role may do"},
    {.method = METHOD_NONE},
};
