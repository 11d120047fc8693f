/* assessment_xpath_back.c: from a form's expression to XPath. The expression was compiled when the form was read: here it is only said in other words. */
#include "assessment/assessment_xpath_back.h"

#include <ctype.h>
#include <string.h>

#include "assessment/assessment_form_part.h"

#define PARTS_MAX 100
enum level { AT_OR, AT_AND, AT_RELATION, AT_SUM, AT_PRODUCT, AT_SIGN, AT_VALUE };
struct said {
    const char *text;
    enum level level;
    const struct form_question *question; /* one answer alone */
    bool is_text;
    const char **items;                   /* of a list written out */
    size_t item_count;
};
struct writer {
    struct arena *arena;
    const struct form *form;
    const char *at;
    size_t depth;
    bool lost;
};

static struct said
lose(struct writer *writer)
{
    writer->lost = true;
    return (struct said){.text = "", .level = AT_VALUE};
}

static struct said
say(const char *text, enum level level)
{
    return (struct said){.text = text, .level = level};
}

static const char *
wrap(struct writer *writer, const struct said *said, enum level level)
{
    return said->level >= level ? said->text : arena_format(writer->arena, "(%s)", said->text);
}

static void
skip_blanks(struct writer *writer)
{
    while (isspace((unsigned char)*writer->at))
        writer->at++;
}

static bool
take(struct writer *writer, const char *sign)
{
    skip_blanks(writer);
    if (strncmp(writer->at, sign, strlen(sign)) != 0)
        return false;
    writer->at += strlen(sign);
    return true;
}

static const char *
take_name(struct writer *writer)
{
    size_t length = 0;
    skip_blanks(writer);
    if (isalpha((unsigned char)*writer->at) || *writer->at == '_')
        while (isalnum((unsigned char)writer->at[length]) || writer->at[length] == '_')
            length++;
    const char *name = arena_copy(writer->arena, writer->at, length);
    writer->at += length;
    return length > 0 ? name : NULL;
}

static struct said write_whole(struct writer *writer);

/* --- values ----------------------------------------------------------------------------------------------------------------------------- */

static const char *
take_text(struct writer *writer)
{
    char quote = *writer->at++, *text = arena_alloc(writer->arena, strlen(writer->at) + 1), *out = text;
    while (*writer->at && *writer->at != quote) {
        if (*writer->at == '\\' && writer->at[1])
            writer->at++;
        *out++ = *writer->at++;
    }
    writer->at += *writer->at == quote;
    return text;
}

/* XPath has no escapes: a text with both kinds of quotes cannot be written. */
static struct said
write_text(struct writer *writer, const char *text)
{
    if (strchr(text, '\'') && strchr(text, '"'))
        return lose(writer);
    struct said said = say(arena_format(writer->arena, strchr(text, '\'') ? "\"%s\"" : "'%s'", text), AT_VALUE);
    said.is_text = true;
    return said;
}

static struct said
write_question(struct writer *writer, const char *name)
{
    const struct form_question *question = form_question_find(writer->form, name);
    if (question == NULL)
        return lose(writer);
    struct said said = say(arena_format(writer->arena, "${%s}", name), AT_VALUE);
    said.question = question;
    said.is_text = form_answer_type(question) == RULE_TEXT;
    return said;
}

static size_t
write_arguments(struct writer *writer, struct said *arguments, size_t most)
{
    size_t count = 0;
    if (take(writer, ")"))
        return 0;
    do {
        struct said said = write_whole(writer);
        if (count < most)
            arguments[count] = said;
        count++;
    } while (take(writer, ","));
    if (!take(writer, ")") || count > most)
        writer->lost = true;
    return count;
}

static struct said
write_size(struct writer *writer, const struct said *of)
{
    if (of->question && form_is(of->question, "repeat"))
        return say(arena_format(writer->arena, "count(%s)", of->text), AT_VALUE);
    if ((of->question && form_answer_type(of->question) == RULE_LIST) || strcmp(of->text, ".") == 0)
        return say(arena_format(writer->arena, "count-selected(%s)", of->text), AT_VALUE);
    return of->is_text ? say(arena_format(writer->arena, "string-length(%s)", of->text), AT_VALUE) : lose(writer);
}

static struct said
write_joined_call(struct writer *writer, const char *name, const struct said *arguments, size_t count)
{
    const char *text = NULL;
    for (size_t i = 0; i < count; i++)
        text = text ? arena_format(writer->arena, "%s, %s", text, arguments[i].text) : arguments[i].text;
    struct said said = say(arena_format(writer->arena, "%s(%s)", name, text ? text : ""), AT_VALUE);
    said.is_text = strcmp(name, "string") == 0 || strcmp(name, "today") == 0;
    return said;
}

