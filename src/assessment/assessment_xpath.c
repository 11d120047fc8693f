/* assessment_xpath.c: translating an XPath expression part by part, with the types of the answers that it names. */
#include <stdlib.h>
#include <string.h>

#include "assessment/assessment_xpath_part.h"

bool
xpath_fail(struct xpath_parser *parser, const char *id, const char *en)
{
    if (parser->fault_id == NULL) {
        parser->fault_id = id;
        parser->fault_en = en;
    }
    return false;
}

bool
xpath_take(struct xpath_parser *parser, const char *sign)
{
    const struct xpath_token *token = &parser->tokens[parser->at];
    if (token->kind != TOKEN_SIGN || strcmp(token->text, sign) != 0)
        return false;
    parser->at++;
    return true;
}

static bool
take_word(struct xpath_parser *parser, const char *word)
{
    const struct xpath_token *token = &parser->tokens[parser->at];
    if (token->kind != TOKEN_NAME || strcmp(token->text, word) != 0)
        return false;
    parser->at++;
    return true;
}

struct xpath_part
xpath_make(const char *text, enum xpath_type type, enum xpath_level level)
{
    return (struct xpath_part){.text = text, .type = type, .level = level};
}

const char *
xpath_wrap(struct xpath_parser *parser, const struct xpath_part *part, enum xpath_level level)
{
    return part->level >= level ? part->text : arena_format(parser->arena, "(%s)", part->text);
}

void
xpath_refer(struct xpath_part *part, const struct xpath_part *from)
{
    for (size_t i = 0; i < from->reference_count; i++) {
        bool known = part->reference_count == XPATH_REFERENCES_MAX;
        for (size_t j = 0; j < part->reference_count; j++)
            known = known || part->references[j] == from->references[i];
        if (!known)
            part->references[part->reference_count++] = from->references[i];
    }
}

struct xpath_part
xpath_guard(struct xpath_parser *parser, struct xpath_part condition, bool when_absent)
{
    const char *text = xpath_wrap(parser, &condition, when_absent ? LEVEL_AND : LEVEL_RELATION);
    for (size_t i = condition.reference_count; i > 0; i--)
        text = arena_format(parser->arena, "%shas(answers.%s) %s %s", when_absent ? "!" : "", condition.references[i - 1]->name, when_absent ? "||" : "&&", text);
    if (condition.reference_count == 0)
        return condition;
    return xpath_make(text, XPATH_BOOL, when_absent ? LEVEL_OR : LEVEL_AND);
}

struct xpath_part
xpath_quote(struct xpath_parser *parser, const char *text)
{
    char *quoted = arena_alloc(parser->arena, 2 * strlen(text) + 3), *out = quoted;
    *out++ = '\'';
    for (const char *in = text; *in; in++) {
        if (*in == '\'' || *in == '\\')
            *out++ = '\\';
        *out++ = *in;
    }
    *out++ = '\'';
    struct xpath_part part = xpath_make(quoted, XPATH_TEXT, LEVEL_VALUE);
    part.literal = text;
    part.quoted = true;
    return part;
}

bool
xpath_number(struct xpath_parser *parser, struct xpath_part *part)
{
    char *end = NULL;
    if (part->type == XPATH_INT || part->type == XPATH_REAL)
        return true;
    if (part->type == XPATH_DATE || part->type == XPATH_DAYS)
        return xpath_fail(parser, "tanggal tidak dapat dihitung; untuk umur tulis int((today() - ${lahir}) div 365.25)",
                          "dates cannot be reckoned with; for an age write int((today() - ${born}) div 365.25)");
    if (part->type != XPATH_TEXT)
        return xpath_fail(parser, "di sini diharapkan bilangan", "a number is expected here");
    if (part->quoted && (strtod(part->literal, &end), *end != '\0' || end == part->literal))
        return xpath_fail(parser, "teks ini bukan bilangan", "this text is no number");
    part->text = arena_format(parser->arena, "double(%s)", part->text);
    part->type = XPATH_REAL;
    part->level = LEVEL_VALUE;
    part->literal = NULL;
    part->name = NULL;
    return true;
}

void
xpath_real(struct xpath_parser *parser, struct xpath_part *part)
{
    if (part->type == XPATH_REAL)
        return;
    part->text = part->literal ? arena_format(parser->arena, "%s.0", part->text) : arena_format(parser->arena, "double(%s)", part->text);
    part->level = LEVEL_VALUE;
    part->type = XPATH_REAL;
    part->name = NULL;
}

/* --- values ----------------------------------------------------------------------------------------------------------------------------- */

