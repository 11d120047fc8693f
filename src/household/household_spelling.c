/* household_spelling.c: a query's word may begin, equal or nearly equal a word of the text; how nearly depends on its length. */
#include "household/household_spelling.h"

#include <string.h>

#include "lumbung/base/text.h"

#define TEXT_WORDS_MAX 32
#define WORDS_MAX 8
#define WORD_BYTES_MAX 32

struct word {
    const char *text;
    int length;
    uint32_t letters; /* which occur: a set of the low five bits of each byte */
    int mistakes_max;
};
struct spelling_query {
    struct spelling spelling;
    struct word words[WORDS_MAX];
    int word_count, letter_count;
    int missing_few, missing_many; /* pairs of the query that a text may lack: in a first, quick look, and in a second one */
};

static void
spelling_add(struct spelling *spelling, unsigned char first, unsigned char second)
{
    uint32_t bit = (((uint32_t)first << 8 | second) * UINT32_C(2654435761)) >> 25;
    if (bit < 64)
        spelling->low |= UINT64_C(1) << bit;
    else
        spelling->high |= UINT64_C(1) << (bit - 64);
}

struct spelling
spelling_of(const char *folded)
{
    struct spelling spelling = {0, 0};
    unsigned char last = ' ';
    for (const char *at = folded; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte != ' ' || last != ' ')
            spelling_add(&spelling, last, byte);
        last = byte;
    }
    if (last != ' ')
        spelling_add(&spelling, last, ' ');
    return spelling;
}

static int
least(int left, int right)
{
    return left < right ? left : right;
}

/* One mistake in words of 3-5 bytes, two to 9, three beyond: shorter words must be right. */
static int
mistakes_allowed(int length)
{
    return length <= 2 ? 0 : length <= 5 ? 1 : length <= 9 ? 2 : 3;
}

static const char *
word_next(const char *at, struct word *ret_word)
{
    at += strspn(at, " ");
    size_t length = strcspn(at, " ");
    if (length == 0)
        return NULL;
    ret_word->text = at;
    ret_word->length = (int)(length > WORD_BYTES_MAX ? WORD_BYTES_MAX : length);
    ret_word->mistakes_max = mistakes_allowed(ret_word->length);
    ret_word->letters = 0;
    for (int i = 0; i < ret_word->length; i++)
        ret_word->letters |= UINT32_C(1) << (at[i] & 31);
    return at + length;
}

/* Two letters say too little alone; beside another word they may be three of which one was left out. */
static void
allow_left_out(struct spelling_query *query, int *mistakes)
{
    for (int i = 0; query->word_count > 1 && i < query->word_count; i++)
        if (query->words[i].length == 2) {
            query->words[i].mistakes_max = 1;
            ++*mistakes;
        }
}

struct spelling_query *
spelling_query_make(struct arena *arena, const char *folded)
{
    if (text_is_blank(folded))
        return NULL;
    struct spelling_query *query = ARENA_NEW(arena, struct spelling_query);
    const char *at = arena_text(arena, folded);
    int mistakes = 0;
    query->spelling = spelling_of(at);
    while (query->word_count < WORDS_MAX && (at = word_next(at, &query->words[query->word_count])) != NULL) {
        struct word *word = &query->words[query->word_count++];
        query->letter_count += word->length;
        mistakes += word->mistakes_max;
    }
    allow_left_out(query, &mistakes);
    /* A mistake spoils two pairs, a swap three; the last pair of a word that is typed only in part is missing as well. */
    int total = __builtin_popcountll(query->spelling.low) + __builtin_popcountll(query->spelling.high);
    int allowed = 3 * least(mistakes, 2) + 1;
    query->missing_many = least(allowed, (total + 1) / 2);
    query->missing_few = least(least(3, allowed), total < 6 ? 1 : total / 3);
    return query;
}

static inline __attribute__((always_inline)) size_t
scan(const struct spelling_query *query, const struct spelling *spellings, size_t count, int missing_max, uint32_t *ret_numbers)
{
    size_t found = 0;
    uint64_t low = query->spelling.low, high = query->spelling.high;
    for (size_t i = 0; i < count; i++) {
        int missing = __builtin_popcountll(low & ~spellings[i].low) + __builtin_popcountll(high & ~spellings[i].high);
        ret_numbers[found] = (uint32_t)i;
        found += missing <= missing_max;
    }
    return found;
}

