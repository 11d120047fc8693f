/* household_check.c: the relations that a field table cannot say: heads, ages, ids, cards, payees. */
#include "household/household_check.h"

#include "household/household_nik.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define DISABILITY_AGE_MIN 5
#define BIRTH_DATE_MIN (-29220) /* 1890-01-01: older people are typing mistakes */

static bool
has(const struct member_record *member, const char *name)
{
    return field_present(&member_table, member, name);
}

static const char *
below(struct arena *arena, const char *pointer, const char *name)
{
    return arena_format(arena, "%s/%s", pointer, name);
}

static void
check_birth(struct arena *arena, const struct member_record *member, const char *pointer, int32_t today, struct error **error)
{
    bool by_date = has(member, "birth_date"), by_age = has(member, "age_years");
    if (!by_date && !by_age) {
        error_add_fault(error, below(arena, pointer, "birth_date"), FAULT_REQUIRED, NULL, NULL);
        return;
    }
    if (by_date && by_age)
        error_add_fault(error, below(arena, pointer, "age_years"), FAULT_CONFLICT, "birth_date", NULL);
    if (by_age && !has(member, "age_on"))
        error_add_fault(error, below(arena, pointer, "age_on"), FAULT_REQUIRED, NULL, NULL);
    if (by_age && !by_date && has(member, "birth_date_precision") && !text_equal(member->birth_date_precision, "estimate"))
        error_add_fault(error, below(arena, pointer, "birth_date_precision"), FAULT_CONFLICT, "age_years", NULL);
    if (by_date && member->birth_date > today)
        error_add_fault(error, below(arena, pointer, "birth_date"), FAULT_FUTURE, NULL, NULL);
    if (by_date && member->birth_date < BIRTH_DATE_MIN)
        error_add_fault(error, below(arena, pointer, "birth_date"), FAULT_RANGE, "1890-01-01", "hari ini / today");
    if (has(member, "age_on") && member->age_on > today)
        error_add_fault(error, below(arena, pointer, "age_on"), FAULT_FUTURE, NULL, NULL);
}

static bool
birth_known(const struct member_record *member)
{
    return has(member, "birth_date") || (has(member, "age_years") && has(member, "age_on"));
}

void
household_check_member(struct arena *arena, const struct member_record *member, const char *pointer, int32_t today, struct error **error)
{
    if (text_is_blank(member->name))
        error_add_fault(error, below(arena, pointer, "name"), FAULT_REQUIRED, NULL, NULL);
    check_birth(arena, member, pointer, today, error);
    if (has(member, "nik") && !household_nik_possible(member->nik))
        error_add_fault(error, below(arena, pointer, "nik"), FAULT_NIK, NULL, NULL);
    if (has(member, "disability") && birth_known(member) &&
        date_years_between(household_record_birth(member).earliest, today) < DISABILITY_AGE_MIN)
        error_add_fault(error, below(arena, pointer, "disability"), FAULT_CONFLICT, "birth_date", NULL);
    if (has(member, "pregnancy") && text_equal(member->sex, "M"))
        error_add_fault(error, below(arena, pointer, "pregnancy"), FAULT_CONFLICT, "sex", NULL);
}

static void
check_payee(struct arena *arena, const struct payee_record *payee, const char *pointer, struct error **error)
{
    if (!id_is_zero(payee->member_id) && payee->guardian)
        error_add_fault(error, below(arena, pointer, "guardian"), FAULT_CONFLICT, "member_id", NULL);
    if (payee->guardian && payee->guardian->nik && !household_nik_possible(payee->guardian->nik))
        error_add_fault(error, below(arena, pointer, "guardian/nik"), FAULT_NIK, NULL, NULL);
    const struct alternate_record *alternates = payee->alternates.items;
    for (size_t i = 0; i < payee->alternates.count; i++)
        if (alternates[i].nik && !household_nik_possible(alternates[i].nik))
            error_add_fault(error, arena_format(arena, "%s/alternates/%zu/nik", pointer, i), FAULT_NIK, NULL, NULL);
}

static void
check_families(struct arena *arena, const struct household_record *record, struct error **error)
{
    const struct family_record *families = record->families.items;
    for (size_t i = 0; i < record->families.count; i++) {
        const char *pointer = arena_format(arena, "/families/%zu", i);
        for (size_t j = 0; j < i; j++)
            if (families[j].no == families[i].no)
                error_add_fault(error, below(arena, pointer, "no"), FAULT_DOUBLED, NULL, NULL);
        if (families[i].kk_number && !household_nik_possible(families[i].kk_number))
            error_add_fault(error, below(arena, pointer, "kk_number"), FAULT_NIK, NULL, NULL);
        if (families[i].no == 1 && families[i].kk_number && record->kk_number && !text_equal(families[i].kk_number, record->kk_number))
            error_add_fault(error, below(arena, pointer, "kk_number"), FAULT_CONFLICT, "kk_number", NULL);
        if (families[i].payee)
            check_payee(arena, families[i].payee, below(arena, pointer, "payee"), error);
    }
}

static void
check_declared(const struct declared_record *declared, struct error **error)
{
    const struct { const char *pointer; int64_t count; } parts[] = {
        {"/declared/under5", declared->under5}, {"/declared/elderly", declared->elderly},
        {"/declared/disabled", declared->disabled}, {"/declared/pregnant", declared->pregnant},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].count > declared->size)
            error_add_fault(error, parts[i].pointer, FAULT_CONFLICT, "size", NULL);
}

