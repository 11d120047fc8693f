/* demo_people.c: regions of Jambi, users of every role, families with their needs. */
#include <stdio.h>
#include <string.h>

#include "demo/demo.h"
#include "demo/demo_family.h"
#include "lumbung/assessment.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/region.h"
#include "lumbung/shape.h"

#define DEMO_CHUNK 200

const struct demo_user demo_users[DEMO_USERS] = {
    [DEMO_RINA] = {"rina", "Rina Marlina", ROLE_OFFICER, "15.01"}, [DEMO_JOKO] = {"joko", "Joko Susilo", ROLE_OFFICER, "15.71"},
    [DEMO_MAYA] = {"maya", "Maya Lestari", ROLE_MANAGER, NULL}, [DEMO_HENDRA] = {"hendra", "Hendra Wijaya", ROLE_APPROVER, NULL},
    [DEMO_TUTI] = {"tuti", "Tuti Rahayu", ROLE_APPROVER, NULL}, [DEMO_AUDI] = {"audi", "Audi Pratama", ROLE_AUDITOR, NULL},
    [DEMO_SARI] = {"sari", "Sari Dewi", ROLE_ADMIN, NULL},
};

static const struct demo_region { const char *code, *parent, *level, *kind, *name; } demo_regions[] = {
#define REGION(code, parent, level, kind, name) {code, parent, level, kind, name},
#include "demo/regions_jambi.def"
#undef REGION
};
#define DEMO_REGIONS (sizeof demo_regions / sizeof demo_regions[0])

static struct error *
demo_import_regions(struct tx *tx, void *context)
{
    (void)context;
    struct actor actor = user_console_actor();
    struct buffer csv;
    int64_t rows = 0;
    buffer_init(&csv, tx->arena);
    buffer_add(&csv, "code,parent,level,kind,name\n");
    for (size_t i = 0; i < DEMO_REGIONS; i++)
        buffer_format(&csv, "%s,%s,%s,%s,\"%s\"\n", demo_regions[i].code, demo_regions[i].parent, demo_regions[i].level, demo_regions[i].kind, demo_regions[i].name);
    TRY(region_import(tx, &actor, csv.data, csv.length, &rows));
    return assessment_make_default_form(tx, &actor);
}

/* No real outlines: who made them decides who may hand them on. */
static struct error *
demo_sketch(struct tx *tx, void *context)
{
    (void)context;
    struct actor actor = user_console_actor();
    return shape_sketch(tx, &actor);
}

/* Twelve villages of each of the two officers' areas: dense enough that lists look like lists. */
static void
demo_choose_villages(struct demo *demo)
{
    int taken[2] = {0, 0};
    for (size_t i = 0; i < DEMO_REGIONS && demo->village_count < DEMO_VILLAGES_MAX; i++) {
        int area = text_begins(demo_regions[i].code, "15.01.") ? 0 : text_begins(demo_regions[i].code, "15.71.") ? 1 : -1;
        if (area >= 0 && demo_regions[i].level[0] == '4' && taken[area] < DEMO_VILLAGES_MAX / 2) {
            demo->villages[demo->village_count++] = demo_regions[i].code;
            taken[area]++;
        }
    }
}

void
demo_secret(const char *username, uint8_t ret_secret[20])
{
    uint8_t digest[SHA256_SIZE];
    char text[64];
    snprintf(text, sizeof text, "lumbung contoh %s", username);
    sha256_of(text, strlen(text), digest);
    memcpy(ret_secret, digest, 20);
}

