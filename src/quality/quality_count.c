/* quality_count.c: the checks by their words, counted and listed. */
#include "quality/quality_count.h"

#include <string.h>

#include "lumbung/base/text.h"

static const struct code check_words[NEED_ISSUES] = {
    [NEED_ISSUE_NO_ASSESSMENT] = {"no_assessment", "belum didata", "never assessed"},
    [NEED_ISSUE_NO_ID] = {"no_id", "anggota tanpa NIK", "a member without a NIK"},
    [NEED_ISSUE_NO_CARD] = {"no_card", "tanpa nomor KK", "no family card number"},
    [NEED_ISSUE_COUNTS_ONLY] = {"counts_only", "anggota belum didaftar satu per satu", "members counted, not listed"},
    [NEED_ISSUE_AGE] = {"age", "umur di atas 105 tahun", "older than 105"},
    [NEED_ISSUE_CHILD_HEAD] = {"child_head", "kepala keluarga di bawah 15 tahun", "head younger than 15"},
    [NEED_ISSUE_PARENT_AGE] = {"parent_age", "selisih umur orang tua dan anak kurang dari 12 tahun", "parent and child less than 12 years apart"},
    [NEED_ISSUE_MANY] = {"many", "lebih dari 15 anggota", "more than 15 members"},
    [NEED_ISSUE_STALE] = {"stale", "lebih dari dua tahun tidak diperbarui", "not asked again for two years"},
    [NEED_ISSUE_PEOPLE] = {"people", "jumlah orang berbeda dengan daftar anggota", "number of people differs from the members"},
    [NEED_ISSUE_SCHOOL] = {"school", "jawaban anak sekolah berbeda dengan umur anggota", "answer on pupils differs from the members' ages"},
    [NEED_ISSUE_GRADE] = {"grade", "kelas tidak cocok dengan umur atau keadaan sekolah", "grade does not fit age or schooling"},
    [NEED_ISSUE_DUPLICATE] = {"duplicate", "dugaan data ganda belum diputuskan", "a possible duplicate is undecided"},
    [NEED_ISSUE_CONSENT] = {"consent", "anggota dewasa yang persetujuannya diberikan kepala keluarga", "an adult for whom the head consented"},
};
const struct code_list quality_check_codes = CODE_LIST("quality_check", 1, check_words);

static const struct code dimension_words[QUALITY_DIMENSIONS] = {
    {"completeness", "kelengkapan", "completeness"}, {"plausibility", "kewajaran", "plausibility"}, {"freshness", "kebaruan", "freshness"},
    {"contradiction", "pertentangan", "contradictions"}, {"duplicate_data", "data ganda", "duplicates"},
};
const struct code_list quality_dimension_codes = CODE_LIST("quality_dimension", 1, dimension_words);

#define BIT(issue) (1u << NEED_ISSUE_##issue)
const uint16_t quality_dimension_checks[QUALITY_DIMENSIONS] = {
    BIT(NO_ASSESSMENT) | BIT(NO_ID) | BIT(NO_CARD) | BIT(COUNTS_ONLY) | BIT(CONSENT), BIT(AGE) | BIT(CHILD_HEAD) | BIT(PARENT_AGE) | BIT(MANY), BIT(STALE),
    BIT(PEOPLE) | BIT(SCHOOL) | BIT(GRADE), BIT(DUPLICATE),
};

uint16_t
quality_bits_of(const char *word)
{
    uint16_t bits = 0;
    for (size_t i = 0; i < NEED_ISSUES; i++)
        bits |= (uint16_t)(word == NULL || text_equal(word, check_words[i].word) ? 1u << i : 0);
    for (size_t i = 0; i < QUALITY_DIMENSIONS; i++)
        bits |= text_equal(word, dimension_words[i].word) ? quality_dimension_checks[i] : 0;
    return bits;
}

const char *
quality_check_word(size_t check)
{
    return check_words[check].word;
}

struct counting {
    struct quality_counts *counts;
    struct quality_officer *officers;
};

static void
add_visit(struct quality_counts *counts, uint16_t issues)
{
    counts->households++;
    counts->faulty += issues != 0;
    for (size_t i = 0; i < NEED_ISSUES; i++)
        counts->checks[i] += issues >> i & 1;
    for (size_t i = 0; i < QUALITY_DIMENSIONS; i++)
        counts->dimensions[i] += (issues & quality_dimension_checks[i]) != 0;
}

static void
count_visit(void *context, const struct need_visit *visit)
{
    struct counting *counting = context;
    add_visit(counting->counts, visit->issues);
    if (counting->officers == NULL)
        return;
    counting->officers[visit->officer].id = visit->officer_id;
    add_visit(&counting->officers[visit->officer].counts, visit->issues);
}

void
quality_count(const struct need_index *index, size_t first, size_t run, int32_t today, struct quality_counts *ret_counts, struct quality_officer *officers)
{
    struct counting counting = {ret_counts, officers};
    memset(ret_counts, 0, sizeof *ret_counts);
    need_index_visit(index, first, run, today, count_visit, &counting);
}

/* Kept sorted, the largest falls out. */
static void
collect_visit(void *context, const struct need_visit *visit)
{
    struct quality_list *list = context;
    if (!(visit->issues & list->bits) || id_compare(visit->household_id, list->after) <= 0 || (list->has_officer && !id_equal(visit->officer_id, list->officer_id)))
        return;
    if (list->count == list->limit && id_compare(visit->household_id, list->rows[list->count - 1].household_id) > 0)
        return;
    size_t at = list->count < list->limit ? list->count++ : list->count - 1;
    for (; at > 0 && id_compare(list->rows[at - 1].household_id, visit->household_id) > 0; at--)
        list->rows[at] = list->rows[at - 1];
    list->rows[at] = (struct quality_row){visit->household_id, visit->issues};
}

void
quality_collect(const struct need_index *index, size_t first, size_t run, int32_t today, struct quality_list *list)
{
    need_index_visit(index, first, run, today, collect_visit, list);
}
