/* user_password.c: rules for passwords and the slot for hashing them: each hash takes 19 MiB and some 50 ms of a core. */
#include "user/user_password.h"

#include <pthread.h>
#include <string.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/text.h"

#define CHARACTERS_MIN 12
#define BYTES_MAX 1024
#define OWN_LETTERS_MIN 6 /* letters that are left when known words are cut */
#define DISTINCT_MIN 5
#define SLOT_RUNNING 2
#define SLOT_WAITING 16

static const char *const common_words[] = {
#define COMMON_PASSWORD(word) word,
#include "user/common_passwords.def"
#undef COMMON_PASSWORD
};

/* Lower case, letters and digits only: what a guesser tries first is a word with a year and a mark. */
static char *
plain_form(struct arena *arena, const char *password)
{
    char *text = text_fold(arena, password);
    size_t length = 0;
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char character = (unsigned char)*at;
        if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character >= 0x80)
            text[length++] = *at;
    }
    text[length] = '\0';
    return text;
}

/* Cuts every occurrence of `word` out of `text`. */
static void
cut_word(char *text, const char *word)
{
    size_t length = strlen(word);
    for (char *at = text; length >= 3 && (at = strstr(at, word)) != NULL;)
        memmove(at, at + length, strlen(at + length) + 1);
}

static size_t
count_letters(const char *text)
{
    size_t letters = 0;
    for (; *text != '\0'; text++)
        letters += (*text < '0' || *text > '9') ? 1 : 0;
    return letters;
}

static size_t
count_distinct(const char *text)
{
    bool seen[256] = {false};
    size_t distinct = 0;
    for (; *text != '\0'; text++) {
        distinct += seen[(unsigned char)*text] ? 0 : 1;
        seen[(unsigned char)*text] = true;
    }
    return distinct;
}

/* A row of neighbours on the keyboard or in the alphabet, forwards or backwards, is no more than one word. */
static bool
is_run(const char *text)
{
    static const char *const rows[] = {"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcbazyxwvutsrqponmlkjihgfedcba",
                                       "0123456789012345678901234567890123456789", "9876543210987654321098765432109876543210",
                                       "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strstr(rows[i], text))
            return true;
    return false;
}

/* Made of nothing but well-known words, the user's own name, digits and marks. */
static bool
is_common(struct arena *arena, const char *password, const char *username)
{
    char *text = plain_form(arena, password);
    if (count_distinct(text) < DISTINCT_MIN || is_run(text))
        return true;
    size_t before = count_letters(text);
    if (before == 0)
        return is_run(text);
    if (username)
        cut_word(text, plain_form(arena, username));
    for (size_t i = 0; i < sizeof common_words / sizeof common_words[0]; i++)
        cut_word(text, common_words[i]);
    size_t after = count_letters(text);
    return after < before && after < OWN_LETTERS_MIN;
}

struct error *
user_password_check(const char *password, const char *username)
{
    if (!password)
        return error_field("/password", FAULT_REQUIRED, NULL, NULL);
    size_t bytes = strlen(password);
    if (!text_utf8_valid(password, bytes) || text_characters(password) < CHARACTERS_MIN || bytes > BYTES_MAX)
        return error_field("/password", FAULT_LENGTH, "12", "1024");
    struct arena *arena = arena_create();
    bool common = is_common(arena, password, username);
    arena_destroy(arena);
    return common ? error_field("/password", FAULT_COMMON_PASSWORD, NULL, NULL) : NULL;
}

static pthread_mutex_t slot_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t slot_free = PTHREAD_COND_INITIALIZER;
static int slot_running, slot_waiting;
static char slot_dummy[256]; /* the hash that unknown names are checked against; made once */

static bool
slot_enter(void)
{
    pthread_mutex_lock(&slot_mutex);
    bool enters = slot_running < SLOT_RUNNING || slot_waiting < SLOT_WAITING;
    slot_waiting += enters ? 1 : 0;
    while (enters && slot_running >= SLOT_RUNNING)
        pthread_cond_wait(&slot_free, &slot_mutex);
    slot_waiting -= enters ? 1 : 0;
    slot_running += enters ? 1 : 0;
    pthread_mutex_unlock(&slot_mutex);
    return enters;
}

static void
slot_leave(void)
{
    pthread_mutex_lock(&slot_mutex);
    slot_running--;
    pthread_cond_signal(&slot_free);
    pthread_mutex_unlock(&slot_mutex);
}

struct error *
password_hash(struct arena *arena, const char *password, char **ret_hash)
{
    if (!slot_enter())
        return error_new(ERROR_BUSY);
    *ret_hash = crypto_password_hash(arena, password);
    slot_leave();
    return NULL;
}

/* A hash of a random password under today's parameters. Made inside the slot; the first two callers may both make one. */
static const char *
dummy_hash(struct arena *arena)
{
    pthread_mutex_lock(&slot_mutex);
    bool made = slot_dummy[0] != '\0';
    pthread_mutex_unlock(&slot_mutex);
    if (made)
        return slot_dummy;
    uint8_t random[32];
    char text[65];
    crypto_random(random, sizeof random);
    hex_print(random, sizeof random, text);
    const char *hash = crypto_password_hash(arena, text);
    pthread_mutex_lock(&slot_mutex);
    if (slot_dummy[0] == '\0' && strlen(hash) < sizeof slot_dummy)
        memcpy(slot_dummy, hash, strlen(hash) + 1);
    pthread_mutex_unlock(&slot_mutex);
    return hash;
}

struct error *
password_check(struct arena *arena, const char *hash, const char *password, bool *ret_right)
{
    if (!slot_enter())
        return error_new(ERROR_BUSY);
    bool known = hash != NULL;
    bool right = crypto_password_check(known ? hash : dummy_hash(arena), password);
    slot_leave();
    *ret_right = known && right;
    return NULL;
}