static const struct xpath_name *
find_name(const struct xpath_context *context, const char *name)
{
    for (size_t i = 0; name && i < context->name_count; i++)
        if (strcmp(context->names[i].name, name) == 0)
            return &context->names[i];
    return NULL;
}

static bool
same_text(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

static bool
read_reference(struct xpath_parser *parser, const char *name, struct xpath_part *part)
{
    const struct xpath_name *found = find_name(parser->context, name);
    if (found == NULL)
        return xpath_fail(parser, arena_format(parser->arena, "${%s} tidak ada di lembar survey; periksa ejaannya", name),
                          arena_format(parser->arena, "${%s} is not on the survey sheet; check the spelling", name));
    *part = xpath_make(found->name, found->type, LEVEL_VALUE);
    part->name = found;
    part->references[part->reference_count++] = found;
    if (found->repeat && !same_text(found->repeat, parser->context->repeat)) { /* a question of another repeat: of all its entries */
        part->inner = found;
        part->name = find_name(parser->context, found->repeat);
        part->type = XPATH_ENTRIES;
        part->reference_count = 0;
    }
    return true;
}

static bool
read_own(struct xpath_parser *parser, struct xpath_part *part)
{
    if (parser->context->place != XPATH_CONSTRAINT)
        return xpath_fail(parser, "'.' hanya berarti di constraint; tulis ${nama}", "'.' has a meaning in constraint only; write ${name}");
    *part = xpath_make("value", parser->context->own->type, LEVEL_VALUE);
    return true;
}

static bool
read_bare(struct xpath_parser *parser, const char *name, struct xpath_part *part)
{
    if (parser->context->place != XPATH_FILTER || strpbrk(name, "-:."))
        return xpath_fail(parser, arena_format(parser->arena, "'%s' tidak dikenal; tulis ${%s} atau beri tanda kutip", name, name),
                          arena_format(parser->arena, "'%s' is unknown; write ${%s} or put quotes around it", name, name));
    *part = xpath_make(arena_format(parser->arena, "choice.%s", name), XPATH_TEXT, LEVEL_VALUE);
    return true;
}

static bool read_or(struct xpath_parser *parser, struct xpath_part *part);

static bool
read_value(struct xpath_parser *parser, struct xpath_part *part)
{
    const struct xpath_token *token = &parser->tokens[parser->at];
    if (xpath_take(parser, "(")) {
        if (!read_or(parser, part))
            return false;
        return xpath_take(parser, ")") || xpath_fail(parser, "kurung tidak ditutup", "a parenthesis is not closed");
    }
    if (xpath_take(parser, "."))
        return read_own(parser, part);
    if (token->kind == TOKEN_END || token->kind == TOKEN_SIGN)
        return xpath_fail(parser, token->kind == TOKEN_END ? "ungkapan berakhir terlalu cepat" : arena_format(parser->arena, "'%s' tidak pada tempatnya; jalur XPath tidak dikenal, tulis ${nama}", token->text),
                          token->kind == TOKEN_END ? "the expression ends too early" : arena_format(parser->arena, "'%s' does not belong here; XPath paths are not known, write ${name}", token->text));
    parser->at++;
    if (token->kind == TOKEN_REFERENCE)
        return read_reference(parser, token->text, part);
    if (token->kind == TOKEN_TEXT) {
        *part = xpath_quote(parser, token->text);
        return true;
    }
    if (token->kind == TOKEN_NUMBER) {
        *part = xpath_make(token->text, strchr(token->text, '.') ? XPATH_REAL : XPATH_INT, LEVEL_VALUE);
        part->literal = token->text;
        return true;
    }
    return xpath_take(parser, "(") ? xpath_call(parser, token->text, part) : read_bare(parser, token->text, part);
}

/* --- operators -------------------------------------------------------------------------------------------------------------------------- */

static bool
read_sign(struct xpath_parser *parser, struct xpath_part *part)
{
    if (!xpath_take(parser, "-"))
        return read_value(parser, part);
    struct xpath_part operand;
    if (!read_sign(parser, &operand) || !xpath_number(parser, &operand))
        return false;
    *part = xpath_make(arena_format(parser->arena, "-%s", xpath_wrap(parser, &operand, LEVEL_SIGN)), operand.type, LEVEL_SIGN);
    xpath_refer(part, &operand);
    return true;
}

static bool
is_year(const struct xpath_part *part)
{
    return part->literal && strncmp(part->literal, "365", 3) == 0;
}

/* The days since a birth, divided by the days of a year, are an age. */
static bool
combine(struct xpath_parser *parser, struct xpath_part *left, struct xpath_part *right, const char *sign, enum xpath_level level)
{
    bool divides = strcmp(sign, "/") == 0;
    struct xpath_part made;
    if (left->type == XPATH_DAYS && divides && is_year(right)) {
        left->type = XPATH_INT;
        return true;
    }
    if (left->type == XPATH_DATE && right->type == XPATH_DATE && strcmp(sign, "-") == 0 && strcmp(left->text, "today()") == 0) {
        made = xpath_make(arena_format(parser->arena, "age(%s)", right->text), XPATH_DAYS, LEVEL_VALUE);
        xpath_refer(&made, right);
        *left = made;
        return true;
    }
    if (!xpath_number(parser, left) || !xpath_number(parser, right))
        return false;
    if (divides || left->type != right->type) {
        xpath_real(parser, left);
        xpath_real(parser, right);
    }
    if (strcmp(sign, "%") == 0 && left->type != XPATH_INT)
        return xpath_fail(parser, "mod hanya untuk bilangan bulat", "mod is for whole numbers only");
    made = xpath_make(arena_format(parser->arena, "%s %s %s", xpath_wrap(parser, left, level), sign, xpath_wrap(parser, right, level + 1)), left->type, level);
    xpath_refer(&made, left);
    xpath_refer(&made, right);
    *left = made;
    return true;
}

static bool
read_product(struct xpath_parser *parser, struct xpath_part *part)
{
    if (!read_sign(parser, part))
        return false;
    for (;;) {
        const char *sign = xpath_take(parser, "*") ? "*" : take_word(parser, "div") ? "/" : take_word(parser, "mod") ? "%" : NULL;
        struct xpath_part right;
        if (sign == NULL)
            return true;
        if (!read_sign(parser, &right) || !combine(parser, part, &right, sign, LEVEL_PRODUCT))
            return false;
    }
}

static bool
read_sum(struct xpath_parser *parser, struct xpath_part *part)
{
    if (!read_product(parser, part))
        return false;
    for (;;) {
        const char *sign = xpath_take(parser, "+") ? "+" : xpath_take(parser, "-") ? "-" : NULL;
        struct xpath_part right;
        if (sign == NULL)
            return true;
        if (!read_product(parser, &right) || !combine(parser, part, &right, sign, LEVEL_SUM))
            return false;
    }
}

/* ${x} = '' asks whether it was answered. */
static bool
compare_empty(struct xpath_parser *parser, struct xpath_part *left, const struct xpath_part *right, bool equal)
{
    bool empty = right->quoted && right->literal[0] == '\0';
    if (!empty || (left->name == NULL && strcmp(left->text, "value") != 0))
        return false;
    if (left->name)
        *left = xpath_make(arena_format(parser->arena, "%shas(answers.%s)", equal ? "!" : "", left->name->name), XPATH_BOOL, LEVEL_SIGN);
    else
        *left = xpath_make(equal ? "false" : "true", XPATH_BOOL, LEVEL_VALUE); /* a constraint is asked of an answer only */
    return true;
}

/* Both sides as one type: a choice named 1 is a text here, the age in years a number. */
static bool
agree(struct xpath_parser *parser, struct xpath_part *left, struct xpath_part *right, bool equality)
{
    bool left_text = left->type == XPATH_TEXT || left->type == XPATH_DATE, right_text = right->type == XPATH_TEXT || right->type == XPATH_DATE;
    if (left->type == XPATH_LIST && right->quoted) {
        right->text = arena_format(parser->arena, "[%s]", right->text);
        return equality || xpath_fail(parser, "pilihan ganda tidak dapat dibandingkan besarnya", "several choices cannot be compared by size");
    }
    if (left->type == XPATH_ENTRIES || right->type == XPATH_ENTRIES || left->type == XPATH_LIST || right->type == XPATH_LIST)
        return xpath_fail(parser, "ini beberapa jawaban; pakai selected(), count(), sum(), min() atau max()", "these are several answers; use selected(), count(), sum(), min() or max()");
    if (left->type == XPATH_BOOL || right->type == XPATH_BOOL)
        return (left->type == right->type && equality) || xpath_fail(parser, "syarat tidak dapat dibandingkan dengan nilai", "a condition cannot be compared with a value");
    if (left_text && right_text && (equality || left->type == XPATH_DATE || right->type == XPATH_DATE))
        return true;
    if (left_text && equality && right->literal && !right->quoted && !left->quoted) {
        *right = xpath_quote(parser, right->literal);
        return true;
    }
    if (right_text && equality && left->literal && !left->quoted && !right->quoted) {
        *left = xpath_quote(parser, left->literal);
        return true;
    }
    return xpath_number(parser, left) && xpath_number(parser, right);
}

static bool
compare(struct xpath_parser *parser, struct xpath_part *left, struct xpath_part *right, const char *sign)
{
    bool equality = strcmp(sign, "==") == 0 || strcmp(sign, "!=") == 0, unequal = strcmp(sign, "!=") == 0;
    if (equality && (compare_empty(parser, left, right, !unequal)))
        return true;
    if (!agree(parser, left, right, equality))
        return false;
    struct xpath_part made = xpath_make(arena_format(parser->arena, "%s %s %s", xpath_wrap(parser, left, LEVEL_SUM), sign, xpath_wrap(parser, right, LEVEL_SUM)),
                                        XPATH_BOOL, LEVEL_RELATION);
    xpath_refer(&made, left);
    xpath_refer(&made, right);
    *left = unequal || parser->strict ? xpath_guard(parser, made, unequal) : made;
    return true;
}

static bool
read_relation(struct xpath_parser *parser, struct xpath_part *part)
{
    static const char *const signs[][2] = {{"=", "=="}, {"!=", "!="}, {"<=", "<="}, {">=", ">="}, {"<", "<"}, {">", ">"}};
    if (!read_sum(parser, part))
        return false;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        struct xpath_part right;
        if (!xpath_take(parser, signs[i][0]))
            continue;
        return read_sum(parser, &right) && compare(parser, part, &right, signs[i][1]);
    }
    return true;
}

