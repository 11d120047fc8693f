/* rule_regex.c: regular expressions after RE2's syntax, run as a set of states side by side (Thompson 1968), so that no pattern
 * takes longer than its size times the text's. Left out: flags, Unicode classes, word borders. */
#include <string.h>

#include "rules/rule_node.h"

#define REGEX_PROGRAM_MAX 2000
#define REGEX_REPEAT_MAX 1000
#define REGEX_DEPTH_MAX 50

enum step_kind { STEP_POINT, STEP_ANY, STEP_CLASS, STEP_SPLIT, STEP_JUMP, STEP_BEGIN, STEP_END, STEP_MATCH };

struct span { uint32_t first, last; };

struct step {
    enum step_kind kind;
    uint32_t point;    /* POINT */
    size_t next, also; /* SPLIT takes both, JUMP the first */
    const struct span *spans;
    size_t span_count;
    bool negated;
};

struct rule_regex {
    struct step *steps;
    size_t count;
};

/* A piece of the pattern is compiled straight into steps; a repetition compiles its piece again from where it stood. */
struct compiler {
    struct arena *arena;
    const char *pattern;
    size_t length, position;
    struct step *steps;
    size_t count, room;
    size_t depth;
    bool failed;
    enum rule_fault_code wrong; /* when failed: the first */
};

static bool
fail(struct compiler *compiler, enum rule_fault_code wrong)
{
    if (!compiler->failed)
        compiler->wrong = wrong;
    compiler->failed = true;
    return false;
}

static bool
emit(struct compiler *compiler, struct step step)
{
    if (compiler->count >= REGEX_PROGRAM_MAX)
        return fail(compiler, RULE_FAULT_PATTERN_LARGE);
    if (compiler->count == compiler->room) {
        size_t room = compiler->room ? compiler->room * 2 : 32;
        struct step *more = ARENA_ARRAY(compiler->arena, struct step, room);
        if (compiler->count > 0)
            memcpy(more, compiler->steps, compiler->count * sizeof *more);
        compiler->steps = more;
        compiler->room = room;
    }
    compiler->steps[compiler->count++] = step;
    return true;
}

static bool
at(const struct compiler *compiler, char c)
{
    return compiler->position < compiler->length && compiler->pattern[compiler->position] == c;
}

static bool
next_point(struct compiler *compiler, uint32_t *ret_point)
{
    size_t size = rule_utf8_read(compiler->pattern + compiler->position, compiler->length - compiler->position, ret_point);

    compiler->position += size;
    return size > 0 || fail(compiler, RULE_FAULT_PATTERN_ENDS);
}

static const struct span digit_spans[] = { { '0', '9' } };
static const struct span word_spans[] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } };
static const struct span blank_spans[] = { { '\t', '\n' }, { '\f', '\r' }, { ' ', ' ' } };

/* \d \w \s and their capitals; false when `letter` is none of them. */
static bool
named_class(uint32_t letter, struct step *ret_step)
{
    *ret_step = (struct step){ .kind = STEP_CLASS, .negated = letter == 'D' || letter == 'W' || letter == 'S' };
    switch (letter | 0x20) {
    case 'd':
        ret_step->spans = digit_spans;
        ret_step->span_count = 1;
        return letter < 0x80;
    case 'w':
        ret_step->spans = word_spans;
        ret_step->span_count = 4;
        return letter < 0x80;
    case 's':
        ret_step->spans = blank_spans;
        ret_step->span_count = 3;
        return letter < 0x80;
    default:
        return false;
    }
}