void
household_check_record(struct arena *arena, const struct household_record *record, int32_t today, struct error **error)
{
    (void)today;
    if (record->kk_number && !household_nik_possible(record->kk_number))
        error_add_fault(error, "/kk_number", FAULT_NIK, NULL, NULL);
    check_families(arena, record, error);
    if (record->payee)
        check_payee(arena, record->payee, "/payee", error);
    if (record->declared)
        check_declared(record->declared, error);
}

void
household_check_roster(struct arena *arena, struct member_record *const *members, size_t count, bool head_required, struct error **error)
{
    size_t heads = 0;
    for (size_t i = 0; i < count; i++) {
        head_required &= members[i]->relationship != NULL;
        heads += text_equal(members[i]->relationship, "head");
        for (size_t j = 0; j < i; j++) {
            if (!id_is_zero(members[i]->id) && id_equal(members[i]->id, members[j]->id))
                error_add_fault(error, arena_format(arena, "/members/%zu/id", i), FAULT_DOUBLED, NULL, NULL);
            if (members[i]->nik && text_equal(members[i]->nik, members[j]->nik))
                error_add_fault(error, arena_format(arena, "/members/%zu/nik", i), FAULT_DOUBLED, NULL, NULL);
        }
    }
    if (heads > 1 || (heads == 0 && head_required))
        error_add_fault(error, "/members", FAULT_ONE_HEAD, NULL, NULL);
}

static void
check_reference(struct arena *arena, struct id id, struct member_record *const *members, size_t count, const char *pointer,
                struct error **error)
{
    if (id_is_zero(id))
        return;
    for (size_t i = 0; i < count; i++)
        if (id_equal(id, members[i]->id))
            return;
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    error_add_fault(error, pointer, FAULT_REFERENCE, arena_text(arena, text), NULL);
}

void
household_check_references(struct arena *arena, const struct household_record *record, struct member_record *const *members, size_t count,
                           struct error **error)
{
    if (record->payee)
        check_reference(arena, record->payee->member_id, members, count, "/payee/member_id", error);
    const struct family_record *families = record->families.items;
    for (size_t i = 0; i < record->families.count; i++) {
        check_reference(arena, families[i].head_member_id, members, count, arena_format(arena, "/families/%zu/head_member_id", i), error);
        if (families[i].payee)
            check_reference(arena, families[i].payee->member_id, members, count, arena_format(arena, "/families/%zu/payee/member_id", i), error);
    }
}

void
household_check_new_member(struct arena *arena, const void *record, const char *pointer, int32_t today, struct error **error)
{
    household_check_member(arena, record, pointer, today, error);
}

/* Pointers are those of the whole form: a registration is never a part of another. */
void
household_check_new(struct arena *arena, const void *record, const char *pointer, int32_t today, struct error **error)
{
    (void)pointer;
    const struct household_record *household = record;
    struct member_record *given = household->members.items, **members = ARENA_ARRAY(arena, struct member_record *, household->members.count + 1);
    for (size_t i = 0; i < household->members.count; i++)
        members[i] = &given[i];
    household_check_record(arena, household, today, error);
    household_check_roster(arena, members, household->members.count, true, error);
    household_check_references(arena, household, members, household->members.count, error);
    if (!household->consent)
        error_add_fault(error, "/consent", FAULT_REQUIRED, NULL, NULL);
}

void
household_warn(struct household_warnings *warnings, const char *pointer, const char *code)
{
    warnings->items = arena_grow(warnings->arena, warnings->items, warnings->count, &warnings->capacity, sizeof *warnings->items);
    warnings->items[warnings->count++] = (struct household_warning){pointer, code};
}

/* Only the parts of the date that the record claims to know can disagree. */
static bool
birth_disagrees(const struct household_nik *nik, const struct member_record *member)
{
    if (!has(member, "birth_date"))
        return false;
    int year, month, day;
    date_to_parts(member->birth_date, &year, &month, &day);
    const char *precision = member->birth_date_precision ? member->birth_date_precision : "day";
    if (text_equal(precision, "estimate"))
        return false;
    bool year_differs = year % 100 != nik->year_of_century;
    bool month_differs = !text_equal(precision, "year") && month != nik->month;
    bool day_differs = text_equal(precision, "day") && day != nik->day;
    return year_differs || month_differs || day_differs;
}

void
household_warn_member(struct household_warnings *warnings, const struct member_record *member, const char *pointer, int32_t today)
{
    struct birth birth = household_record_birth(member);
    if (!member->nik) {
        bool explained = member->id_reason || member->other_ids.count > 0;
        if (!explained && date_years_between(birth.latest, today) >= 1)
            household_warn(warnings, below(warnings->arena, pointer, "id_reason"), "no_id_reason");
        return;
    }
    struct household_nik nik = household_nik_decode(member->nik, false, birth.date, today);
    const char *at = below(warnings->arena, pointer, "nik");
    if (!nik.date_exists)
        household_warn(warnings, at, "nik_date_impossible");
    else if (birth_disagrees(&nik, member))
        household_warn(warnings, at, "nik_birth_date");
    if (!text_equal(member->sex, "X") && member->sex[0] != nik.sex)
        household_warn(warnings, at, "nik_sex");
}

void
household_print_warnings(struct buffer *buffer, const struct household_warnings *warnings)
{
    json_open(buffer, "warnings", '[');
    for (size_t i = 0; i < warnings->count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "pointer", warnings->items[i].pointer);
        json_put_text(buffer, "code", warnings->items[i].code);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}
