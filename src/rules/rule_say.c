/* rule_say.c: the sentences of rule_faults.def, in both languages at once, and the character that a fault points at. */
#include <assert.h>
#include <stdio.h>

#include "rules/rule_node.h"

static const struct rule_wrong texts[RULE_FAULT_COUNT] = {
#define RULE_FAULT(name, id, en) [RULE_FAULT_##name] = { .text = { [LANGUAGE_ID] = id, [LANGUAGE_EN] = en } },
#include "rules/rule_faults.def"
#undef RULE_FAULT
};

struct rule_said
rule_word(const char *word)
{
    return (struct rule_said){ .text = { word, word } };
}

struct rule_said
rule_count(struct arena *arena, size_t count)
{
    return rule_word(arena_format(arena, "%zu", count));
}

struct rule_said
rule_said(enum rule_fault_code code)
{
    return (struct rule_said){ .text = { texts[code].text[LANGUAGE_ID], texts[code].text[LANGUAGE_EN] } };
}

const struct rule_wrong *
rule_wrong_at(enum rule_fault_code code)
{
    return &texts[code];
}

const char *
rule_wrong_text(struct arena *arena, const struct rule_wrong *wrong, enum language language)
{
    struct buffer buffer;

    if (wrong->word == NULL)
        return wrong->text[language];
    buffer_init(&buffer, arena);
    buffer_fill(&buffer, wrong->text[language], &wrong->word, 1);
    return buffer_text(&buffer);
}

struct rule_said
rule_say(struct arena *arena, enum rule_fault_code code, const struct rule_said *words, size_t count)
{
    struct rule_said said;

    assert(count <= RULE_WORDS_MAX);
    for (int language = 0; language < 2; language++) {
        const char *arguments[RULE_WORDS_MAX];
        struct buffer buffer;
        for (size_t i = 0; i < count; i++)
            arguments[i] = words[i].text[language];
        buffer_init(&buffer, arena);
        buffer_fill(&buffer, texts[code].text[language], arguments, count);
        said.text[language] = buffer_text(&buffer);
    }
    return said;
}

void
rule_fault(struct error **error, const char *pointer, const char *text, size_t byte, struct rule_said said)
{
    size_t character = 1;
    char number[24];

    for (size_t i = 0; i < byte; i++)
        character += ((unsigned char)text[i] & 0xC0) != 0x80;
    snprintf(number, sizeof number, "%zu", character);
    error_add_fault_with(error, pointer, FAULT_RULE, (const char *const[FAULT_ARGUMENTS_MAX]){ number, said.text[LANGUAGE_ID], said.text[LANGUAGE_EN] });
}