/* The point behind a backslash: a control by its letter, or punctuation standing for itself. */
static bool
escaped_point(struct compiler *compiler, uint32_t letter, uint32_t *ret_point)
{
    static const char letters[] = "nrtfv", controls[] = "\n\r\t\f\v";
    const char *found = letter && letter < 0x80 ? strchr(letters, (int)letter) : NULL;

    if (found) {
        *ret_point = (uint32_t)controls[found - letters];
        return true;
    }
    if ((letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'))
        return fail(compiler, RULE_FAULT_PATTERN_ESCAPE);
    *ret_point = letter;
    return true;
}

static bool
class_point(struct compiler *compiler, uint32_t *ret_point)
{
    uint32_t point;

    if (!next_point(compiler, &point))
        return false;
    if (point != '\\') {
        *ret_point = point;
        return true;
    }
    return next_point(compiler, &point) && escaped_point(compiler, point, ret_point);
}

/* An upper bound of the bytes in the class that begins at the position. */
static size_t
class_size(const struct compiler *compiler)
{
    size_t i = compiler->position + at(compiler, '^'), begin = compiler->position;

    for (bool first = true; i < compiler->length && (first || compiler->pattern[i] != ']'); first = false)
        i += compiler->pattern[i] == '\\' ? 2 : 1;
    return i - begin;
}

static bool
parse_class(struct compiler *compiler)
{
    struct span *spans = ARENA_ARRAY(compiler->arena, struct span, class_size(compiler) * 4 + 4);
    struct step step = { .kind = STEP_CLASS, .spans = spans }, named;
    bool first = true;

    if (at(compiler, '^')) {
        step.negated = true;
        compiler->position++;
    }
    for (; first || !at(compiler, ']'); first = false) {
        struct span span;
        if (at(compiler, '[') && compiler->position + 1 < compiler->length && compiler->pattern[compiler->position + 1] == ':')
            return fail(compiler, RULE_FAULT_PATTERN_CLASS);
        if (at(compiler, '\\') && compiler->position + 1 < compiler->length &&
            named_class((unsigned char)compiler->pattern[compiler->position + 1], &named)) {
            if (named.negated)
                return fail(compiler, RULE_FAULT_PATTERN_NEGATED);
            memcpy(spans + step.span_count, named.spans, named.span_count * sizeof *spans);
            step.span_count += named.span_count;
            compiler->position += 2;
            continue;
        }
        if (!class_point(compiler, &span.first))
            return false;
        span.last = span.first;
        if (at(compiler, '-') && compiler->position + 1 < compiler->length && compiler->pattern[compiler->position + 1] != ']') {
            compiler->position++;
            if (!class_point(compiler, &span.last))
                return false;
            if (span.last < span.first)
                return fail(compiler, RULE_FAULT_PATTERN_RANGE);
        }
        spans[step.span_count++] = span;
    }
    compiler->position++;
    return emit(compiler, step);
}

static bool parse_choice(struct compiler *compiler);

static bool
parse_group(struct compiler *compiler)
{
    if (at(compiler, '?')) {
        if (compiler->position + 1 >= compiler->length || compiler->pattern[compiler->position + 1] != ':')
            return fail(compiler, RULE_FAULT_PATTERN_GROUP);
        compiler->position += 2;
    }
    if (++compiler->depth > REGEX_DEPTH_MAX)
        return fail(compiler, RULE_FAULT_PATTERN_DEEP);
    if (!parse_choice(compiler))
        return false;
    compiler->depth--;
    if (!at(compiler, ')'))
        return fail(compiler, RULE_FAULT_PATTERN_OPEN);
    compiler->position++;
    return true;
}

static bool
parse_atom(struct compiler *compiler)
{
    struct step step = { .kind = STEP_POINT };

    if (!next_point(compiler, &step.point))
        return false;
    switch (step.point) {
    case '(':
        return parse_group(compiler);
    case '[':
        return parse_class(compiler);
    case '.':
        step.kind = STEP_ANY;
        return emit(compiler, step);
    case '^':
        step.kind = STEP_BEGIN;
        return emit(compiler, step);
    case '$':
        step.kind = STEP_END;
        return emit(compiler, step);
    case '*':
    case '+':
    case '?':
        return fail(compiler, RULE_FAULT_PATTERN_REPEAT);
    case '\\': {
        uint32_t letter;
        if (!next_point(compiler, &letter))
            return false;
        if (named_class(letter, &step))
            return emit(compiler, step);
        step = (struct step){ .kind = STEP_POINT };
        return escaped_point(compiler, letter, &step.point) && emit(compiler, step);
    }
    default:
        return emit(compiler, step);
    }
}

/* {n}, {n,} or {n,m} at the position; a brace that is none of them stands for itself, as in RE2. */
static bool
read_counts(struct compiler *compiler, size_t *ret_least, size_t *ret_most)
{
    size_t i = compiler->position + 1, numbers[2] = { 0, 0 };
    bool comma = false, any = false, second = false;

    for (; i < compiler->length; i++) {
        char c = compiler->pattern[i];
        if (c >= '0' && c <= '9') {
            size_t *number = &numbers[comma];
            *number = *number > REGEX_REPEAT_MAX ? *number : *number * 10 + (size_t)(c - '0');
            any = any || !comma;
            second = second || comma;
        } else if (c == ',' && !comma && any) {
            comma = true;
        } else {
            break;
        }
    }
    if (!any || i >= compiler->length || compiler->pattern[i] != '}')
        return false;
    *ret_least = numbers[0];
    *ret_most = !comma ? numbers[0] : second ? numbers[1] : SIZE_MAX;
    compiler->position = i + 1;
    return true;
}

/* The operator behind an atom; false when there is none. */
static bool
read_repeat(struct compiler *compiler, size_t *ret_least, size_t *ret_most)
{
    if (at(compiler, '*') || at(compiler, '+') || at(compiler, '?')) {
        char c = compiler->pattern[compiler->position++];
        *ret_least = c == '+';
        *ret_most = c == '?' ? 1 : SIZE_MAX;
    } else if (!at(compiler, '{') || !read_counts(compiler, ret_least, ret_most)) {
        return false;
    }
    if (at(compiler, '?')) /* a lazy repetition finds the same texts */
        compiler->position++;
    return true;
}

/* Rewrites the atom compiled at `begin` as least to most copies of itself. */
static bool
repeat(struct compiler *compiler, size_t begin, size_t least, size_t most)
{
    size_t size = compiler->count - begin;
    struct step *atom = ARENA_ARRAY(compiler->arena, struct step, size);

    if (least > REGEX_REPEAT_MAX || (most != SIZE_MAX && (most > REGEX_REPEAT_MAX || most < least)))
        return fail(compiler, RULE_FAULT_PATTERN_COUNT);
    if (size > 0)
        memcpy(atom, compiler->steps + begin, size * sizeof *atom);
    compiler->count = begin;
    for (size_t i = 0; i < least || (most != SIZE_MAX && i < most) || (most == SIZE_MAX && i == least); i++) {
        size_t split = compiler->count;
        bool optional = i >= least;
        if (optional && !emit(compiler, (struct step){ .kind = STEP_SPLIT, .next = split + 1, .also = split + size + 1 + (most == SIZE_MAX) }))
            return false;
        for (size_t k = 0; k < size; k++) {
            struct step step = atom[k];
            if (step.kind == STEP_SPLIT || step.kind == STEP_JUMP) {
                step.next = step.next - begin + split + optional;
                step.also = step.also - begin + split + optional;
            }
            if (!emit(compiler, step))
                return false;
        }
        if (optional && most == SIZE_MAX && !emit(compiler, (struct step){ .kind = STEP_JUMP, .next = split }))
            return false;
    }
    return true;
}

static bool
parse_sequence(struct compiler *compiler)
{
    size_t least, most;

    while (compiler->position < compiler->length && !at(compiler, '|') && !at(compiler, ')')) {
        size_t begin = compiler->count;
        if (!parse_atom(compiler))
            return false;
        while (read_repeat(compiler, &least, &most))
            if (!repeat(compiler, begin, least, most))
                return false;
    }
    return true;
}

/* Makes room for one step at `begin`; targets move along. */
static bool
insert_step(struct compiler *compiler, size_t begin)
{
    if (!emit(compiler, (struct step){ .kind = STEP_JUMP }))
        return false;
    memmove(compiler->steps + begin + 1, compiler->steps + begin, (compiler->count - 1 - begin) * sizeof *compiler->steps);
    for (size_t i = begin + 1; i < compiler->count; i++) {
        compiler->steps[i].next++;
        compiler->steps[i].also++;
    }
    return true;
}

/* a|b|c: a split in front of each branch but the last and a jump to the end behind it. Until the end is known, each such jump
 * holds the place of the one before. */
static bool
parse_choice(struct compiler *compiler)
{
    size_t last_jump = SIZE_MAX;

    for (;;) {
        size_t begin = compiler->count;
        if (!parse_sequence(compiler))
            return false;
        if (!at(compiler, '|'))
            break;
        compiler->position++;
        if (!insert_step(compiler, begin))
            return false;
        size_t jump = compiler->count;
        if (!emit(compiler, (struct step){ .kind = STEP_JUMP, .next = last_jump }))
            return false;
        compiler->steps[begin] = (struct step){ .kind = STEP_SPLIT, .next = begin + 1, .also = jump + 1 };
        last_jump = jump;
    }
    while (last_jump != SIZE_MAX) {
        size_t before = compiler->steps[last_jump].next;
        compiler->steps[last_jump].next = compiler->count;
        last_jump = before;
    }
    return true;
}

static bool
compile_all(struct compiler *compiler)
{
    if (compiler->length > LIMIT_TEXT)
        return fail(compiler, RULE_FAULT_PATTERN_LONG);
    if (!parse_choice(compiler))
        return false;
    if (compiler->position < compiler->length)
        return fail(compiler, RULE_FAULT_PATTERN_CLOSE);
    return emit(compiler, (struct step){ .kind = STEP_MATCH });
}

bool
rule_regex_compile(struct arena *arena, const char *pattern, size_t length, struct rule_regex **ret_regex, enum rule_fault_code *ret_wrong)
{
    struct compiler compiler = { .arena = arena, .pattern = pattern, .length = length };
    struct rule_regex *regex = ARENA_NEW(arena, struct rule_regex);

    if (!compile_all(&compiler)) {
        *ret_wrong = compiler.wrong;
        return false;
    }
    regex->steps = compiler.steps;
    regex->count = compiler.count;
    *ret_regex = regex;
    return true;
}

/* The states alive before one character; `mark` says which were added at this place already. */
struct states {
    size_t *list, count;
};

struct search {
    const struct rule_regex *regex;
    size_t *mark, *stack;
    size_t generation;
    size_t work;
    bool at_begin, at_end, matched;
};

/* Follows splits and jumps from `start` to the steps that read a character. */
static void
add_state(struct search *search, struct states *states, size_t start)
{
    size_t depth = 0;

    search->stack[depth++] = start;
    while (depth > 0) {
        size_t i = search->stack[--depth];
        const struct step *step = &search->regex->steps[i];
        if (search->mark[i] == search->generation)
            continue;
        search->mark[i] = search->generation;
        search->work++;
        if (step->kind == STEP_SPLIT || step->kind == STEP_JUMP) {
            search->stack[depth++] = step->next;
            if (step->kind == STEP_SPLIT)
                search->stack[depth++] = step->also;
        } else if ((step->kind == STEP_BEGIN && search->at_begin) || (step->kind == STEP_END && search->at_end)) {
            search->stack[depth++] = i + 1;
        } else if (step->kind == STEP_MATCH) {
            search->matched = true;
        } else if (step->kind != STEP_BEGIN && step->kind != STEP_END) {
            states->list[states->count++] = i;
        }
    }
}

static bool
step_takes(const struct step *step, uint32_t point)
{
    if (step->kind == STEP_POINT)
        return step->point == point;
    if (step->kind == STEP_ANY)
        return point != '\n';
    for (size_t i = 0; i < step->span_count; i++)
        if (point >= step->spans[i].first && point <= step->spans[i].last)
            return !step->negated;
    return step->negated;
}

bool
rule_regex_search(const struct rule_regex *regex, struct arena *arena, const char *text, size_t length, size_t *ret_work)
{
    size_t count = regex->count;
    struct search search = { .regex = regex, .generation = 1, .at_begin = true, .at_end = length == 0 };
    size_t *room = ARENA_ARRAY(arena, size_t, count * 5 + 8);
    struct states now = { room, 0 }, then = { room + count, 0 };

    search.mark = room + 2 * count;
    search.stack = room + 3 * count;
    add_state(&search, &now, 0);
    for (size_t position = 0; position < length && !search.matched;) {
        uint32_t point = 0;
        size_t size = rule_utf8_read(text + position, length - position, &point);
        position += size ? size : 1;
        search.generation++;
        search.at_begin = false;
        search.at_end = position >= length;
        then.count = 0;
        for (size_t i = 0; i < now.count; i++)
            if (step_takes(&regex->steps[now.list[i]], point))
                add_state(&search, &then, now.list[i] + 1);
        search.work += now.count + 1;
        add_state(&search, &then, 0); /* it may begin anywhere */
        struct states swap = now;
        now = then;
        then = swap;
    }
    *ret_work = search.work;
    return search.matched;
}