/* Counting bits is one instruction where the processor has it, and a dozen in code that must run on all. */
#if defined(__x86_64__)
__attribute__((target("popcnt"))) static size_t
scan_with_popcnt(const struct spelling_query *query, const struct spelling *spellings, size_t count, int missing_max, uint32_t *ret_numbers)
{
    return scan(query, spellings, count, missing_max, ret_numbers);
}
#endif

size_t
spelling_scan(const struct spelling_query *query, const struct spelling *spellings, size_t count, bool again, uint32_t *ret_numbers)
{
    int missing_max = again ? query->missing_many : query->missing_few;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt"))
        return scan_with_popcnt(query, spellings, count, missing_max, ret_numbers);
#endif
    return scan(query, spellings, count, missing_max, ret_numbers);
}

int
spelling_distance(const char *left, int left_length, const char *right, int right_length, int limit)
{
    if (left_length > WORD_BYTES_MAX || right_length > WORD_BYTES_MAX || left_length - right_length > limit ||
        right_length - left_length > limit)
        return limit + 1;
    int rows[3][WORD_BYTES_MAX + 1];
    int *before_last = rows[0], *last = rows[1], *row = rows[2];
    for (int j = 0; j <= right_length; j++)
        last[j] = j;
    for (int i = 1; i <= left_length; i++) {
        row[0] = i;
        int best = i;
        for (int j = 1; j <= right_length; j++) {
            int cost = left[i - 1] == right[j - 1] ? 0 : 1;
            int value = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                value = least(value, before_last[j - 2] + 1);
            row[j] = value;
            best = least(best, value);
        }
        if (best > limit)
            return limit + 1;
        int *freed = before_last;
        before_last = last;
        last = row;
        row = freed;
    }
    return last[right_length] > limit ? limit + 1 : last[right_length];
}

/* Points of one word of the query against one of the text, in hundredths of its letters; 0: no match. */
static int
word_points(const struct word *wanted, const struct word *found)
{
    if (found->length == wanted->length && memcmp(found->text, wanted->text, (size_t)wanted->length) == 0)
        return 100;
    if (wanted->length >= 2 && found->length > wanted->length && memcmp(found->text, wanted->text, (size_t)wanted->length) == 0)
        return 92;
    /* Each mistake brings at most one letter that the other word has not. */
    if (__builtin_popcount(wanted->letters & ~found->letters) > wanted->mistakes_max)
        return 0;
    if (wanted->length == 2 && found->length != 3)
        return 0;
    int distance = spelling_distance(wanted->text, wanted->length, found->text, found->length, wanted->mistakes_max);
    if (distance <= wanted->mistakes_max)
        return 90 - 12 * distance;
    if (wanted->length >= 4 && found->length > wanted->length &&
        spelling_distance(wanted->text, wanted->length, found->text, wanted->length, 1) <= 1)
        return 70; /* a beginning with one mistake */
    return 0;
}

/* The best partner of a word among those of the text that serve no other yet; one that does counts half. */
static int
find_partner(const struct word *wanted, const struct word *words, int count, uint32_t *taken)
{
    int best = 0, at = -1;
    for (int i = 0; i < count; i++) {
        int value = word_points(wanted, &words[i]);
        if (*taken >> i & 1)
            value /= 2;
        if (value > best) {
            best = value;
            at = i;
        }
    }
    if (at >= 0)
        *taken |= UINT32_C(1) << at;
    return best;
}

int
spelling_score(const struct spelling_query *query, const char *folded)
{
    struct word words[TEXT_WORDS_MAX];
    int points = 0, letters = 0, count = 0;
    uint32_t taken = 0;
    while (count < TEXT_WORDS_MAX && (folded = word_next(folded, &words[count])) != NULL)
        letters += words[count++].length;
    for (int i = 0; i < query->word_count; i++) {
        int best = find_partner(&query->words[i], words, count, &taken);
        if (best == 0)
            return 0;
        points += best * query->words[i].length;
    }
    int score = points / query->letter_count;
    /* Names that hold more than was asked come behind those that are it. */
    int surplus = letters - query->letter_count;
    if (surplus > 0)
        score -= least(8, surplus / 2);
    return score < 1 ? 1 : score;
}
