/* rule_phrase.c: a rule in plain words, Indonesian and English, made from the tree alone: labels of the schema where there are any,
 * else the names with their underscores as blanks. */
#include <stdio.h>
#include <string.h>

#include "rules/rule_node.h"

static const char *
pick(enum language language, const char *id, const char *en)
{
    return language == LANGUAGE_ID ? id : en;
}

static void
put_name(struct buffer *buffer, const char *name)
{
    for (; *name; name++)
        buffer_char(buffer, *name == '_' ? ' ' : *name);
}

/* 750000 becomes 750.000 or 750,000; up to four digits stay as they are, since they may be years. */
static void
put_whole(struct buffer *buffer, int64_t integer, enum language language)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)integer), first = integer < 0;

    for (int i = 0; i < length; i++) {
        if (length - first > 4 && i > first && (length - i) % 3 == 0)
            buffer_char(buffer, language == LANGUAGE_ID ? '.' : ',');
        buffer_char(buffer, digits[i]);
    }
}

static void put_items(struct buffer *buffer, const struct rule_value *list, enum language language);

static void
put_value(struct buffer *buffer, const struct rule_value *value, enum language language)
{
    if (value->kind == RULE_VALUE_BOOL)
        buffer_add(buffer, value->as.boolean ? pick(language, "ya", "yes") : pick(language, "tidak", "no"));
    else if (value->kind == RULE_VALUE_INT)
        put_whole(buffer, value->as.integer, language);
    else if (value->kind == RULE_VALUE_NULL)
        buffer_add(buffer, pick(language, "kosong", "empty"));
    else if (value->kind == RULE_VALUE_TEXT && value->as.text.length == 0)
        buffer_add(buffer, pick(language, "teks kosong", "an empty text"));
    else if (value->kind == RULE_VALUE_TEXT || value->kind == RULE_VALUE_TYPE)
        for (size_t i = 0; i < value->as.text.length; i++)
            buffer_char(buffer, value->as.text.data[i] == '_' ? ' ' : value->as.text.data[i]);
    else if (value->kind == RULE_VALUE_LIST)
        put_items(buffer, value, language);
    else
        rule_value_print(buffer, value, false);
}

/* "a, b atau c" */
static void
put_items(struct buffer *buffer, const struct rule_value *list, enum language language)
{
    size_t count = list->as.list.count;

    if (count == 0)
        buffer_add(buffer, pick(language, "daftar kosong", "an empty list"));
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_add(buffer, i + 1 < count ? ", " : pick(language, " atau ", " or "));
        put_value(buffer, &list->as.list.items[i], language);
    }
}

static bool
is_logic(const struct rule_node *node)
{
    return node->kind == NODE_AND || node->kind == NODE_OR || node->kind == NODE_CONDITIONAL;
}

/* A part of a sentence, in brackets when it has joints of its own. */
static void
put_part(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    bool brackets = is_logic(node);

    buffer_add(buffer, brackets ? "(" : "");
    rule_phrase(buffer, node, language);
    buffer_add(buffer, brackets ? ")" : "");
}

static void
put_field(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    const struct rule_node *owner = node->count ? node->arguments[0] : NULL;
    const char *label = node->field ? pick(language, node->field->label_id, node->field->label_en) : NULL;

    if (label) {
        buffer_add(buffer, label);
        return;
    }
    /* whose field it is need not be said for the subject of the sentence: the root record or the item of a loop */
    if (owner && owner->kind != NODE_VARIABLE && owner->kind != NODE_LOCAL) {
        rule_phrase(buffer, owner, language);
        buffer_char(buffer, ' ');
    }
    put_name(buffer, node->name);
}

/* A label with its {0} {1} {*} filled in by the arguments. */
static void
put_template(struct buffer *buffer, const char *label, const struct rule_node *node, enum language language)
{
    for (; *label; label++) {
        if (label[0] == '{' && label[1] != '\0' && label[2] == '}') {
            size_t index = label[1] == '*' ? 0 : (size_t)(label[1] - '0'), end = label[1] == '*' ? node->count : index + 1;
            for (; index < end && index < node->count; index++) {
                put_part(buffer, node->arguments[index], language);
                buffer_add(buffer, index + 1 < end ? ", " : "");
            }
            label += 2;
        } else {
            buffer_char(buffer, *label);
        }
    }
}

static void
put_call(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    const char *label = NULL;

    if (node->host)
        label = pick(language, node->host->label_id, node->host->label_en);
    if (node->builtin)
        label = pick(language, node->builtin->label_id, node->builtin->label_en);
    if (node->builtin && strcmp(node->name, "size") == 0 && node->arguments[0]->shape.type == RULE_TEXT)
        label = pick(language, "panjang {0}", "length of {0}");
    if (label) {
        put_template(buffer, label, node, language);
        return;
    }
    put_name(buffer, node->name);
    for (size_t i = 0; i < node->count; i++) {
        buffer_add(buffer, i ? ", " : " ");
        put_part(buffer, node->arguments[i], language);
    }
}