static struct said
write_number(struct writer *writer, const char *name, const struct said *of)
{
    if (strcmp(of->text, "''") == 0)
        return *of; /* no answer at all */
    if (strcmp(name, "double") == 0 && !of->is_text)
        return *of; /* every number is one in XPath */
    return write_joined_call(writer, strcmp(name, "double") == 0 ? "number" : "int", of, 1);
}

static struct said
write_call(struct writer *writer, const char *name)
{
    static const char *const pairs[][2] = {{"least", "min"}, {"greatest", "max"}, {"sum", "sum"}, {"round", "round"}, {"string", "string"}, {"today", "today"}};
    struct said arguments[12];
    size_t count = write_arguments(writer, arguments, 12);
    if (writer->lost)
        return lose(writer);
    if (strcmp(name, "size") == 0 && count == 1)
        return write_size(writer, &arguments[0]);
    if ((strcmp(name, "int") == 0 || strcmp(name, "double") == 0) && count == 1)
        return write_number(writer, name, &arguments[0]);
    if (strcmp(name, "age") == 0 && count == 1)
        return say(arena_format(writer->arena, "int((today() - %s) div 365.25)", arguments[0].text), AT_VALUE);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i][0], name) == 0)
            return write_joined_call(writer, pairs[i][1], arguments, count);
    return lose(writer);
}

static struct said
write_has(struct writer *writer)
{
    const char *name = take(writer, "(") && take(writer, "answers.") ? take_name(writer) : NULL;
    if (name == NULL || !take(writer, ")"))
        return lose(writer);
    return say(arena_format(writer->arena, "${%s} != ''", name), AT_RELATION);
}

/* entries.map(e, e.question), perhaps with has(e.question) between: the question over all entries. */
static struct said
write_map(struct writer *writer)
{
    const char *variable = take_name(writer), *inner = NULL;
    if (variable == NULL || !take(writer, ","))
        return lose(writer);
    if (take(writer, "has(") && (take_name(writer), take(writer, ".")) && take_name(writer) && take(writer, "),"))
        inner = take_name(writer);
    else
        inner = take_name(writer);
    if (inner == NULL || strcmp(inner, variable) != 0 || !take(writer, "."))
        return lose(writer);
    inner = take_name(writer);
    return inner && take(writer, ")") ? write_question(writer, inner) : lose(writer);
}

static struct said
write_method(struct writer *writer, const struct said *of, const char *name)
{
    static const char *const pairs[][2] = {{"contains", "contains"}, {"startsWith", "starts-with"}, {"endsWith", "ends-with"}};
    struct said argument;
    if (strcmp(name, "map") == 0 && of->question && form_is(of->question, "repeat"))
        return write_map(writer);
    if (write_arguments(writer, &argument, 1) != 1)
        return strcmp(name, "size") == 0 && !writer->lost ? write_size(writer, of) : lose(writer);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i][0], name) == 0)
            return say(arena_format(writer->arena, "%s(%s, %s)", pairs[i][1], of->text, argument.text), AT_VALUE);
    size_t length = strlen(argument.text); /* '^(?:...)$' in its quotes: regex() wants all of the text anyway */
    if (strcmp(name, "matches") != 0 || length < 8 || strncmp(argument.text + 1, "^(?:", 4) != 0 || strncmp(argument.text + length - 3, ")$", 2) != 0)
        return lose(writer);
    const char *pattern = arena_copy(writer->arena, argument.text + 5, length - 8);
    return say(arena_format(writer->arena, "regex(%s, %c%s%c)", of->text, argument.text[0], pattern, argument.text[0]), AT_VALUE);
}

static struct said
write_named(struct writer *writer, const char *name)
{
    if (strcmp(name, "has") == 0)
        return write_has(writer);
    if (take(writer, "("))
        return write_call(writer, name);
    if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
        return say(arena_format(writer->arena, "%s()", name), AT_VALUE);
    if (strcmp(name, "value") == 0)
        return say(".", AT_VALUE);
    if (strcmp(name, "choice") == 0 && take(writer, ".")) {
        const char *fact = take_name(writer);
        struct said said = say(fact ? fact : "", AT_VALUE);
        said.is_text = true;
        return said;
    }
    if (strcmp(name, "answers") == 0)
        name = take(writer, ".") ? take_name(writer) : NULL;
    return write_question(writer, name);
}