static struct error *
demo_add_users(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor actor = user_console_actor();
    const char *hash = crypto_password_hash(tx->arena, DEMO_PASSWORD); /* one for all: it takes a tenth of a second */
    for (size_t i = 0; i < DEMO_USERS; i++) {
        uint8_t secret[20];
        demo_secret(demo_users[i].username, secret);
        struct user_new user = {.username = demo_users[i].username, .display_name = demo_users[i].display, .password = DEMO_PASSWORD, .totp_secret = secret,
                                .totp_length = demo_users[i].role == ROLE_OFFICER ? 0 : sizeof secret, .roles = &demo_users[i].role, .role_count = 1,
                                .region_codes = &demo_users[i].region, .region_count = demo_users[i].region != NULL};
        if (demo_users[i].role == ROLE_OFFICER)
            user.totp_secret = NULL;
        TRY(user_add(tx, &actor, &user, hash, &demo->users[i]));
    }
    return NULL;
}

struct error *
demo_actor(struct tx *tx, const struct demo *demo, enum demo_person person, struct actor *ret_actor)
{
    return user_actor(tx, demo->users[person], ret_actor);
}

/* --- families ------------------------------------------------------------------------------------------------------------------------- */

static struct error *
demo_assess(struct tx *tx, struct demo *demo, const struct actor *officer, const struct form *form, struct id household_id, const struct json *members)
{
    struct json *assessment = json_make(tx->arena, JSON_OBJECT);
    char form_id[ID_TEXT_SIZE], day[DATE_TEXT_SIZE];
    id_print(demo->form_id, form_id);
    date_print(demo->today - demo_below(&demo->random, 90), day);
    json_set(tx->arena, assessment, "form_id", json_make_text(tx->arena, form_id));
    json_set(tx->arena, assessment, "assessed_on", json_make_text(tx->arena, day));
    json_set(tx->arena, assessment, "answers", demo_answers(tx->arena, &demo->random, members));
    struct id id;
    return assessment_record_json(tx, officer, household_id, form, assessment, &id);
}

static struct error *
demo_add_family(struct tx *tx, struct demo *demo, const struct actor officers[2], const struct form *form, int number)
{
    const char *village = demo->villages[(size_t)number % demo->village_count];
    const struct actor *officer = &officers[text_begins(village, "15.71") ? 1 : 0];
    struct json *family = demo_family(tx->arena, &demo->random, village, number, demo->today);
    struct buffer body;
    struct id id;
    buffer_init(&body, tx->arena);
    TRY(household_register_json(tx, officer, family, "demo", &id, number < DEMO_KEPT ? &body : NULL));
    if (number < DEMO_KEPT) {
        demo->kept[number] = arena_copy(demo->arena, body.data, body.length);
        demo->niks[number] = arena_text(demo->arena, json_get_text(json_get(family, "members")->items[0], "nik"));
    }
    return demo_chance(&demo->random, 85) ? demo_assess(tx, demo, officer, form, id, json_get(family, "members")) : NULL;
}

static struct error *
demo_add_families(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor officers[2];
    struct form *form = NULL;
    struct demo_random random = demo->random; /* a chunk that is tried again makes the same families */
    int made = demo->made;
    TRY(demo_actor(tx, demo, DEMO_RINA, &officers[0]));
    TRY(demo_actor(tx, demo, DEMO_JOKO, &officers[1]));
    TRY(assessment_open_form(tx, demo->form_id, &form));
    for (int i = 0; i < DEMO_CHUNK && made < demo->households; i++, made++) {
        struct error *error = demo_add_family(tx, demo, officers, form, made);
        if (error) {
            demo->random = random;
            return error;
        }
    }
    demo->made = made;
    return NULL;
}

static struct error *
demo_find_form(struct tx *tx, void *context)
{
    struct demo *demo = context;
    return assessment_active_form(tx, &demo->form_id);
}

struct error *
demo_add_people(struct demo *demo)
{
    TRY(demo_do(demo, demo_import_regions, demo));
    TRY(demo_do(demo, demo_sketch, demo));
    TRY(demo_do(demo, demo_find_form, demo));
    demo_choose_villages(demo);
    TRY(demo_do(demo, demo_add_users, demo));
    while (demo->made < demo->households) {
        TRY(demo_do(demo, demo_add_families, demo));
        if (demo->progress)
            demo->progress(demo);
    }
    return NULL;
}