/* "members" has "member": what one item of a list is called. */
static void
put_one_of(struct buffer *buffer, const struct rule_node *range, enum language language)
{
    struct buffer whole;

    buffer_init(&whole, buffer->arena);
    rule_phrase(&whole, range, language);
    size_t length = whole.length;
    const char *text = buffer_text(&whole);
    if (language == LANGUAGE_EN && range->kind == NODE_SELECT && length > 3 && strcmp(text + length - 3, "ies") == 0)
        buffer_format(buffer, "%.*sy", (int)(length - 3), text);
    else if (language == LANGUAGE_EN && range->kind == NODE_SELECT && length > 1 && text[length - 1] == 's')
        buffer_bytes(buffer, text, length - 1);
    else if (range->kind == NODE_SELECT || language == LANGUAGE_ID)
        buffer_bytes(buffer, text, length);
    else
        buffer_format(buffer, "one of %s", text);
}

/* "yang bersekolah" for a yes-or-no field, "dengan umur ..." for anything that is compared. */
static const char *
joint_of(const struct rule_node *condition, enum language language)
{
    while (condition->kind == NODE_AND || condition->kind == NODE_OR || condition->kind == NODE_NOT)
        condition = condition->arguments[0];
    return pick(language, condition->kind == NODE_SELECT ? " yang " : " dengan ", " where ");
}

static void
put_loop(struct buffer *buffer, const struct rule_node *node, enum language language, bool negated)
{
    const struct rule_node *range = node->arguments[0], *last = node->arguments[node->count - 1];

    if (node->loop == LOOP_EXISTS || node->loop == LOOP_EXISTS_ONE) {
        const char *id = node->loop == LOOP_EXISTS ? "ada " : "tepat satu ";
        const char *en = node->loop == LOOP_EXISTS ? "there is a " : "there is exactly one ";
        if (negated) {
            id = node->loop == LOOP_EXISTS ? "tidak ada " : "bukan tepat satu ";
            en = node->loop == LOOP_EXISTS ? "there is no " : "there is not exactly one ";
        }
        buffer_add(buffer, pick(language, id, en));
        put_one_of(buffer, range, language);
        buffer_add(buffer, joint_of(last, language));
        rule_phrase(buffer, last, language);
    } else if (node->loop == LOOP_ALL) {
        buffer_add(buffer, negated ? pick(language, "tidak ", "not ") : "");
        buffer_add(buffer, pick(language, "semua ", "for every "));
        put_one_of(buffer, range, language);
        buffer_add(buffer, pick(language, " memenuhi: ", ": "));
        rule_phrase(buffer, last, language);
    } else {
        if (node->loop == LOOP_MAP) {
            put_part(buffer, last, language);
            buffer_add(buffer, pick(language, " dari tiap ", " of each "));
            put_one_of(buffer, range, language);
        } else {
            rule_phrase(buffer, range, language);
        }
        if (node->loop == LOOP_FILTER || node->count == 3) {
            buffer_add(buffer, joint_of(node->arguments[1], language));
            put_part(buffer, node->arguments[1], language);
        }
    }
}

static const struct { const char *id, *en; enum rule_operator opposite; } operators[OP_COUNT] = {
    [OP_EQUAL] = { "sama dengan", "is", OP_NOT_EQUAL },
    [OP_NOT_EQUAL] = { "tidak sama dengan", "is not", OP_EQUAL },
    [OP_LESS] = { "kurang dari", "is less than", OP_GREATER_EQUAL },
    [OP_LESS_EQUAL] = { "paling banyak", "is at most", OP_GREATER },
    [OP_GREATER] = { "lebih dari", "is more than", OP_LESS_EQUAL },
    [OP_GREATER_EQUAL] = { "paling sedikit", "is at least", OP_LESS },
    [OP_ADD] = { "ditambah", "plus", OP_ADD },
    [OP_SUBTRACT] = { "dikurangi", "minus", OP_SUBTRACT },
    [OP_MULTIPLY] = { "dikali", "times", OP_MULTIPLY },
    [OP_DIVIDE] = { "dibagi", "divided by", OP_DIVIDE },
    [OP_MODULO] = { "sisa bagi", "modulo", OP_MODULO },
};

static void put_negated(struct buffer *buffer, const struct rule_node *node, enum language language);

/* 4 < x reads better as x > 4. */
static enum rule_operator
mirrored(enum rule_operator operator)
{
    static const enum rule_operator mirror[] = {
        [OP_EQUAL] = OP_EQUAL,           [OP_NOT_EQUAL] = OP_NOT_EQUAL,  [OP_LESS] = OP_GREATER,
        [OP_LESS_EQUAL] = OP_GREATER_EQUAL, [OP_GREATER] = OP_LESS,      [OP_GREATER_EQUAL] = OP_LESS_EQUAL,
    };

    return mirror[operator];
}

