/* translate.c: one migration text for two engines: a few words are substituted, a few blocks chosen. */
#include <ctype.h>
#include <string.h>

#include "lumbung/base/buffer.h"
#include "lumbung/db/migrate.h"

static const struct { const char *from, *to; } tokens[] = {
    {"BIGINT", "INTEGER"},
    {"BYTEA", "BLOB"},
    {"/*strict*/", "STRICT"},
};

static bool
is_word(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

/* The token that begins at `at`, or -1. Words count only whole. */
static int
token_at(const char *line, size_t length, size_t at)
{
    for (int i = 0; i < (int)(sizeof(tokens) / sizeof(tokens[0])); i++) {
        size_t size = strlen(tokens[i].from);
        if (size > length - at || memcmp(line + at, tokens[i].from, size) != 0)
            continue;
        bool is_word_token = is_word(tokens[i].from[0]);
        if (is_word_token && ((at > 0 && is_word(line[at - 1])) || (at + size < length && is_word(line[at + size]))))
            continue;
        return i;
    }
    return -1;
}

/* Substitutes outside quotes; a comment line may lose a word, which harms nobody. `quoted` is carried over lines. */
static void
substitute(struct buffer *out, const char *line, size_t length, bool *quoted)
{
    bool is_comment = length >= 2 && line[0] == '-' && line[1] == '-' && !*quoted;
    for (size_t i = 0; i < length; i++) {
        int token = *quoted || is_comment ? -1 : token_at(line, length, i);
        if (token >= 0) {
            buffer_add(out, tokens[token].to);
            i += strlen(tokens[token].from) - 1;
            continue;
        }
        if (!is_comment && !*quoted && line[i] == '-' && i + 1 < length && line[i + 1] == '-')
            is_comment = true; /* an apostrophe in a comment opens no string */
        if (!is_comment && line[i] == '\'')
            *quoted = !*quoted;
        buffer_char(out, line[i]);
    }
}

static bool
is_mark(const char *line, size_t length, const char *mark)
{
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    return length == strlen(mark) && memcmp(line, mark, length) == 0;
}

const char *
migrate_translate(struct arena *arena, const char *sql, size_t length, bool sqlite)
{
    struct buffer out;
    bool is_left_out = false, is_quoted = false;
    buffer_init(&out, arena);
    for (size_t start = 0; start < length;) {
        const char *line = sql + start;
        const char *feed = memchr(line, '\n', length - start);
        size_t size = feed ? (size_t)(feed - line) : length - start;
        bool is_marked = true;
        if (is_mark(line, size, "--@sqlite"))
            is_left_out = !sqlite;
        else if (is_mark(line, size, "--@pgsql"))
            is_left_out = sqlite;
        else if (is_mark(line, size, "--@end"))
            is_left_out = false;
        else
            is_marked = false;
        if (!is_marked && !is_left_out && sqlite)
            substitute(&out, line, size, &is_quoted);
        else if (!is_marked && !is_left_out)
            buffer_bytes(&out, line, size);
        buffer_char(&out, '\n'); /* lines keep their numbers in the engine's messages */
        start += size + 1;
    }
    return buffer_text(&out);
}
