/* assessment_xpath_part.h: what the files of the translator share. */
#ifndef LUMBUNG_ASSESSMENT_XPATH_PART_H
#define LUMBUNG_ASSESSMENT_XPATH_PART_H

#include "assessment/assessment_xpath.h"

#define XPATH_REFERENCES_MAX 8
#define XPATH_ARGUMENTS_MAX 12
#define XPATH_DEPTH_MAX 40

enum xpath_level { LEVEL_CHOICE, LEVEL_OR, LEVEL_AND, LEVEL_RELATION, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_SIGN, LEVEL_VALUE };
/* A translated part with what is known of it. */
struct xpath_part {
    const char *text;
    enum xpath_type type;
    enum xpath_level level;
    const char *literal;            /* a number or text written out: its bare text; NULL: none */
    bool quoted;                    /* the literal is a text */
    const struct xpath_name *name;  /* one answer alone */
    const struct xpath_name *inner; /* XPATH_ENTRIES: the question that is gathered over the entries of `name` */
    const struct xpath_name *references[XPATH_REFERENCES_MAX];
    size_t reference_count;
};
enum xpath_token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_NAME, TOKEN_REFERENCE, TOKEN_SIGN };
struct xpath_token {
    enum xpath_token_kind kind;
    const char *text;
};
struct xpath_parser {
    const struct xpath_context *context;
    struct arena *arena;
    struct xpath_token *tokens;
    size_t at, depth;
    bool strict;                    /* unknown and false are not the same here */
    const char *fault_id, *fault_en;
};
bool xpath_fail(struct xpath_parser *parser, const char *id, const char *en); /* the first one stays; always false */
bool xpath_take(struct xpath_parser *parser, const char *sign);
bool xpath_lex(struct xpath_parser *parser, const char *text);
bool xpath_whole(struct xpath_parser *parser, struct xpath_part *ret_part);
bool xpath_call(struct xpath_parser *parser, const char *name, struct xpath_part *ret_part);
/* In parentheses when it binds less than `level`. */
const char *xpath_wrap(struct xpath_parser *parser, const struct xpath_part *part, enum xpath_level level);
struct xpath_part xpath_make(const char *text, enum xpath_type type, enum xpath_level level);
void xpath_refer(struct xpath_part *part, const struct xpath_part *from);
/* A condition that is false, not unknown, when something it refers to was not answered. */
struct xpath_part xpath_guard(struct xpath_parser *parser, struct xpath_part condition, bool when_absent);
bool xpath_number(struct xpath_parser *parser, struct xpath_part *part); /* as a number, from a text if it is one */
void xpath_real(struct xpath_parser *parser, struct xpath_part *part);
struct xpath_part xpath_quote(struct xpath_parser *parser, const char *text);

#endif