static bool
join(struct xpath_parser *parser, struct xpath_part *left, const struct xpath_part *right, const char *sign, enum xpath_level level)
{
    if (left->type != XPATH_BOOL || right->type != XPATH_BOOL)
        return xpath_fail(parser, "and dan or menghubungkan syarat; bandingkan nilainya dengan sesuatu", "and and or join conditions; compare the value with something");
    *left = xpath_make(arena_format(parser->arena, "%s %s %s", xpath_wrap(parser, left, level), sign, xpath_wrap(parser, right, level + 1)), XPATH_BOOL, level);
    return true;
}

static bool
read_and(struct xpath_parser *parser, struct xpath_part *part)
{
    struct xpath_part right;
    if (!read_relation(parser, part))
        return false;
    while (take_word(parser, "and"))
        if (!read_relation(parser, &right) || !join(parser, part, &right, "&&", LEVEL_AND))
            return false;
    return true;
}

static bool
read_or(struct xpath_parser *parser, struct xpath_part *part)
{
    struct xpath_part right;
    if (++parser->depth > XPATH_DEPTH_MAX)
        return xpath_fail(parser, "bersarang terlalu dalam", "it is nested too deep");
    if (!read_and(parser, part))
        return false;
    while (take_word(parser, "or"))
        if (!read_and(parser, &right) || !join(parser, part, &right, "||", LEVEL_OR))
            return false;
    parser->depth--;
    return true;
}