static struct said
write_list(struct writer *writer)
{
    struct said list = say("", AT_VALUE);
    list.items = ARENA_ARRAY(writer->arena, const char *, 64);
    do {
        struct said item = write_whole(writer);
        if (list.item_count == 64)
            return lose(writer);
        list.items[list.item_count++] = item.text;
    } while (take(writer, ","));
    return take(writer, "]") ? list : lose(writer);
}

static struct said
write_value(struct writer *writer)
{
    skip_blanks(writer);
    if (take(writer, "(")) {
        struct said inner = write_whole(writer);
        return take(writer, ")") ? inner : lose(writer);
    }
    if (take(writer, "["))
        return write_list(writer);
    if (*writer->at == '\'' || *writer->at == '"')
        return write_text(writer, take_text(writer));
    if (isdigit((unsigned char)*writer->at)) {
        size_t length = strspn(writer->at, "0123456789.");
        const char *number = arena_copy(writer->arena, writer->at, length);
        writer->at += length;
        return say(number, AT_VALUE);
    }
    const char *name = take_name(writer);
    return name ? write_named(writer, name) : lose(writer);
}

static struct said
write_member(struct writer *writer)
{
    struct said said = write_value(writer);
    while (!writer->lost) {
        if (take(writer, "[")) {
            struct said index = write_whole(writer);
            if (!take(writer, "]"))
                return lose(writer);
            said = say(arena_format(writer->arena, "selected-at(%s, %s)", said.text, index.text), AT_VALUE);
            said.is_text = true;
        } else if (take(writer, ".")) {
            const char *name = take_name(writer);
            if (name == NULL || !take(writer, "("))
                return lose(writer);
            said = write_method(writer, &said, name);
        } else {
            break;
        }
    }
    return said;
}

/* --- operators -------------------------------------------------------------------------------------------------------------------------- */

static struct said
write_sign(struct writer *writer)
{
    skip_blanks(writer);
    if (writer->at[0] == '!' && writer->at[1] != '=') {
        writer->at++;
        struct said of = write_sign(writer);
        size_t length = strlen(of.text);
        if (of.level == AT_RELATION && length > 6 && strcmp(of.text + length - 6, " != ''") == 0)
            return say(arena_format(writer->arena, "%.*s = ''", (int)(length - 6), of.text), AT_RELATION);
        return say(arena_format(writer->arena, "not(%s)", of.text), AT_VALUE);
    }
    if (take(writer, "-")) {
        struct said of = write_sign(writer);
        return say(arena_format(writer->arena, "-%s", wrap(writer, &of, AT_SIGN)), AT_SIGN);
    }
    return write_member(writer);
}

static struct said
write_product(struct writer *writer)
{
    struct said left = write_sign(writer);
    for (;;) {
        const char *sign = take(writer, "*") ? "*" : take(writer, "/") ? "div" : take(writer, "%") ? "mod" : NULL;
        if (sign == NULL || writer->lost)
            return left;
        struct said right = write_sign(writer);
        left = say(arena_format(writer->arena, "%s %s %s", wrap(writer, &left, AT_PRODUCT), sign, wrap(writer, &right, AT_SIGN)), AT_PRODUCT);
    }
}

static struct said
write_sum(struct writer *writer)
{
    struct said left = write_product(writer);
    for (;;) {
        const char *sign = take(writer, "+") ? "+" : take(writer, "-") ? "-" : NULL;
        if (sign == NULL || writer->lost)
            return left;
        struct said right = write_product(writer);
        bool texts = left.is_text || right.is_text;
        const char *before = strncmp(left.text, "concat(", 7) == 0 ? arena_copy(writer->arena, left.text, strlen(left.text) - 1) : arena_format(writer->arena, "concat(%s", left.text);
        left = texts ? say(arena_format(writer->arena, "%s, %s)", before, right.text), AT_VALUE)
                     : say(arena_format(writer->arena, "%s %s %s", wrap(writer, &left, AT_SUM), sign, wrap(writer, &right, AT_PRODUCT)), AT_SUM);
        left.is_text = texts;
    }
}

static struct said
write_in(struct writer *writer, const struct said *left, const struct said *right)
{
    const char *text = NULL;
    if (right->items == NULL)
        return say(arena_format(writer->arena, "selected(%s, %s)", right->text, left->text), AT_VALUE);
    for (size_t i = 0; i < right->item_count; i++)
        text = arena_format(writer->arena, "%s%s%s = %s", text ? text : "", text ? " or " : "", wrap(writer, left, AT_SUM), right->items[i]);
    return text ? say(text, AT_OR) : say("false()", AT_VALUE);
}

