/* assessment_xpath_call.c: the functions of XLSForms that have a sense here. */
#include <string.h>

#include "assessment/assessment_xpath_part.h"

struct call {
    struct xpath_parser *parser;
    struct xpath_part arguments[XPATH_ARGUMENTS_MAX];
    size_t count;
};

static struct xpath_part
make_over(struct call *call, const char *text, enum xpath_type type)
{
    struct xpath_part part = xpath_make(text, type, LEVEL_VALUE);
    for (size_t i = 0; i < call->count; i++)
        xpath_refer(&part, &call->arguments[i]);
    return part;
}

static const char *
argument(struct call *call, size_t index, enum xpath_level level)
{
    return xpath_wrap(call->parser, &call->arguments[index], level);
}

/* --- conditions ------------------------------------------------------------------------------------------------------------------------- */

static struct xpath_part
condition(struct call *call, const char *text, enum xpath_level level)
{
    struct xpath_part part = make_over(call, text, XPATH_BOOL);
    part.level = level;
    return call->parser->strict ? xpath_guard(call->parser, part, false) : part;
}

static bool
call_selected(struct call *call, struct xpath_part *ret_part)
{
    struct xpath_part *choice = &call->arguments[1];
    if (choice->literal && !choice->quoted)
        *choice = xpath_quote(call->parser, choice->literal);
    if (choice->type != XPATH_TEXT)
        return xpath_fail(call->parser, "selected() mencari nama pilihan, seperti selected(${x}, 'a')", "selected() looks for the name of a choice, as in selected(${x}, 'a')");
    if (call->arguments[0].type == XPATH_LIST)
        *ret_part = condition(call, arena_format(call->parser->arena, "%s in %s", argument(call, 1, LEVEL_SUM), argument(call, 0, LEVEL_SUM)), LEVEL_RELATION);
    else if (call->arguments[0].type == XPATH_TEXT)
        *ret_part = condition(call, arena_format(call->parser->arena, "%s == %s", argument(call, 0, LEVEL_SUM), argument(call, 1, LEVEL_SUM)), LEVEL_RELATION);
    else
        return xpath_fail(call->parser, "selected() bertanya tentang pertanyaan pilihan", "selected() asks about a question with choices");
    return true;
}

static bool
call_text_test(struct call *call, const char *method, struct xpath_part *ret_part)
{
    for (size_t i = 0; i < 2; i++)
        if (call->arguments[i].type != XPATH_TEXT && call->arguments[i].type != XPATH_DATE)
            return xpath_fail(call->parser, "di sini diharapkan teks", "a text is expected here");
    *ret_part = condition(call, arena_format(call->parser->arena, "%s.%s(%s)", argument(call, 0, LEVEL_VALUE), method, argument(call, 1, LEVEL_CHOICE)), LEVEL_VALUE);
    return true;
}

static bool
call_contains(struct call *call, struct xpath_part *ret_part)
{
    return call_text_test(call, "contains", ret_part);
}

static bool
call_starts(struct call *call, struct xpath_part *ret_part)
{
    return call_text_test(call, "startsWith", ret_part);
}

static bool
call_ends(struct call *call, struct xpath_part *ret_part)
{
    return call_text_test(call, "endsWith", ret_part);
}

/* The whole text has to fit, and a number is looked at as it is written. */
static bool
call_regex(struct call *call, struct xpath_part *ret_part)
{
    struct xpath_part *text = &call->arguments[0], *pattern = &call->arguments[1];
    if (!pattern->quoted)
        return xpath_fail(call->parser, "regex() memerlukan pola dalam tanda kutip", "regex() needs a pattern in quotes");
    if (text->type == XPATH_INT || text->type == XPATH_REAL)
        *text = make_over(call, arena_format(call->parser->arena, "string(%s)", text->text), XPATH_TEXT);
    *pattern = xpath_quote(call->parser, arena_format(call->parser->arena, "^(?:%s)$", pattern->literal));
    return call_text_test(call, "matches", ret_part);
}

static bool
call_not(struct call *call, struct xpath_part *ret_part)
{
    if (call->arguments[0].type != XPATH_BOOL)
        return xpath_fail(call->parser, "not() membalik syarat", "not() turns a condition around");
    *ret_part = xpath_make(arena_format(call->parser->arena, "!%s", argument(call, 0, LEVEL_SIGN)), XPATH_BOOL, LEVEL_SIGN);
    return true;
}

static bool
call_true(struct call *call, struct xpath_part *ret_part)
{
    *ret_part = make_over(call, "true", XPATH_BOOL);
    return true;
}

