/* text_name.c: one spelling for the many ways in which an Indonesian name is written, for matching only: names are stored as given. */
#include <string.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/text.h"

#define WORDS_MAX 32u

struct spelling {
    const char *from;
    const char *to;
};

/* The spellings before the reform of 1972. */
static const struct spelling old_spellings[] = {{"oe", "u"}, {"dj", "j"}, {"tj", "c"}, {"sj", "sy"}};

/* Whole words. */
static const struct spelling words_same[] = {
    {"muh", "muhammad"},       {"moh", "muhammad"},       {"moch", "muhammad"},      {"mohd", "muhammad"},     {"mhd", "muhammad"},
    {"muhd", "muhammad"},      {"much", "muhammad"},      {"mochammad", "muhammad"}, {"mochamad", "muhammad"}, {"mohammad", "muhammad"},
    {"mohamad", "muhammad"},   {"muhamad", "muhammad"},   {"muchammad", "muhammad"}, {"muchamad", "muhammad"}, {"mohammed", "muhammad"},
    {"mohamed", "muhammad"},   {"muhammed", "muhammad"},  {"mokhamad", "muhammad"},  {"mokhammad", "muhammad"}, {"abd", "abdul"},
    {"abdl", "abdul"},         {"achmad", "ahmad"},       {"akhmad", "ahmad"},       {"achmat", "ahmad"},      {"ahmat", "ahmad"},
    {"akhmat", "ahmad"},
};

/* Words that say whose child one is, and titles: some write them, some don't. */
static const char *const words_cut[] = {
    "bin",  "binti", "binte", "bte",  "h",    "hj",   "haji", "hajjah", "hajah", "kh",   "dr",   "drs",  "dra",  "ir",   "prof", "drg", "alm",
    "almh", "almarhum", "almarhumah", "ust", "ustad", "ustadz", "ustadzah", "sh",  "shi",  "se",   "sei",  "spd",  "spdi", "sag", "st",
    "ssos", "sip",   "skm",   "skom", "skep", "sked", "ssi",  "sp",     "spt",   "mpd",  "mpdi", "msi",  "mm",   "mh",   "mkes", "mkom",
    "mt",   "mag",   "ma",    "amd",  "amdkeb", "amkeb", "amak", "ners", "phd",   "lc",
};

#define CUT_MAX 10 /* the longest of them */

static bool
is_cut(const char *word)
{
    for (size_t i = 0; i < sizeof(words_cut) / sizeof(words_cut[0]); i++)
        if (words_cut[i][0] == word[0] && strcmp(word, words_cut[i]) == 0)
            return true;
    return false;
}

/* A letter, digit or any part of a character outside ASCII. */
static bool
is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

/* In place: no new spelling is longer than the old one. */
static char *
respell(char *word)
{
    char *to = word;
    for (const char *from = word; *from;) {
        size_t i = 0, count = sizeof(old_spellings) / sizeof(old_spellings[0]);
        while (i < count && !(from[0] == old_spellings[i].from[0] && from[1] == old_spellings[i].from[1]))
            i++;
        if (i == count) {
            *to++ = *from++;
            continue;
        }
        from += 2;
        for (const char *new = old_spellings[i].to; *new;)
            *to++ = *new++;
    }
    *to = '\0';
    return word;
}

static const char *
same_word(const char *word)
{
    for (size_t i = 0; i < sizeof(words_same) / sizeof(words_same[0]); i++)
        if (words_same[i].from[0] == word[0] && strcmp(word, words_same[i].from) == 0)
            return words_same[i].to;
    return word;
}

struct words {
    const char *list[WORDS_MAX];
    size_t count;
};

static void
words_add(struct arena *arena, struct words *words, const char *start, size_t length)
{
    if (length > 0 && words->count < WORDS_MAX)
        words->list[words->count++] = same_word(respell(arena_copy(arena, start, length)));
}

/* Is the piece, without anything but word bytes ("s.pd." is spd), one of the words that are left out? */
static bool
is_cut_piece(const char *piece, size_t length)
{
    char word[CUT_MAX + 1];
    size_t to = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_word_byte(piece[i]))
            continue;
        if (to == CUT_MAX)
            return false;
        word[to++] = piece[i];
    }
    word[to] = '\0';
    return is_cut(word);
}

/* One piece between blanks. Apostrophes vanish inside a word; every other mark, the dot of "M.Nur" too, ends one. */
static void
split_piece(struct arena *arena, struct words *words, const char *piece, size_t length)
{
    char *word = arena_alloc(arena, length + 1);
    size_t to = 0;

    for (size_t i = 0; i < length; i++) {
        if (is_word_byte(piece[i])) {
            word[to++] = piece[i];
        } else if (piece[i] != '\'' && piece[i] != '`') {
            words_add(arena, words, word, to);
            to = 0;
        }
    }
    words_add(arena, words, word, to);
}

/* `keep_all` keeps titles: for a name that would otherwise have no word left. */
static void
split(struct arena *arena, const char *text, bool keep_all, struct words *ret_words)
{
    ret_words->count = 0;
    while (*text) {
        size_t length = strcspn(text, " ,");

        if (length > 0 && (keep_all || !is_cut_piece(text, length)))
            split_piece(arena, ret_words, text, length);
        text += length;
        text += strspn(text, " ,");
    }
}

/* Typographic apostrophes and the letters ain and hamza as apostrophes, so that Ma'ruf is one word however it was typed. */
static const char *
plain_apostrophes(struct arena *arena, const char *text)
{
    static const char *const marks[] = {"\xe2\x80\x98", "\xe2\x80\x99", "\xca\xbb", "\xca\xbc", "\xca\xbe", "\xca\xbf", "\xc2\xb4"};
    struct buffer out;

    if (text_is_ascii(text))
        return text;
    buffer_init(&out, arena);
    while (*text) {
        size_t i = 0;

        while (i < sizeof(marks) / sizeof(marks[0]) && !((unsigned char)*text >= 0x80 && text_begins(text, marks[i])))
            i++;
        if (i < sizeof(marks) / sizeof(marks[0])) {
            buffer_char(&out, '\'');
            text += strlen(marks[i]);
        } else {
            buffer_char(&out, *text++);
        }
    }
    return arena_text(arena, buffer_text(&out));
}

char *
text_fold_name(struct arena *arena, const char *name)
{
    char *folded = text_fold(arena, plain_apostrophes(arena, name));
    struct words words;
    struct buffer out;

    split(arena, folded, false, &words);
    if (words.count == 0)
        split(arena, folded, true, &words);
    /* A lone leading M is an abbreviation when a name follows. */
    if (words.count > 1 && strcmp(words.list[0], "m") == 0)
        words.list[0] = "muhammad";
    buffer_init(&out, arena);
    for (size_t i = 0; i < words.count; i++) {
        if (i > 0)
            buffer_char(&out, ' ');
        buffer_add(&out, words.list[i]);
    }
    return arena_text(arena, buffer_text(&out));
}
