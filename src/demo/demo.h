/* demo.h: a believable registry of invented people for a trial: CONTOH. The same seed makes the same families on the same day. */
#ifndef LUMBUNG_DEMO_H
#define LUMBUNG_DEMO_H

#include "demo/demo_programs.h"
#include "demo/demo_random.h"
#include "lumbung/db/lane.h"
#include "lumbung/user.h"

#define DEMO_PASSWORD "padi masuk lumbung 26"
#define DEMO_VILLAGES_MAX 24
#define DEMO_KEPT 48
enum demo_person { DEMO_RINA, DEMO_JOKO, DEMO_MAYA, DEMO_HENDRA, DEMO_TUTI, DEMO_AUDI, DEMO_SARI, DEMO_USERS };

struct demo {
    struct lane *lane;
    struct arena *arena;
    struct demo_random random;
    int32_t today;            /* all dates are told from this day */
    int households, made;
    const char *villages[DEMO_VILLAGES_MAX];
    size_t village_count;
    const char *kept[DEMO_KEPT], *niks[DEMO_KEPT]; /* the first families as they were answered, and what is masked there: their heads' NIK or NULL */
    struct id users[DEMO_USERS], programs[DEMO_PROGRAMS], form_id;
    void (*progress)(const struct demo *demo); /* NULL: nobody looks */
};

struct demo_user { const char *username, *display; enum role role; const char *region; };
extern const struct demo_user demo_users[DEMO_USERS];
/* The authenticator secret of a user: the same in every demo. */
void demo_secret(const char *username, uint8_t ret_secret[20]);

/* The clock of the demo's lane. While families are registered it stands some days back: what was registered today everybody may still correct. */
int64_t demo_now_ms(void);

/* Regions, questionnaire, users, families, programs, enrollments, batches in every state. The registry's index must be loaded. */
FALLIBLE struct error *demo_fill(struct demo *demo);

/* Pieces: each `apply` in the lane, then the jobs that it made. */
FALLIBLE struct error *demo_do(struct demo *demo, struct error *(*apply)(struct tx *tx, void *context), void *context);
FALLIBLE struct error *demo_actor(struct tx *tx, const struct demo *demo, enum demo_person person, struct actor *ret_actor);
FALLIBLE struct error *demo_add_people(struct demo *demo);
FALLIBLE struct error *demo_add_scores(struct demo *demo);
FALLIBLE struct error *demo_add_money(struct demo *demo);
/* Something to decide on every desk: a change, a death, a move, an objection, a double, corrections, facts of another registry. */
FALLIBLE struct error *demo_add_cases(struct demo *demo);

#endif