static bool
call_false(struct call *call, struct xpath_part *ret_part)
{
    *ret_part = make_over(call, "false", XPATH_BOOL);
    return true;
}

/* --- choices of a value ----------------------------------------------------------------------------------------------------------------- */

/* Both answers as one type; an empty text among numbers is no answer. */
static bool
agree_answers(struct call *call, struct xpath_part *one, struct xpath_part *other)
{
    bool one_number = one->type == XPATH_INT || one->type == XPATH_REAL, other_number = other->type == XPATH_INT || other->type == XPATH_REAL;
    if (one->quoted && one->literal[0] == '\0' && other_number)
        *one = xpath_make(other->type == XPATH_INT ? "int('')" : "double('')", other->type, LEVEL_VALUE);
    else if (other->quoted && other->literal[0] == '\0' && one_number)
        return agree_answers(call, other, one);
    else if (one_number && other_number && one->type != other->type) {
        xpath_real(call->parser, one);
        xpath_real(call->parser, other);
    } else if (one_number != other_number || (one->type != other->type && (one->type == XPATH_BOOL || other->type == XPATH_BOOL)))
        return xpath_fail(call->parser, "kedua jawaban harus bilangan, atau keduanya teks", "both answers must be numbers, or both texts");
    return true;
}

static bool
call_if(struct call *call, struct xpath_part *ret_part)
{
    struct xpath_part *yes = &call->arguments[1], *no = &call->arguments[2];
    if (call->arguments[0].type != XPATH_BOOL)
        return xpath_fail(call->parser, "yang pertama di if() harus syarat", "the first in if() must be a condition");
    if (!agree_answers(call, yes, no))
        return false;
    *ret_part = make_over(call, arena_format(call->parser->arena, "%s ? %s : %s", argument(call, 0, LEVEL_OR), argument(call, 1, LEVEL_OR), argument(call, 2, LEVEL_OR)), yes->type);
    ret_part->level = LEVEL_CHOICE;
    ret_part->reference_count = 0;
    return true;
}

static bool
call_coalesce(struct call *call, struct xpath_part *ret_part)
{
    struct xpath_part *one = &call->arguments[0], *other = &call->arguments[1];
    if (one->name == NULL)
        return xpath_fail(call->parser, "yang pertama di coalesce() harus ${nama}", "the first in coalesce() must be ${name}");
    const char *name = one->name->name;
    if (!agree_answers(call, one, other))
        return false;
    *ret_part = xpath_make(arena_format(call->parser->arena, "has(answers.%s) ? %s : %s", name, one->text, argument(call, 1, LEVEL_OR)), one->type, LEVEL_CHOICE);
    return true;
}

/* --- entries and lists ------------------------------------------------------------------------------------------------------------------ */

static bool
gathered(struct call *call, const char *function, const char *empty, struct xpath_part *ret_part)
{
    const struct xpath_part *entries = &call->arguments[0];
    if (call->count != 1 || entries->type != XPATH_ENTRIES || entries->inner == NULL)
        return xpath_fail(call->parser, "di sini diharapkan ${pertanyaan} dari sebuah repeat", "${question} of a repeat is expected here");
    if (entries->inner->type != XPATH_INT && entries->inner->type != XPATH_REAL)
        return xpath_fail(call->parser, "hanya bilangan dapat dijumlah dan dibandingkan", "only numbers can be added up and compared");
    const char *repeat = entries->name->name, *inner = entries->inner->name;
    const char *text = arena_format(call->parser->arena, "%s(%s.map(entry, has(entry.%s), entry.%s))", function, repeat, inner, inner);
    *ret_part = xpath_make(text, entries->inner->type, LEVEL_VALUE);
    if (empty == NULL)
        return true;
    const char *zero = entries->inner->type == XPATH_INT ? empty : arena_format(call->parser->arena, "%s.0", empty);
    *ret_part = xpath_make(arena_format(call->parser->arena, "has(answers.%s) ? %s : %s", repeat, text, zero), entries->inner->type, LEVEL_CHOICE);
    if (entries->inner->type == XPATH_REAL) /* the sum of no reals is an int */
        ret_part->text = arena_format(call->parser->arena, "has(answers.%s) ? double(%s) : %s", repeat, text, zero);
    return true;
}

static bool
call_sum(struct call *call, struct xpath_part *ret_part)
{
    return gathered(call, "sum", "0", ret_part);
}

