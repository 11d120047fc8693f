/* demo_family.c: one invented family. */
#include "demo/demo_family.h"

#include <string.h>

#include "lumbung/base/id.h"
#include "lumbung/base/time.h"

struct weighted { const char *word; int weight; };

static const struct weighted male_words[] = {
#define MALE(word, weight) {word, weight},
#define FEMALE(word, weight)
#define LATER(word, weight)
#include "demo/names.def"
#undef MALE
#undef FEMALE
#undef LATER
};
static const struct weighted female_words[] = {
#define MALE(word, weight)
#define FEMALE(word, weight) {word, weight},
#define LATER(word, weight)
#include "demo/names.def"
#undef MALE
#undef FEMALE
#undef LATER
};
static const struct weighted later_words[] = {
#define MALE(word, weight)
#define FEMALE(word, weight)
#define LATER(word, weight) {word, weight},
#include "demo/names.def"
#undef MALE
#undef FEMALE
#undef LATER
};
#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const char *
pick_word(struct demo_random *random, const struct weighted *words, int count)
{
    int total = 0, at = 0;
    for (int i = 0; i < count; i++)
        total += words[i].weight;
    int left = demo_below(random, total);
    while (left >= words[at].weight)
        left -= words[at++].weight;
    return words[at].word;
}

/* Three in ten have a single name. */
static const char *
make_name(struct arena *arena, struct demo_random *random, bool female)
{
    const char *first = female ? pick_word(random, female_words, COUNT(female_words)) : pick_word(random, male_words, COUNT(male_words));
    if (demo_chance(random, 30))
        return first;
    const char *second = pick_word(random, later_words, COUNT(later_words));
    return strcmp(first, second) == 0 ? first : arena_format(arena, "%s %s", first, second);
}

static void
put(struct arena *arena, struct json *object, const char *name, const char *value)
{
    json_set(arena, object, name, json_make_text(arena, value));
}

#define PEOPLE_MAX 16

struct person {
    const char *relationship;
    bool female;
    int age, family_no;
};

/* NIK by the rules; one in thirty was given in another district, one in a hundred disagrees with the birth date: real life. */
static const char *
make_nik(struct arena *arena, struct demo_random *random, const char *village, bool female, int year, int month, int day, int serial)
{
    int shown_day = day + (female ? 40 : 0);
    if (demo_chance(random, 1))
        shown_day = 1 + (female ? 40 : 0);
    const char *district = demo_chance(random, 3) ? "157101" : arena_format(arena, "%.2s%.2s%.2s", village, village + 3, village + 6);
    return arena_format(arena, "%s%02d%02d%02d%04d", district, shown_day, month, year % 100, serial % 9999 + 1);
}

static void
put_school(struct arena *arena, struct demo_random *random, struct json *member, int age)
{
    if (age < 7 || age > 18 || demo_chance(random, 8)) {
        if (age >= 7 && age <= 18)
            json_set(arena, member, "in_school", json_make_bool(arena, false));
        return;
    }
    int grade = age - 6 > 12 ? 12 : age - 6;
    json_set(arena, member, "in_school", json_make_bool(arena, true));
    json_set(arena, member, "grade", json_make_int(arena, grade));
}

static void
put_health(struct arena *arena, struct demo_random *random, struct json *member, const struct person *person, int32_t today)
{
    char due[DATE_TEXT_SIZE];
    json_set(arena, member, "chronic_illness", json_make_bool(arena, demo_chance(random, person->age > 50 ? 22 : 4)));
    if (person->age >= 5 && demo_chance(random, person->age > 60 ? 25 : 4)) {
        static const char *const functions[] = {"seeing", "hearing", "walking", "remembering", "self_care", "communicating"};
        struct json *disability = json_make(arena, JSON_OBJECT);
        for (int i = 0; i < 6; i++)
            json_set(arena, disability, functions[i], json_make_int(arena, 1));
        json_set(arena, disability, functions[demo_below(random, 6)], json_make_int(arena, 2 + demo_below(random, 3)));
        json_set(arena, member, "disability", disability);
    }
    if (person->female && person->age >= 19 && person->age <= 40 && demo_chance(random, 5)) {
        struct json *pregnancy = json_make(arena, JSON_OBJECT);
        date_print(today + 20 + demo_below(random, 220), due);
        put(arena, pregnancy, "due_on", due);
        json_set(arena, member, "pregnancy", pregnancy);
    }
}