static struct said
write_relation(struct writer *writer)
{
    static const char *const signs[][2] = {{"==", "="}, {"!=", "!="}, {"<=", "<="}, {">=", ">="}, {"<", "<"}, {">", ">"}};
    struct said left = write_sum(writer);
    skip_blanks(writer);
    if (strncmp(writer->at, "in", 2) == 0 && !isalnum((unsigned char)writer->at[2]) && writer->at[2] != '_') {
        writer->at += 2;
        struct said right = write_sum(writer);
        return write_in(writer, &left, &right);
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!take(writer, signs[i][0]))
            continue;
        struct said right = write_sum(writer);
        const char *other = right.item_count == 1 ? right.items[0] : right.items ? lose(writer).text : wrap(writer, &right, AT_SUM);
        return say(arena_format(writer->arena, "%s %s %s", wrap(writer, &left, AT_SUM), signs[i][1], other), AT_RELATION);
    }
    return left;
}

/* "${name} != ''" or "${name} = ''": the name in its braces, NULL for anything else. */
static const char *
guarded(struct arena *arena, const char *text, const char *sign)
{
    const char *close = strchr(text, '}');
    if (strncmp(text, "${", 2) != 0 || close == NULL || strcmp(close + 1, sign) != 0)
        return NULL;
    return arena_copy(arena, text, (size_t)(close + 1 - text));
}

/* An absent answer is an empty text in XPath: comparing it says no, and being unlike something says yes, without being asked first. */
static bool
says_itself(const struct said *said, const char *name, bool or)
{
    bool unlike = strstr(said->text, " != ") != NULL && strstr(said->text, "!= ''") == NULL;
    return said->level >= AT_RELATION && strstr(said->text, name) != NULL && unlike == or && strncmp(said->text, "not(", 4) != 0;
}

static bool
is_superfluous(struct writer *writer, const struct said *parts, size_t count, size_t index, bool or)
{
    const char *name = guarded(writer->arena, parts[index].text, or ? " = ''" : " != ''");
    for (size_t i = index + 1; name && i < count; i++)
        if (says_itself(&parts[i], name, or))
            return true;
    return false;
}

static struct said
write_joined(struct writer *writer, enum level level)
{
    struct said *parts = ARENA_ARRAY(writer->arena, struct said, PARTS_MAX), whole = {.text = NULL};
    size_t count = 0;
    bool or = level == AT_OR;
    do {
        if (count == PARTS_MAX)
            return lose(writer);
        parts[count++] = or ? write_joined(writer, AT_AND) : write_relation(writer);
    } while (!writer->lost && take(writer, or ? "||" : "&&"));
    for (size_t i = 0; i < count; i++) {
        if (is_superfluous(writer, parts, count, i, or))
            continue;
        whole = whole.text == NULL ? parts[i] : say(arena_format(writer->arena, "%s %s %s", wrap(writer, &whole, level), or ? "or" : "and", wrap(writer, &parts[i], level)), level);
    }
    return whole;
}

/* has(answers.x) ? size(x) : 0 is what count() and sum() say anyway. */
static bool
counts_itself(struct writer *writer, const struct said *test, const struct said *yes, const struct said *no)
{
    bool counts = strncmp(yes->text, "count", 5) == 0 || strncmp(yes->text, "sum(", 4) == 0;
    return counts && guarded(writer->arena, test->text, " != ''") && (strcmp(no->text, "0") == 0 || strcmp(no->text, "0.0") == 0);
}

static struct said
write_whole(struct writer *writer)
{
    if (++writer->depth > 60)
        return lose(writer);
    struct said test = write_joined(writer, AT_OR);
    if (!writer->lost && take(writer, "?")) {
        struct said yes = write_joined(writer, AT_OR);
        if (!take(writer, ":"))
            return lose(writer);
        struct said no = write_whole(writer);
        bool texts = yes.is_text && no.is_text;
        if (counts_itself(writer, &test, &yes, &no))
            test = yes;
        else
            test = say(arena_format(writer->arena, "if(%s, %s, %s)", test.text, yes.text, no.text), AT_VALUE);
        test.is_text = texts;
    }
    writer->depth--;
    return test;
}

const char *
xpath_write(struct arena *arena, const struct form *form, const char *expression)
{
    struct writer writer = {.arena = arena, .form = form, .at = expression};
    struct said said = write_whole(&writer);
    skip_blanks(&writer);
    return writer.lost || *writer.at != '\0' ? NULL : said.text;
}