static void
put_binary(struct buffer *buffer, const struct rule_node *node, enum language language, bool negated)
{
    const struct rule_node *left = node->arguments[0], *right = node->arguments[1];
    enum rule_operator operator = negated ? operators[node->operator].opposite : node->operator;

    if (node->operator == OP_IN) {
        bool list = right->kind == NODE_LITERAL && right->value.kind == RULE_VALUE_LIST;
        put_part(buffer, left, language);
        if (list)
            buffer_add(buffer, negated ? pick(language, " bukan salah satu dari ", " is not one of ")
                                       : pick(language, " adalah salah satu dari ", " is one of "));
        else
            buffer_add(buffer, negated ? pick(language, " tidak ada dalam ", " is not in ") : pick(language, " ada dalam ", " is in "));
        put_part(buffer, right, language);
        return;
    }
    if (operator < OP_IN && left->kind == NODE_LITERAL && right->kind != NODE_LITERAL) {
        const struct rule_node *swap = left;
        left = right;
        right = swap;
        operator = mirrored(operator);
    }
    if (right->kind == NODE_LITERAL && right->value.kind == RULE_VALUE_BOOL && (operator == OP_EQUAL || operator == OP_NOT_EQUAL)) {
        if (right->value.as.boolean == (operator == OP_EQUAL))
            put_part(buffer, left, language);
        else
            put_negated(buffer, left, language);
        return;
    }
    put_part(buffer, left, language);
    buffer_format(buffer, " %s ", pick(language, operators[operator].id, operators[operator].en));
    put_part(buffer, right, language);
}

static void
put_negated(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    if (node->kind == NODE_BINARY && node->operator <= OP_IN) {
        put_binary(buffer, node, language, true);
    } else if (node->kind == NODE_LOOP) {
        put_loop(buffer, node, language, true);
    } else if (node->kind == NODE_NOT) {
        rule_phrase(buffer, node->arguments[0], language);
    } else if (node->kind == NODE_HAS) {
        put_field(buffer, node, language);
        buffer_add(buffer, pick(language, " tidak tercatat", " is not recorded"));
    } else if (node->kind == NODE_AND || node->kind == NODE_OR) {
        buffer_add(buffer, pick(language, "tidak benar bahwa ", "it is not true that "));
        put_part(buffer, node, language);
    } else {
        buffer_add(buffer, pick(language, "tidak ", "not "));
        put_part(buffer, node, language);
    }
}

static void
put_joined(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    const char *joint = node->kind == NODE_AND ? pick(language, " dan ", " and ") : pick(language, " atau ", " or ");

    for (size_t i = 0; i < node->count; i++) {
        buffer_add(buffer, i ? joint : "");
        put_part(buffer, node->arguments[i], language);
    }
}

static void
put_collection(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    for (size_t i = 0; i < node->count; i++) {
        if (i > 0)
            buffer_add(buffer, node->kind == NODE_MAP && i % 2 == 1 ? ": " : ", ");
        put_part(buffer, node->arguments[i], language);
    }
    if (node->count == 0)
        buffer_add(buffer, pick(language, "kosong", "nothing"));
}

static void
put_conditional(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    buffer_add(buffer, pick(language, "jika ", "if "));
    put_part(buffer, node->arguments[0], language);
    buffer_add(buffer, pick(language, " maka ", " then "));
    put_part(buffer, node->arguments[1], language);
    buffer_add(buffer, pick(language, ", jika tidak ", ", otherwise "));
    put_part(buffer, node->arguments[2], language);
}

void
rule_phrase(struct buffer *buffer, const struct rule_node *node, enum language language)
{
    switch (node->kind) {
    case NODE_LITERAL:
        put_value(buffer, &node->value, language);
        break;
    case NODE_VARIABLE:
    case NODE_LOCAL:
    case NODE_SELECT:
        put_field(buffer, node, language);
        break;
    case NODE_HAS:
        put_field(buffer, node, language);
        buffer_add(buffer, pick(language, " tercatat", " is recorded"));
        break;
    case NODE_INDEX:
        put_part(buffer, node->arguments[0], language);
        buffer_add(buffer, pick(language, " nomor ", " item "));
        put_part(buffer, node->arguments[1], language);
        break;
    case NODE_CALL:
        put_call(buffer, node, language);
        break;
    case NODE_LIST:
    case NODE_MAP:
        put_collection(buffer, node, language);
        break;
    case NODE_NOT:
        put_negated(buffer, node->arguments[0], language);
        break;
    case NODE_NEGATE:
        buffer_add(buffer, "minus ");
        put_part(buffer, node->arguments[0], language);
        break;
    case NODE_AND:
    case NODE_OR:
        put_joined(buffer, node, language);
        break;
    case NODE_CONDITIONAL:
        put_conditional(buffer, node, language);
        break;
    case NODE_BINARY:
        put_binary(buffer, node, language, false);
        break;
    case NODE_LOOP:
        put_loop(buffer, node, language, false);
        break;
    case NODE_KIND_COUNT:
        break;
    }
}