static struct json *
make_member(struct arena *arena, struct demo_random *random, const char *village, const struct person *person, int serial, int32_t today)
{
    struct json *member = json_make(arena, JSON_OBJECT);
    int year, month, day;
    char date[DATE_TEXT_SIZE];
    int32_t birth = today - person->age * 365 - person->age / 4 - 1 - demo_below(random, 360);
    date_to_parts(birth, &year, &month, &day);
    date_print(birth, date);
    put(arena, member, "name", make_name(arena, random, person->female));
    put(arena, member, "sex", person->female ? "F" : "M");
    put(arena, member, "birth_date", date);
    put(arena, member, "relationship", person->relationship);
    if (person->family_no != 1)
        json_set(arena, member, "family_no", json_make_int(arena, person->family_no));
    if (demo_chance(random, 4))
        put(arena, member, "id_reason", "no_card");
    else
        put(arena, member, "nik", make_nik(arena, random, village, person->female, year, month, day, serial));
    if (person->age >= 18)
        json_set(arena, member, "income_minor", json_make_int(arena, demo_chance(random, 45) ? 0 : (int64_t)(3 + demo_below(random, 25)) * 10000000));
    put_school(arena, random, member, person->age);
    put_health(arena, random, member, person, today);
    return member;
}

static void
add_person(struct person *people, int *count, const char *relationship, bool female, int age, int family_no)
{
    if (*count < PEOPLE_MAX)
        people[(*count)++] = (struct person){relationship, female, age < 0 ? 0 : age > 95 ? 95 : age, family_no};
}

/* A married child with a family card of its own, under the parents' roof: one house in nine. */
static void
add_second_family(struct demo_random *random, struct person *people, int *count, int head_age)
{
    int age = 21 + demo_below(random, head_age - 42);
    bool female = demo_chance(random, 50);
    add_person(people, count, "child", female, age, 2);
    add_person(people, count, "child_in_law", !female, age + demo_below(random, 5) - 2 < 19 ? 19 : age, 2);
    for (int i = demo_below(random, 3); i > 0; i--)
        add_person(people, count, "grandchild", demo_chance(random, 49), demo_below(random, age - 19), 2);
}

static int
make_people(struct demo_random *random, struct person people[PEOPLE_MAX])
{
    int count = 0, head_age = 24 + demo_below(random, 55);
    bool female = demo_chance(random, 22);
    add_person(people, &count, "head", female, head_age, 1);
    if (!female && demo_chance(random, 88)) {
        int age = head_age - 4 + demo_below(random, 6);
        add_person(people, &count, "wife", true, age < 19 ? 19 : age, 1);
    }
    int children = head_age < 65 ? demo_below(random, 4) : demo_below(random, 2);
    for (int i = 0; i < children; i++) {
        int oldest = head_age - 20 < 24 ? head_age - 20 : 24;
        add_person(people, &count, "child", demo_chance(random, 49), oldest <= 0 ? 0 : demo_below(random, oldest + 1), 1);
    }
    if (head_age < 55 && demo_chance(random, 14))
        add_person(people, &count, "parent", demo_chance(random, 65), head_age + 22, 1);
    if (head_age >= 45 && demo_chance(random, 18))
        add_second_family(random, people, &count, head_age);
    return count;
}

static struct json *
make_consent(struct arena *arena, struct demo_random *random, const char *giver)
{
    struct json *consent = json_make(arena, JSON_OBJECT);
    put(arena, consent, "notice_version", "1");
    put(arena, consent, "language", "id");
    put(arena, consent, "basis", demo_chance(random, 80) ? "consent" : "public_task");
    put(arena, consent, "given_by", giver);
    put(arena, consent, "form", demo_chance(random, 85) ? "signed" : "thumbprint");
    return consent;
}

