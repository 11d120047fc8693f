/* demo_programs.c: cash components with caps, staple food, scholarship by grade, premium a person, housing in two parts. */
#include "demo/demo_programs.h"

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define BUDGET_HOUSEHOLDS 1200 /* what the budgets below are meant for */

/* Pregnant 750,000 a stage (at most 2), child 0-6 750,000 (2), grades 225,000 / 375,000 / 500,000, elderly 70+ 600,000 (1), severe disability 600,000 (1);
 * the four largest of a family count. */
#define CASH_ENTITLEMENT \
    "[{'code': 'keluarga_harapan', 'kind': 'cash', 'amount_minor': sum(top(" \
    "top(household.members.filter(m, has(m.pregnancy)).map(m, amount(750000)), 2) + " \
    "top(household.members.filter(m, age(m.birth_date) < 7).map(m, amount(750000)), 2) + " \
    "household.members.filter(m, has(m.grade)).map(m, m.grade <= 6 ? amount(225000) : m.grade <= 9 ? amount(375000) : amount(500000)) + " \
    "top(household.members.filter(m, age(m.birth_date) >= 70).map(m, amount(600000)), 1) + " \
    "top(household.members.filter(m, has(m.registered_severe_disability) && m.registered_severe_disability).map(m, amount(600000)), 1), 4))}]"

/* Half in the first and the final grade of a level, since the pupil is there for half the year. */
#define SCHOLARSHIP \
    "[{'code': 'beasiswa', 'kind': 'cash', 'amount_minor': " \
    "(member.grade <= 6 ? amount(450000) : member.grade <= 9 ? amount(750000) : amount(1800000)) / (member.grade in [1, 6, 7, 9, 10, 12] ? 2 : 1)}]"

static const struct demo_program_row {
    const char *name, *category, *owner, *unit, *rule, *entitlement;
    int64_t budget_rupiah;
    int approvals;
} rows[DEMO_PROGRAMS] = {
    {"Keluarga Harapan Jambi", "direct_aid", "Dinas Sosial Provinsi Jambi", "household",
     "score('NEEDS') >= 18 && household.members.exists(m, age(m.birth_date) < 7 || age(m.birth_date) >= 70 || has(m.grade) || has(m.pregnancy))", CASH_ENTITLEMENT,
     INT64_C(4000000000), 2},
    {"Beras Desa", "direct_aid", "Dinas Ketahanan Pangan", "household", "score('NEEDS') >= 25",
     "[{'code': 'beras', 'kind': 'goods', 'item': 'kg beras', 'quantity': 10}]", 0, 1},
    {"Beasiswa Anak Jambi", "education", "Dinas Pendidikan", "member", "has(member.grade) && member.in_school && score('NEEDS') >= 15", SCHOLARSHIP,
     INT64_C(2500000000), 1},
    {"Iuran Sehat", "health", "Dinas Kesehatan", "family", "score('NEEDS') >= 30",
     "[{'code': 'iuran', 'kind': 'cash', 'amount_minor': amount(42000) * size(family.members)}]", INT64_C(600000000), 1},
    {"Rumah Layak", "housing", "Dinas Perumahan", "household",
     "household.needs.damage == 'yes' && household.needs.tenure == 'own'",
     "[{'code': 'bahan', 'kind': 'cash', 'amount_minor': amount(17500000)}, {'code': 'upah', 'kind': 'cash', 'amount_minor': amount(2500000)}]",
     INT64_C(3000000000), 2},
};

struct error *
demo_program(struct arena *arena, int index, int households, int32_t today, struct json **ret_json)
{
    const struct demo_program_row *row = &rows[index];
    int year, month, day;
    date_to_parts(today, &year, &month, &day);
    struct buffer text;
    buffer_init(&text, arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "name", row->name);
    json_put_text(&text, "category", row->category);
    json_put_text(&text, "owner", row->owner);
    json_put_text(&text, "currency", "IDR");
    json_put_text(&text, "unit", row->unit);
    /* No such aid in the last ten years. */
    json_put_text(&text, "rule", text_equal(row->category, "housing") ? arena_format(arena, "%s && !received('housing', '%d-01-01')", row->rule, year - 10) : row->rule);
    json_put_text(&text, "entitlement", row->entitlement);
    json_put_int(&text, "budget_minor", row->budget_rupiah * 100 * (1 + households / BUDGET_HOUSEHOLDS));
    json_put_date(&text, "starts_on", date_from_parts(year - 1, 1, 1));
    json_put_date(&text, "ends_on", date_from_parts(year + 1, 12, 31));
    json_put_int(&text, "approvals_required", row->approvals);
    json_close(&text, '}');
    return json_parse(arena, text.data, text.length, ret_json);
}
