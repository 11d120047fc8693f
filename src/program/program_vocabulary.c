/* program_vocabulary.c: the records that the rules of programs read: what all rules know of a household, and the unit's own family or member. */
#include "program/program_vocabulary.h"

#include "lumbung/base/text.h"
#include "program/program_functions.h"

static const struct rule_field root_fields[] = {
    {"household", RULE_MAP, &score_vocabulary_household, "rumah tangga", "household"}, {"region", RULE_TEXT, NULL, "wilayah", "region"},
    {"family", RULE_MAP, &score_vocabulary_family, "keluarga", "family"}, {"member", RULE_MAP, &score_vocabulary_member, "anggota", "member"},
};
/* A household's rule knows no `family`, a family's no `member`: a name that is never bound would fail only when it is too late. */
static const struct rule_record household_root = {"facts", root_fields, 2};
static const struct rule_record family_root = {"facts", root_fields, 3};
static const struct rule_record member_root = {"facts", root_fields, 4};

static const struct rule_schema household_schema = {&household_root, vocabulary_functions, VOCABULARY_FUNCTION_COUNT, "household"};
static const struct rule_schema family_schema = {&family_root, vocabulary_functions, VOCABULARY_FUNCTION_COUNT, "household"};
static const struct rule_schema member_schema = {&member_root, vocabulary_functions, VOCABULARY_FUNCTION_COUNT, "household"};

const struct rule_schema *
vocabulary_schema(const char *unit)
{
    return text_equal(unit, "member") ? &member_schema : text_equal(unit, "family") ? &family_schema : &household_schema;
}