static struct json *
make_account(struct arena *arena, struct demo_random *random, const char *holder)
{
    static const char *const banks[] = {"BRI", "BNI", "Mandiri", "Bank Jambi"};
    struct json *payee = json_make(arena, JSON_OBJECT), *account = json_make(arena, JSON_OBJECT);
    put(arena, account, "provider", banks[demo_below(random, 4)]);
    put(arena, account, "number", arena_format(arena, "%010lld", (long long)(demo_next(random) % UINT64_C(10000000000))));
    put(arena, account, "holder", holder);
    json_set(arena, payee, "account", account);
    return payee;
}

static const char *
make_card(struct arena *arena, struct demo_random *random, const char *village, int serial)
{
    return arena_format(arena, "%.2s%.2s%.2s%02d%02d%02d%04d", village, village + 3, village + 6, 1 + demo_below(random, 28), 1 + demo_below(random, 12),
                        10 + demo_below(random, 16), serial % 9999 + 1);
}

/* An id of the form that a device makes, drawn like everything else, so that the family's head can be named. */
static const char *
make_id(struct arena *arena, struct demo_random *random, int32_t today)
{
    struct id id;
    uint64_t words[2] = {(uint64_t)today * DAY_MS << 16 | 0x7000 | (demo_next(random) & 0xfff), (demo_next(random) >> 2) | UINT64_C(1) << 63};
    char *text = arena_alloc(arena, ID_TEXT_SIZE);
    for (size_t i = 0; i < sizeof id.bytes; i++)
        id.bytes[i] = (uint8_t)(words[i / 8] >> (56 - 8 * (i % 8)));
    id_print(id, text);
    return text;
}

/* The second family's card and its head, the married child. */
static void
put_families(struct arena *arena, struct demo_random *random, struct json *household, const char *village, struct json *head, int serial, int32_t today)
{
    struct json *families = json_make(arena, JSON_ARRAY);
    const char *head_id = make_id(arena, random, today);
    for (int no = 1; no <= 2; no++) {
        struct json *family = json_make(arena, JSON_OBJECT);
        json_set(arena, family, "no", json_make_int(arena, no));
        put(arena, family, "kk_number", make_card(arena, random, village, serial + (no - 1) * 5000));
        if (no == 2)
            put(arena, family, "head_member_id", head_id);
        json_push(arena, families, family);
    }
    put(arena, head, "id", head_id);
    json_set(arena, household, "families", families);
}

static void
put_place(struct arena *arena, struct demo_random *random, struct json *household, const char *village)
{
    put(arena, household, "region", village);
    put(arena, household, "hamlet", arena_format(arena, "Dusun %s", demo_chance(random, 50) ? "Hilir" : "Hulu"));
    put(arena, household, "rw", arena_format(arena, "%03d", 1 + demo_below(random, 2)));
    put(arena, household, "rt", arena_format(arena, "%03d", 1 + demo_below(random, 6)));
    put(arena, household, "address", arena_format(arena, "Jalan Desa %d", 1 + demo_below(random, 80)));
    if (demo_chance(random, 70))
        put(arena, household, "phone", arena_format(arena, "0812%08lld", (long long)(demo_next(random) % UINT64_C(100000000))));
}

struct json *
demo_family(struct arena *arena, struct demo_random *random, const char *village, int serial, int32_t today)
{
    struct person people[PEOPLE_MAX];
    struct json *household = json_make(arena, JSON_OBJECT), *members = json_make(arena, JSON_ARRAY), *second_head = NULL;
    int count = make_people(random, people);
    for (int i = 0; i < count; i++) {
        struct json *member = make_member(arena, random, village, &people[i], serial * PEOPLE_MAX + i, today);
        json_push(arena, members, member);
        if (second_head == NULL && people[i].family_no == 2)
            second_head = member;
    }
    const char *head = json_get_text(members->items[0], "name");
    put_place(arena, random, household, village);
    if (second_head)
        put_families(arena, random, household, village, second_head, serial, today);
    else if (demo_chance(random, 95))
        put(arena, household, "kk_number", make_card(arena, random, village, serial));
    json_set(arena, household, "consent", make_consent(arena, random, head));
    if (demo_chance(random, 35))
        json_set(arena, household, "payee", make_account(arena, random, head));
    json_set(arena, household, "members", members);
    return household;
}

