/* user_role.c: which role holds which permission, and the actors that are no user. */
#include "user/user_role.h"

#include "lumbung/base/text.h"

#define BIT(name) (UINT64_C(1) << PERM_##name)

/* The presets of the contract, role by role: the cells that say yes. */
static const struct {
    const char *name;
    bool sensitive; /* granting it in the browser waits for another person */
    uint64_t permissions;
} roles[ROLE_COUNT] = {
    [ROLE_OFFICER] = {"officer", false,
                      BIT(HOUSEHOLD_READ) | BIT(HOUSEHOLD_WRITE) | BIT(HOUSEHOLD_REVEAL) | BIT(ASSESSMENT_WRITE) | BIT(ELIGIBILITY_CHECK) |
                          BIT(ENROLLMENT_PROPOSE) | BIT(PROGRAM_READ) | BIT(RECEIPT_READ) | BIT(RECEIPT_WRITE)},
    [ROLE_MANAGER] = {"manager", true,
                      BIT(HOUSEHOLD_READ) | BIT(HOUSEHOLD_WRITE) | BIT(HOUSEHOLD_REVEAL) | BIT(CHANGE_APPROVE) | BIT(ASSESSMENT_WRITE) |
                          BIT(ELIGIBILITY_CHECK) | BIT(ENROLLMENT_PROPOSE) | BIT(ENROLLMENT_DECIDE) | BIT(PROGRAM_READ) | BIT(PROGRAM_WRITE) |
                          BIT(BATCH_READ) | BIT(BATCH_MAKE) | BIT(BATCH_APPROVE) | BIT(BATCH_RELEASE) | BIT(RECEIPT_READ) | BIT(RECEIPT_WRITE) |
                          BIT(PAYMENT_FILE) | BIT(PAYMENT_RECONCILE) | BIT(STOCK_WRITE) | BIT(EXPORT_PERSONAL) | BIT(EXPORT_AGGREGATE) |
                          BIT(GRIEVANCE_READ)},
    [ROLE_APPROVER] = {"approver", true,
                       BIT(HOUSEHOLD_READ) | BIT(ELIGIBILITY_CHECK) | BIT(PROGRAM_READ) | BIT(RULE_APPROVE) | BIT(BATCH_READ) | BIT(BATCH_APPROVE) |
                           BIT(BATCH_RELEASE) | BIT(RECEIPT_READ) | BIT(PAYMENT_FILE) | BIT(PAYMENT_RECONCILE) |
                           BIT(EXPORT_AGGREGATE)},
    [ROLE_AUDITOR] = {"auditor", false,
                      BIT(HOUSEHOLD_READ) | BIT(ELIGIBILITY_CHECK) | BIT(PROGRAM_READ) | BIT(BATCH_READ) | BIT(RECEIPT_READ) | BIT(EXPORT_PERSONAL) |
                          BIT(EXPORT_AGGREGATE) | BIT(GRIEVANCE_READ) | BIT(AUDIT_READ)},
    [ROLE_ADMIN] = {"admin", true, BIT(USER_MANAGE) | BIT(REGION_MANAGE) | BIT(SETTING_MANAGE) | BIT(AUDIT_READ)},
};

const char *
role_name(enum role role)
{
    return role < ROLE_COUNT ? roles[role].name : NULL;
}

bool
role_find(const char *name, enum role *ret_role)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (!text_equal(name, roles[role].name))
            continue;
        *ret_role = (enum role)role;
        return true;
    }
    return false;
}

uint64_t
role_permissions(enum role role)
{
    return role < ROLE_COUNT ? roles[role].permissions : 0;
}

bool
role_is_sensitive(enum role role)
{
    return role < ROLE_COUNT && roles[role].sensitive;
}

bool
role_set_needs_factor(uint64_t set)
{
    return (set & ~(UINT64_C(1) << ROLE_OFFICER)) != 0;
}

uint64_t
role_set_permissions(uint64_t set)
{
    uint64_t permissions = 0;
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((set >> role & 1) != 0)
            permissions |= roles[role].permissions;
    return permissions;
}

/* An auditor sees pseudonyms, unless another of his roles sees persons as well. */
enum masking
role_set_masking(uint64_t set)
{
    bool auditor = (set >> ROLE_AUDITOR & 1) != 0;
    uint64_t others = role_set_permissions(set & ~(UINT64_C(1) << ROLE_AUDITOR));
    return auditor && (others & BIT(HOUSEHOLD_READ)) == 0 ? MASKING_PSEUDONYM : MASKING_IDS;
}

static struct actor
unbounded(enum actor_kind kind, const char *name)
{
    return (struct actor){.kind = kind,
                          .name = name,
                          .permissions = (UINT64_C(1) << PERM_COUNT) - 1,
                          .all_regions = true,
                          .all_programs = true,
                          .masking = MASKING_NONE};
}

struct actor
user_console_actor(void)
{
    return unbounded(ACTOR_CONSOLE, "console");
}

struct actor
user_system_actor(void)
{
    return unbounded(ACTOR_SYSTEM, "system");
}

const char *
permission_text(enum permission permission, enum language language)
{
    static const char *const texts[][2] = {
#define PERMISSION_TEXT(name, slug, id, en) {id, en},
        PERMISSIONS(PERMISSION_TEXT)
#undef PERMISSION_TEXT
    };
    return permission < PERM_COUNT ? texts[permission][language == LANGUAGE_EN] : NULL;
}

const char *
permission_name(enum permission permission)
{
    static const char *const names[] = {
#define PERMISSION_NAME(name, slug, id, en) slug,
        PERMISSIONS(PERMISSION_NAME)
#undef PERMISSION_NAME
    };
    if (permission == PERM_PUBLIC)
        return "public";
    if (permission == PERM_SIGNED_IN)
        return "signed_in";
    return permission < PERM_COUNT ? names[permission] : NULL;
}