static bool
call_extreme(struct call *call, const char *function, struct xpath_part *ret_part)
{
    if (call->count == 1)
        return gathered(call, function, NULL, ret_part);
    enum xpath_type type = XPATH_INT;
    for (size_t i = 0; i < call->count; i++) {
        if (!xpath_number(call->parser, &call->arguments[i]))
            return false;
        type = call->arguments[i].type == XPATH_REAL ? XPATH_REAL : type;
    }
    const char *list = NULL;
    for (size_t i = 0; i < call->count; i++) {
        if (type == XPATH_REAL)
            xpath_real(call->parser, &call->arguments[i]);
        list = list ? arena_format(call->parser->arena, "%s, %s", list, call->arguments[i].text) : call->arguments[i].text;
    }
    *ret_part = make_over(call, arena_format(call->parser->arena, "%s(%s)", function, list), type);
    return true;
}

static bool
call_min(struct call *call, struct xpath_part *ret_part)
{
    return call_extreme(call, "least", ret_part);
}

static bool
call_max(struct call *call, struct xpath_part *ret_part)
{
    return call_extreme(call, "greatest", ret_part);
}

static bool
call_count(struct call *call, struct xpath_part *ret_part)
{
    const struct xpath_part *entries = &call->arguments[0];
    if (entries->type != XPATH_ENTRIES)
        return xpath_fail(call->parser, "count() menghitung isian sebuah repeat", "count() counts the entries of a repeat");
    const char *repeat = entries->name->name;
    *ret_part = xpath_make(arena_format(call->parser->arena, "has(answers.%s) ? size(%s) : 0", repeat, repeat), XPATH_INT, LEVEL_CHOICE);
    return true;
}

static bool
call_count_selected(struct call *call, struct xpath_part *ret_part)
{
    const struct xpath_part *list = &call->arguments[0];
    if (list->type != XPATH_LIST)
        return xpath_fail(call->parser, "count-selected() menghitung pilihan ganda", "count-selected() counts several choices");
    if (list->name)
        *ret_part = xpath_make(arena_format(call->parser->arena, "has(answers.%s) ? size(%s) : 0", list->name->name, list->text), XPATH_INT, LEVEL_CHOICE);
    else
        *ret_part = xpath_make(arena_format(call->parser->arena, "size(%s)", list->text), XPATH_INT, LEVEL_VALUE);
    return true;
}

static bool
call_selected_at(struct call *call, struct xpath_part *ret_part)
{
    if (call->arguments[0].type != XPATH_LIST || call->arguments[1].type != XPATH_INT)
        return xpath_fail(call->parser, "selected-at(${x}, 0) memerlukan pilihan ganda dan bilangan bulat", "selected-at(${x}, 0) needs several choices and a whole number");
    *ret_part = make_over(call, arena_format(call->parser->arena, "%s[%s]", argument(call, 0, LEVEL_VALUE), call->arguments[1].text), XPATH_TEXT);
    return true;
}

/* --- numbers and texts ------------------------------------------------------------------------------------------------------------------ */

static bool
call_int(struct call *call, struct xpath_part *ret_part)
{
    if (!xpath_number(call->parser, &call->arguments[0]))
        return false;
    *ret_part = call->arguments[0];
    if (ret_part->type == XPATH_INT)
        return true;
    *ret_part = make_over(call, arena_format(call->parser->arena, "int(%s)", call->arguments[0].text), XPATH_INT);
    return true;
}

static bool
call_number(struct call *call, struct xpath_part *ret_part)
{
    if (!xpath_number(call->parser, &call->arguments[0]))
        return false;
    *ret_part = call->arguments[0];
    return true;
}

static bool
call_round(struct call *call, struct xpath_part *ret_part)
{
    if (!xpath_number(call->parser, &call->arguments[0]))
        return false;
    if (call->count == 2 && (call->arguments[1].type != XPATH_INT || call->arguments[1].literal == NULL))
        return xpath_fail(call->parser, "round(x, 2): yang kedua banyaknya desimal, 0 sampai 6", "round(x, 2): the second is the number of decimals, 0 to 6");
    xpath_real(call->parser, &call->arguments[0]);
    *ret_part = make_over(call, arena_format(call->parser->arena, "round(%s, %s)", call->arguments[0].text, call->count == 2 ? call->arguments[1].text : "0"), XPATH_REAL);
    return true;
}

static bool
call_string(struct call *call, struct xpath_part *ret_part)
{
    *ret_part = call->arguments[0];
    if (ret_part->type == XPATH_TEXT || ret_part->type == XPATH_DATE)
        return true;
    if (ret_part->type != XPATH_INT && ret_part->type != XPATH_REAL)
        return xpath_fail(call->parser, "ini tidak dapat ditulis sebagai teks", "this cannot be written as a text");
    *ret_part = make_over(call, arena_format(call->parser->arena, "string(%s)", call->arguments[0].text), XPATH_TEXT);
    return true;
}