/* --- answers -------------------------------------------------------------------------------------------------------------------------- */

static const char *
one_of(struct demo_random *random, const char *const *words, int count, int poor)
{
    int at = demo_below(random, count);
    if (demo_below(random, 10) < poor && at < count - 1)
        at++;
    return words[at];
}

#define ONE_OF(...) one_of(random, (const char *const[]){__VA_ARGS__}, (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)), poor)

/* Who has an age of school was asked whether he goes; one in twenty houses mistakes it. */
static void
put_schooling(struct arena *arena, struct demo_random *random, struct json *answers, const struct json *members)
{
    bool has_pupil = false, is_one_out = false;
    for (size_t i = 0; i < members->count; i++) {
        const struct json *in_school = json_get(members->items[i], "in_school");
        has_pupil = has_pupil || in_school;
        is_one_out = is_one_out || (in_school && !in_school->boolean);
    }
    if (demo_chance(random, 5))
        has_pupil = !has_pupil;
    put(arena, answers, "school_age", has_pupil ? "yes" : "no");
    if (!has_pupil)
        return;
    put(arena, answers, "school_out", is_one_out ? "yes" : "no");
    if (!is_one_out)
        return;
    struct json *why = json_make(arena, JSON_ARRAY);
    json_push(arena, why, json_make_text(arena, "cost"));
    json_set(arena, answers, "school_why", why);
}

struct json *
demo_answers(struct arena *arena, struct demo_random *random, const struct json *members)
{
    struct json *answers = json_make(arena, JSON_OBJECT), *shocks = json_make(arena, JSON_ARRAY);
    int poor = demo_below(random, 10);
    put(arena, answers, "floor", ONE_OF("tile", "cement", "wood", "earth"));
    put(arena, answers, "wall", ONE_OF("brick", "wood", "bamboo", "other"));
    put(arena, answers, "roof", ONE_OF("concrete", "metal", "thatch", "other"));
    json_set(arena, answers, "people", json_make_int(arena, (int64_t)members->count));
    json_set(arena, answers, "rooms", json_make_int(arena, 1 + demo_below(random, 3)));
    put(arena, answers, "tenure", ONE_OF("own", "family", "rent", "none"));
    put(arena, answers, "damage", poor > 6 ? "yes" : "no");
    put(arena, answers, "water", poor > 7 ? "river" : poor > 4 ? "open_well" : "well");
    if (poor > 4)
        json_set(arena, answers, "water_minutes", json_make_int(arena, 5 + demo_below(random, 40)));
    put(arena, answers, "toilet", ONE_OF("own", "shared", "pit", "none"));
    put(arena, answers, "light", poor > 8 ? "none" : "grid");
    put(arena, answers, "food_worry", poor > 3 ? "yes" : "no");
    put(arena, answers, "food_skip", poor > 5 ? "yes" : "no");
    if (poor > 5)
        put(arena, answers, "food_day", poor > 8 ? "yes" : "no");
    json_set(arena, answers, "meals", json_make_int(arena, poor > 7 ? 2 : 3));
    put(arena, answers, "ill", poor > 6 ? "yes" : "no");
    if (poor > 6)
        put(arena, answers, "ill_care", ONE_OF("yes", "cost", "far"));
    put(arena, answers, "insured", ONE_OF("all", "some", "none"));
    put_schooling(arena, random, answers, members);
    put(arena, answers, "earner", ONE_OF("regular", "own", "casual", "none"));
    put(arena, answers, "land", poor < 4 ? "yes" : "no");
    put(arena, answers, "debt", poor > 6 ? "yes" : "no");
    json_push(arena, shocks, json_make_text(arena, poor > 7 ? "crop" : "none"));
    json_set(arena, answers, "shocks", shocks);
    return answers;
}
