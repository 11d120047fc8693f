/* user.c: accounts: adding and changing them, their states and bounds, with an audit entry each. */
#include "lumbung/user.h"

#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/region.h"
#include "user/user_rules.h"

#define NAME_MIN 3
#define NAME_MAX 40
#define DISPLAY_MAX 120
#define LIST_MAX 100000

struct error *
user_trace(struct tx *tx, const struct actor *actor, const char *action, struct id user_id, const char *before, const char *after)
{
    struct audit_part part = {.kind = "user", .id = user_id, .before = before, .after = after};
    struct audit_change change = {.action = action, .record_id = user_id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
user_load(struct tx *tx, struct id user_id, struct account *ret_account)
{
    bool found = false;
    TRY(account_by_id(tx, user_id, ret_account, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

static void
print_roles(struct buffer *buffer, uint64_t roles)
{
    json_open(buffer, "roles", '[');
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((roles >> role & 1) != 0)
            json_put_text(buffer, NULL, role_name((enum role)role));
    json_close(buffer, ']');
}

struct error *
user_snapshot(struct tx *tx, struct id user_id, const char **ret_json)
{
    struct account account;
    struct buffer text;
    const char **codes = NULL;
    struct id *programs = NULL;
    size_t code_count = 0, program_count = 0;
    TRY(user_load(tx, user_id, &account));
    TRY(account_regions(tx, user_id, &codes, &code_count));
    TRY(account_programs(tx, user_id, &programs, &program_count));
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "username", account.username);
    json_put_text(&text, "display_name", account.display_name);
    json_put_text(&text, "state", account.state);
    print_roles(&text, account.roles);
    json_open(&text, "regions", '[');
    for (size_t i = 0; i < code_count; i++)
        json_put_text(&text, NULL, codes[i]);
    json_close(&text, ']');
    json_open(&text, "programs", '[');
    for (size_t i = 0; i < program_count; i++)
        json_put_id(&text, NULL, programs[i]);
    json_close(&text, ']');
    json_close(&text, '}');
    *ret_json = buffer_text(&text);
    return NULL;
}

static bool
username_valid(const char *username)
{
    size_t length = username ? strlen(username) : 0;
    if (length < NAME_MIN || length > NAME_MAX)
        return false;
    return strspn(username, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static struct error *
check_new(const struct user_new *user)
{
    struct error *faults = NULL;
    if (!username_valid(user->username))
        error_add_fault(&faults, "/username", FAULT_LENGTH, "3", "40 (a-z 0-9 . _ -)");
    if (text_is_blank(user->display_name) || text_characters(user->display_name) > DISPLAY_MAX)
        error_add_fault(&faults, "/display_name", FAULT_LENGTH, "1", "120");
    else if (!text_is_clean(user->display_name, false))
        error_add_fault(&faults, "/display_name", FAULT_TEXT, NULL, NULL);
    if (user->role_count == 0)
        error_add_fault(&faults, "/roles", FAULT_REQUIRED, NULL, NULL);
    return faults;
}

/* A region that lies in another of the list says nothing: whoever reads the list would think it a limit. */
static struct error *
check_overlap(struct tx *tx, struct id user_id, const char *const *codes, size_t count)
{
    struct error *faults = NULL;
    for (size_t i = 0; i < count; i++) {
        struct region region;
        bool found = false;
        const char *above = NULL;
        TRY(region_find_code(tx, codes[i], &region, &found));
        TRY(account_region_inside(tx, user_id, region.id, &above));
        if (above)
            error_add_fault(&faults, arena_format(tx->arena, "/regions/%zu", i), FAULT_CONSTRAINT,
                            arena_format(tx->arena, "%s sudah termasuk dalam %s; hapus salah satu.", codes[i], above),
                            arena_format(tx->arena, "%s already lies in %s; remove one of them.", codes[i], above));
    }
    return faults;
}

/* All bad codes at once. */
static struct error *
write_regions(struct tx *tx, struct id user_id, const char *const *codes, size_t count)
{
    struct error *faults = NULL;
    for (size_t i = 0; i < count; i++) {
        struct region region;
        bool found = false;
        TRY(region_find_code(tx, codes[i], &region, &found));
        if (found)
            TRY(account_region_insert(tx, user_id, region.id));
        else
            error_add_fault(&faults, arena_format(tx->arena, "/regions/%zu", i), FAULT_REGION, codes[i], NULL);
    }
    return faults ? faults : check_overlap(tx, user_id, codes, count);
}

static struct error *
write_programs(struct tx *tx, struct id user_id, const struct id *ids, size_t count)
{
    struct error *faults = NULL;
    for (size_t i = 0; i < count; i++) {
        bool exists = false;
        char text[ID_TEXT_SIZE];
        TRY(account_program_exists(tx, ids[i], &exists));
        id_print(ids[i], text);
        if (exists)
            TRY(account_program_insert(tx, user_id, ids[i]));
        else
            error_add_fault(&faults, arena_format(tx->arena, "/programs/%zu", i), FAULT_REFERENCE, text, NULL);
    }
    return faults;
}

struct error *
user_roles_check(uint64_t roles)
{
    const uint64_t auditor = UINT64_C(1) << ROLE_AUDITOR;
    if (roles == 0)
        return error_field("/roles", FAULT_REQUIRED, NULL, NULL);
    if ((roles & auditor) != 0 && roles != auditor)
        return error_field("/roles", FAULT_CONSTRAINT, "Auditor tidak boleh memegang peran lain: ia akan memeriksa pekerjaannya sendiri. Pilih auditor saja, atau peran yang lain.",
                           "An auditor holds no other role: he would check his own work. Choose auditor alone, or the others.");
    return NULL;
}

struct error *
user_add(struct tx *tx, const struct actor *actor, const struct user_new *user, const char *password_hash, struct id *ret_id)
{
    struct account present;
    bool found = false;
    TRY(check_new(user));
    TRY(account_by_name(tx, user->username, &present, &found));
    if (found)
        return error_with(ERROR_EXISTS, user->username, NULL, NULL);
    struct account account = {.id = tx_new_id(tx),
                              .username = user->username,
                              .state = password_hash ? "active" : "invited",
                              .display_name = user->display_name,
                              .password_hash = password_hash,
                              .totp_secret = {user->totp_secret, user->totp_length},
                              .added_by = actor->user_id};
    uint64_t roles = 0;
    for (size_t i = 0; i < user->role_count; i++)
        roles |= UINT64_C(1) << user->roles[i];
    TRY(user_roles_check(roles));
    TRY(account_insert(tx, &account));
    TRY(write_regions(tx, account.id, user->region_codes, user->region_count));
    TRY(write_programs(tx, account.id, user->program_ids, user->program_count));
    TRY(user_roles_give(tx, actor, account.id, roles));
    TRY(region_scope_rewrite(tx, account.id));
    const char *after = NULL;
    TRY(user_snapshot(tx, account.id, &after));
    TRY(user_trace(tx, actor, "user.add", account.id, NULL, after));
    *ret_id = account.id;
    return NULL;
}

/* A role that waits and is no longer wanted waits no more. */
static struct error *
withdraw_unwanted(struct tx *tx, const struct actor *actor, struct id user_id, uint64_t roles)
{
    struct grant open[GRANTS_MAX];
    size_t count = 0;
    TRY(grant_list_user(tx, user_id, GRANTS_MAX, open, &count));
    for (size_t i = 0; i < count; i++) {
        enum role role;
        bool changed = false;
        if (text_equal(open[i].kind, "role") && role_find(open[i].role, &role) && (roles >> role & 1) == 0)
            TRY(grant_decide(tx, open[i].id, "withdrawn", actor->user_id, &changed));
    }
    return NULL;
}

static struct error *
change_roles(struct tx *tx, const struct actor *actor, const struct account *account, uint64_t roles)
{
    TRY(user_roles_check(roles));
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((account->roles & ~roles) >> role & 1)
            TRY(account_role_delete(tx, account->id, (enum role)role));
    TRY(withdraw_unwanted(tx, actor, account->id, roles));
    return user_roles_give(tx, actor, account->id, roles & ~account->roles);
}

static struct error *
change_parts(struct tx *tx, const struct actor *actor, const struct account *account, const struct user_patch *patch)
{
    if (patch->display_name) {
        if (text_is_blank(patch->display_name) || text_characters(patch->display_name) > DISPLAY_MAX)
            return error_field("/display_name", FAULT_LENGTH, "1", "120");
        TRY(account_set_display_name(tx, account->id, patch->display_name));
    }
    if (patch->has_regions) {
        TRY(account_regions_clear(tx, account->id));
        TRY(write_regions(tx, account->id, patch->region_codes, patch->region_count));
        TRY(region_scope_rewrite(tx, account->id));
    }
    if (patch->has_programs) {
        TRY(account_programs_clear(tx, account->id));
        TRY(write_programs(tx, account->id, patch->program_ids, patch->program_count));
    }
    return patch->has_roles ? change_roles(tx, actor, account, patch->roles) : NULL;
}

struct error *
user_change(struct tx *tx, const struct actor *actor, struct id user_id, const struct user_patch *patch)
{
    struct account account;
    const char *before = NULL, *after = NULL;
    if (actor->kind == ACTOR_USER && id_equal(actor->user_id, user_id))
        return error_new(ERROR_FORBIDDEN);
    TRY(user_load(tx, user_id, &account));
    TRY(user_snapshot(tx, user_id, &before));
    TRY(change_parts(tx, actor, &account, patch));
    TRY(account_touch(tx, user_id));
    TRY(user_snapshot(tx, user_id, &after));
    return user_trace(tx, actor, "user.change", user_id, before, after);
}

struct error *
user_set_state(struct tx *tx, const struct actor *actor, struct id user_id, const char *state)
{
    struct account account;
    bool disable = text_equal(state, "disabled");
    if (actor->kind == ACTOR_USER && id_equal(actor->user_id, user_id))
        return error_new(ERROR_FORBIDDEN);
    TRY(user_load(tx, user_id, &account));
    if (disable == text_equal(account.state, "disabled"))
        return error_state(&user_state_codes, account.state, disable ? BARRED_DISABLE : BARRED_ENABLE);
    /* Who never had a password goes on waiting for his link. */
    TRY(account_set_state(tx, user_id, disable ? "disabled" : (account.password_hash ? "active" : "invited")));
    if (disable) {
        TRY(session_end_all(tx, user_id));
        TRY(link_void(tx, user_id));
    }
    return user_trace(tx, actor, disable ? "user.disable" : "user.enable", user_id, NULL, NULL);
}

struct error *
user_by_name(struct tx *tx, const char *username, struct id *ret_id)
{
    struct account account;
    bool found = false;
    TRY(account_by_name(tx, username, &account, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    *ret_id = account.id;
    return NULL;
}

struct error *
user_display_name(struct tx *tx, struct id user_id, const char **ret_name)
{
    struct account account;
    bool found = false;
    TRY(account_by_id(tx, user_id, &account, &found));
    *ret_name = found ? account.display_name : NULL;
    return NULL;
}

struct error *
user_count(struct tx *tx, int64_t *ret_count)
{
    return account_count(tx, ret_count);
}

struct error *
user_granted_alone(struct tx *tx, struct id user_id, bool *ret_alone)
{
    uint64_t roles = 0;
    TRY(account_roles_alone(tx, user_id, &roles));
    *ret_alone = roles != 0;
    return NULL;
}

struct error *
user_scope_rewrite(struct tx *tx, struct id user_id)
{
    return region_scope_rewrite(tx, user_id);
}

static struct error *
fill_line(struct tx *tx, const struct account *account, struct user_line *ret_line)
{
    struct buffer roles, regions;
    const char **codes = NULL;
    size_t count = 0;
    TRY(account_regions(tx, account->id, &codes, &count));
    buffer_init(&roles, tx->arena);
    buffer_init(&regions, tx->arena);
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((account->roles >> role & 1) != 0)
            buffer_format(&roles, "%s%s", roles.length > 0 ? "," : "", role_name((enum role)role));
    for (size_t i = 0; i < count; i++)
        buffer_format(&regions, "%s%s", i > 0 ? "," : "", codes[i]);
    *ret_line = (struct user_line){account->username, account->state, buffer_text(&roles), buffer_text(&regions)};
    return NULL;
}

struct error *
user_list(struct tx *tx, struct user_line **ret_lines, size_t *ret_count)
{
    int64_t total = 0;
    size_t count = 0;
    TRY(account_count(tx, &total));
    int limit = total < LIST_MAX ? (int)total : LIST_MAX;
    struct account *accounts = ARENA_ARRAY(tx->arena, struct account, limit + 1);
    TRY(account_list(tx, "", limit, accounts, &count));
    struct user_line *lines = ARENA_ARRAY(tx->arena, struct user_line, count);
    for (size_t i = 0; i < count; i++)
        TRY(fill_line(tx, &accounts[i], &lines[i]));
    *ret_lines = lines;
    *ret_count = count;
    return NULL;
}