static bool
call_concat(struct call *call, struct xpath_part *ret_part)
{
    struct xpath_part part = xpath_make(NULL, XPATH_TEXT, LEVEL_SUM);
    for (size_t i = 0; i < call->count; i++) {
        struct call one = {.parser = call->parser, .arguments = {call->arguments[i]}, .count = 1};
        struct xpath_part text;
        if (!call_string(&one, &text))
            return false;
        part.text = part.text ? arena_format(call->parser->arena, "%s + %s", part.text, xpath_wrap(call->parser, &text, LEVEL_PRODUCT)) : xpath_wrap(call->parser, &text, LEVEL_PRODUCT);
        xpath_refer(&part, &text);
    }
    *ret_part = part;
    return true;
}

static bool
call_length(struct call *call, struct xpath_part *ret_part)
{
    if (call->arguments[0].type != XPATH_TEXT)
        return xpath_fail(call->parser, "string-length() menghitung huruf sebuah teks", "string-length() counts the letters of a text");
    *ret_part = make_over(call, arena_format(call->parser->arena, "size(%s)", call->arguments[0].text), XPATH_INT);
    return true;
}

static bool
call_today(struct call *call, struct xpath_part *ret_part)
{
    *ret_part = make_over(call, "today()", XPATH_DATE);
    return true;
}

static bool
call_date(struct call *call, struct xpath_part *ret_part)
{
    *ret_part = call->arguments[0];
    if (ret_part->type != XPATH_TEXT && ret_part->type != XPATH_DATE)
        return xpath_fail(call->parser, "date() memerlukan tanggal seperti '2026-11-24'", "date() needs a day such as '2026-11-24'");
    ret_part->type = XPATH_DATE;
    return true;
}

/* --- the table -------------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*translate)(struct call *call, struct xpath_part *ret_part);
    size_t least, most;
    bool strict; /* what stands in it must be false, not unknown */
} functions[] = {
    {"selected", call_selected, 2, 2, false},   {"not", call_not, 1, 1, true},             {"if", call_if, 3, 3, true},
    {"coalesce", call_coalesce, 2, 2, false},   {"true", call_true, 0, 0, false},          {"false", call_false, 0, 0, false},
    {"contains", call_contains, 2, 2, false},   {"starts-with", call_starts, 2, 2, false}, {"ends-with", call_ends, 2, 2, false},
    {"regex", call_regex, 2, 2, false},         {"count", call_count, 1, 1, false},        {"sum", call_sum, 1, 1, false},
    {"min", call_min, 1, XPATH_ARGUMENTS_MAX, false},                                       {"max", call_max, 1, XPATH_ARGUMENTS_MAX, false},
    {"count-selected", call_count_selected, 1, 1, false},                                   {"selected-at", call_selected_at, 2, 2, false},
    {"int", call_int, 1, 1, false},             {"number", call_number, 1, 1, false},      {"round", call_round, 1, 2, false},
    {"string", call_string, 1, 1, false},       {"concat", call_concat, 1, XPATH_ARGUMENTS_MAX, false},
    {"string-length", call_length, 1, 1, false},{"today", call_today, 0, 0, false},        {"date", call_date, 1, 1, false},
};

static bool
read_arguments(struct call *call)
{
    if (xpath_take(call->parser, ")"))
        return true;
    do {
        if (call->count == XPATH_ARGUMENTS_MAX)
            return xpath_fail(call->parser, "terlalu banyak argumen", "too many arguments");
        if (!xpath_whole(call->parser, &call->arguments[call->count]))
            return false;
        call->count++;
    } while (xpath_take(call->parser, ","));
    return xpath_take(call->parser, ")") || xpath_fail(call->parser, "kurung tidak ditutup", "a parenthesis is not closed");
}

bool
xpath_call(struct xpath_parser *parser, const char *name, struct xpath_part *ret_part)
{
    struct call call = {.parser = parser};
    size_t index = 0, count = sizeof functions / sizeof functions[0];
    bool before = parser->strict;
    while (index < count && strcmp(functions[index].name, name) != 0)
        index++;
    if (index == count)
        return xpath_fail(parser, arena_format(parser->arena, "fungsi %s() tidak dikenal di sini", name), arena_format(parser->arena, "the function %s() is not known here", name));
    parser->strict = before || functions[index].strict;
    bool good = read_arguments(&call);
    parser->strict = before;
    if (!good)
        return false;
    if (call.count < functions[index].least || call.count > functions[index].most)
        return xpath_fail(parser, arena_format(parser->arena, "%s() tidak menerima %zu argumen", name, call.count), arena_format(parser->arena, "%s() does not take %zu arguments", name, call.count));
    return functions[index].translate(&call, ret_part);
}