bool
xpath_whole(struct xpath_parser *parser, struct xpath_part *ret_part)
{
    return read_or(parser, ret_part);
}

struct xpath_result
xpath_translate(const struct xpath_context *context, const char *text)
{
    struct xpath_parser parser = {.context = context, .arena = context->arena, .strict = context->place == XPATH_CALCULATION};
    struct xpath_part part = {.text = NULL};
    bool condition = context->place != XPATH_CALCULATION;
    bool good = xpath_lex(&parser, text) && read_or(&parser, &part);
    if (good && parser.tokens[parser.at].kind != TOKEN_END)
        good = xpath_fail(&parser, arena_format(parser.arena, "'%s' tidak pada tempatnya", parser.tokens[parser.at].text),
                          arena_format(parser.arena, "'%s' does not belong here", parser.tokens[parser.at].text));
    if (good && condition && part.type != XPATH_BOOL)
        good = xpath_fail(&parser, "ini bukan syarat; bandingkan dengan sesuatu", "this is no condition; compare it with something");
    if (good && (part.type == XPATH_ENTRIES || part.type == XPATH_LIST || part.type == XPATH_DAYS))
        good = xpath_fail(&parser, "ini beberapa nilai; pakai count(), sum(), min() atau max()", "these are several values; use count(), sum(), min() or max()");
    return (struct xpath_result){.text = part.text, .type = part.type, .fault_id = good ? NULL : parser.fault_id, .fault_en = good ? NULL : parser.fault_en};
}
