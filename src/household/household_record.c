/* household_record.c: the field tables of households and members: one row a field says its type, bounds, sealing and words. */
#include "household/household_record.h"

#include <string.h>

#include "household/household_check.h"
#include "household/household_codes.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define AT(type, member) .name = #member, .offset = offsetof(struct type, member)

static const struct field location_fields[] = {
    {AT(location_record, lat), .kind = FIELD_DECIMAL, .flags = FIELD_REQUIRED, .minimum = -900000000, .maximum = 900000000},
    {AT(location_record, lon), .kind = FIELD_DECIMAL, .flags = FIELD_REQUIRED, .minimum = -1800000000, .maximum = 1800000000},
    {AT(location_record, accuracy_m), .kind = FIELD_DECIMAL, .minimum = 0, .maximum = INT64_C(1000000000000)},
};
static FIELD_TABLE(location_table, "Location", struct location_record, location_fields);

static const struct field housing_fields[] = {
    {AT(housing_record, floor), .kind = FIELD_CODE, .codes = &household_floor},
    {AT(housing_record, wall), .kind = FIELD_CODE, .codes = &household_wall},
    {AT(housing_record, roof), .kind = FIELD_CODE, .codes = &household_roof},
    {AT(housing_record, water), .kind = FIELD_CODE, .codes = &household_water},
    {AT(housing_record, toilet), .kind = FIELD_CODE, .codes = &household_toilet},
    {AT(housing_record, light), .kind = FIELD_CODE, .codes = &household_light},
    {AT(housing_record, fuel), .kind = FIELD_CODE, .codes = &household_fuel},
    {AT(housing_record, tenure), .kind = FIELD_CODE, .codes = &household_tenure},
    {AT(housing_record, rooms), .kind = FIELD_INT, .minimum = 0, .maximum = 100},
    {AT(housing_record, floor_area), .kind = FIELD_INT, .minimum = 0, .maximum = 10000, .about = "square metres"},
};
static FIELD_TABLE(housing_table, "Housing", struct housing_record, housing_fields);

static const struct field account_fields[] = {
    {AT(account_record, provider), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 60},
    {AT(account_record, number), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 4, .maximum = 40},
    {AT(account_record, holder), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_NAME},
};
static FIELD_TABLE(account_table, "Account", struct account_record, account_fields);

static const struct field guardian_fields[] = {
    {AT(guardian_record, name), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_NAME},
    {AT(guardian_record, relationship), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = 60},
    {AT(guardian_record, nik), .kind = FIELD_DIGITS, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 16, .maximum = 16},
    {AT(guardian_record, mandate), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL | FIELD_LINES, .minimum = 1, .maximum = LIMIT_TEXT},
    {AT(guardian_record, until), .kind = FIELD_DATE},
};
static FIELD_TABLE(guardian_table, "Guardian", struct guardian_record, guardian_fields);

static const struct field alternate_fields[] = {
    {AT(alternate_record, name), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_NAME},
    {AT(alternate_record, relationship), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = 60},
    {AT(alternate_record, nik), .kind = FIELD_DIGITS, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 16, .maximum = 16},
};
static FIELD_TABLE(alternate_table, "Alternate", struct alternate_record, alternate_fields);

static const struct field payee_fields[] = {
    {AT(payee_record, member_id), .kind = FIELD_ID},
    {AT(payee_record, guardian), .kind = FIELD_OBJECT, .flags = FIELD_PERSONAL, .table = &guardian_table},
    {AT(payee_record, alternates), .kind = FIELD_ARRAY, .flags = FIELD_PERSONAL, .minimum = 0, .maximum = 3, .table = &alternate_table},
    {AT(payee_record, account), .kind = FIELD_OBJECT, .flags = FIELD_PERSONAL, .table = &account_table},
};
FIELD_TABLE(payee_table, "Payee", struct payee_record, payee_fields);

static const struct field family_fields[] = {
    {AT(family_record, no), .kind = FIELD_INT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_FAMILIES},
    {AT(family_record, kk_number), .kind = FIELD_DIGITS, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 16, .maximum = 16},
    {AT(family_record, head_member_id), .kind = FIELD_ID},
    {AT(family_record, payee), .kind = FIELD_OBJECT, .flags = FIELD_PERSONAL, .table = &payee_table},
};
static FIELD_TABLE(family_table, "Family", struct family_record, family_fields);

static const struct field declared_fields[] = {
    {AT(declared_record, size), .kind = FIELD_INT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 100},
    {AT(declared_record, under5), .kind = FIELD_INT, .minimum = 0, .maximum = 100},
    {AT(declared_record, elderly), .kind = FIELD_INT, .minimum = 0, .maximum = 100},
    {AT(declared_record, disabled), .kind = FIELD_INT, .minimum = 0, .maximum = 100},
    {AT(declared_record, pregnant), .kind = FIELD_INT, .minimum = 0, .maximum = 100},
};
static FIELD_TABLE(declared_table, "Declared", struct declared_record, declared_fields);

static const struct field consent_fields[] = {
    {AT(consent_record, id), .kind = FIELD_ID, .flags = FIELD_READONLY},
    {AT(consent_record, notice_version), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 40},
    {AT(consent_record, language), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 2, .maximum = 35, .about = "language tag of the notice"},
    {AT(consent_record, basis), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &household_basis},
    {AT(consent_record, purposes), .kind = FIELD_TEXTS, .minimum = 0, .maximum = 8, .codes = &household_purpose},
    {AT(consent_record, given_by), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_NAME},
    {AT(consent_record, capacity), .kind = FIELD_CODE, .codes = &household_capacity},
    {AT(consent_record, form), .kind = FIELD_CODE, .codes = &household_consent_form},
    {AT(consent_record, proof), .kind = FIELD_ID, .about = "an attachment"},
    {AT(consent_record, witness), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_NAME},
    {AT(consent_record, at), .kind = FIELD_INSTANT},
    {AT(consent_record, taken_by), .kind = FIELD_ID, .flags = FIELD_READONLY},
    {AT(consent_record, withdrawn_at), .kind = FIELD_INSTANT, .flags = FIELD_READONLY},
    {AT(consent_record, withdrawal), .kind = FIELD_TEXT, .flags = FIELD_READONLY, .about = "ended, objection while a person decides, or dismissed"},
};
FIELD_TABLE(consent_table, "Consent", struct consent_record, consent_fields);

#define GRADE(member) {AT(disability_record, member), .kind = FIELD_INT, .minimum = 1, .maximum = 4}
static const struct field disability_fields[] = {
    GRADE(seeing), GRADE(hearing), GRADE(walking), GRADE(remembering), GRADE(self_care), GRADE(communicating),
};
static FIELD_TABLE(disability_table, "Disability", struct disability_record, disability_fields);

static const struct field pregnancy_fields[] = {
    {AT(pregnancy_record, due_on), .kind = FIELD_DATE, .flags = FIELD_REQUIRED},
    {AT(pregnancy_record, number), .kind = FIELD_INT, .minimum = 1, .maximum = 20},
};
static FIELD_TABLE(pregnancy_table, "Pregnancy", struct pregnancy_record, pregnancy_fields);

static const struct field other_id_fields[] = {
    {AT(other_id_record, kind), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &household_id_kind},
    {AT(other_id_record, value), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 1, .maximum = 60},
};
static FIELD_TABLE(other_id_table, "OtherId", struct other_id_record, other_id_fields);

static const struct field member_fields[] = {
    {AT(member_record, id), .kind = FIELD_ID},
    {AT(member_record, household_id), .kind = FIELD_ID, .flags = FIELD_READONLY},
    {AT(member_record, family_no), .kind = FIELD_INT, .minimum = 1, .maximum = LIMIT_FAMILIES},
    {AT(member_record, name), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL | FIELD_NO_NULL, .minimum = 1, .maximum = LIMIT_NAME},
    {AT(member_record, nik), .kind = FIELD_DIGITS, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 16, .maximum = 16},
    {AT(member_record, id_reason), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL, .minimum = 1, .maximum = 200, .about = "why there is no NIK"},
    {AT(member_record, other_ids), .kind = FIELD_ARRAY, .flags = FIELD_PERSONAL, .minimum = 0, .maximum = 8, .table = &other_id_table},
    {AT(member_record, sex), .kind = FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_NO_NULL, .codes = &household_sex},
    {AT(member_record, birth_date), .kind = FIELD_DATE, .flags = FIELD_PAST},
    {AT(member_record, age_years), .kind = FIELD_INT, .minimum = 0, .maximum = 130},
    {AT(member_record, age_on), .kind = FIELD_DATE, .flags = FIELD_PAST},
    {AT(member_record, birth_date_precision), .kind = FIELD_CODE, .codes = &household_precision},
    {AT(member_record, relationship), .kind = FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_NO_NULL, .codes = &household_relationship},
    {AT(member_record, marital_status), .kind = FIELD_CODE, .codes = &household_marital_status},
    {AT(member_record, education), .kind = FIELD_CODE, .codes = &household_education},
    {AT(member_record, in_school), .kind = FIELD_BOOL},
    {AT(member_record, school_level), .kind = FIELD_CODE, .codes = &household_school_level},
    {AT(member_record, grade), .kind = FIELD_INT, .minimum = 1, .maximum = 13},
    {AT(member_record, occupation), .kind = FIELD_TEXT, .minimum = 1, .maximum = 80},
    {AT(member_record, income_minor), .kind = FIELD_MONEY, .minimum = 0, .maximum = MONEY_AMOUNT_MAX},
    {AT(member_record, disability), .kind = FIELD_OBJECT, .table = &disability_table},
    {AT(member_record, registered_severe_disability), .kind = FIELD_BOOL},
    {AT(member_record, pregnancy), .kind = FIELD_OBJECT, .table = &pregnancy_table},
    {AT(member_record, chronic_illness), .kind = FIELD_BOOL},
    {AT(member_record, insurance), .kind = FIELD_CODE, .codes = &household_insurance},
    {AT(member_record, consent), .kind = FIELD_CODE, .codes = &household_member_consent},
    {AT(member_record, state), .kind = FIELD_CODE, .flags = FIELD_READONLY, .codes = &household_member_states},
    {AT(member_record, joined_on), .kind = FIELD_DATE, .flags = FIELD_READONLY},
    {AT(member_record, left_on), .kind = FIELD_DATE, .flags = FIELD_READONLY},
    {AT(member_record, left_reason), .kind = FIELD_TEXT, .flags = FIELD_READONLY},
};
FIELD_TABLE_CHECKED(member_table, "Member", struct member_record, member_fields, household_check_new_member);

static const struct field household_fields[] = {
    {AT(household_record, id), .kind = FIELD_ID},
    {AT(household_record, region), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_NO_NULL, .minimum = 1, .maximum = 40, .about = "official code"},
    {AT(household_record, registered_region), .kind = FIELD_TEXT, .minimum = 1, .maximum = 40, .about = "official code on the card"},
    {AT(household_record, hamlet), .kind = FIELD_TEXT, .minimum = 1, .maximum = 80},
    {AT(household_record, rw), .kind = FIELD_TEXT, .minimum = 1, .maximum = 10},
    {AT(household_record, rt), .kind = FIELD_TEXT, .minimum = 1, .maximum = 10},
    {AT(household_record, address), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL, .minimum = 1, .maximum = 300},
    {AT(household_record, address_note), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL | FIELD_LINES, .minimum = 1, .maximum = LIMIT_TEXT},
    {AT(household_record, address_kind), .kind = FIELD_CODE, .codes = &household_address_kind},
    {AT(household_record, kk_number), .kind = FIELD_DIGITS, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER, .minimum = 16, .maximum = 16},
    {AT(household_record, families), .kind = FIELD_ARRAY, .flags = FIELD_PERSONAL, .minimum = 0, .maximum = LIMIT_FAMILIES, .table = &family_table},
    {AT(household_record, phone), .kind = FIELD_PHONE, .flags = FIELD_PERSONAL},
    {AT(household_record, location), .kind = FIELD_OBJECT, .flags = FIELD_PERSONAL, .table = &location_table},
    {AT(household_record, housing), .kind = FIELD_OBJECT, .table = &housing_table},
    {AT(household_record, payee), .kind = FIELD_OBJECT, .flags = FIELD_PERSONAL, .table = &payee_table},
    {AT(household_record, declared), .kind = FIELD_OBJECT, .table = &declared_table},
    {AT(household_record, consent), .kind = FIELD_OBJECT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .table = &consent_table},
    {AT(household_record, members), .kind = FIELD_ARRAY, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = LIMIT_MEMBERS,
     .table = &member_table},
    {AT(household_record, state), .kind = FIELD_CODE, .flags = FIELD_READONLY, .codes = &household_states},
    {AT(household_record, roster), .kind = FIELD_TEXT, .flags = FIELD_READONLY, .about = "full or counts_only"},
    {AT(household_record, channel), .kind = FIELD_TEXT, .flags = FIELD_READONLY},
    {AT(household_record, head_member_id), .kind = FIELD_ID, .flags = FIELD_READONLY},
    {AT(household_record, merged_into), .kind = FIELD_ID, .flags = FIELD_READONLY},
    {AT(household_record, registered_by), .kind = FIELD_ID, .flags = FIELD_READONLY},
    {AT(household_record, version), .kind = FIELD_INT, .flags = FIELD_READONLY},
    {AT(household_record, member_count), .kind = FIELD_INT, .flags = FIELD_READONLY},
    {AT(household_record, created_at), .kind = FIELD_INSTANT, .flags = FIELD_READONLY},
    {AT(household_record, changed_at), .kind = FIELD_INSTANT, .flags = FIELD_READONLY},
    {AT(household_record, consents), .kind = FIELD_JSON, .flags = FIELD_READONLY, .about = "every consent, oldest first"},
    {AT(household_record, former_members), .kind = FIELD_JSON, .flags = FIELD_READONLY, .about = "members who left or died"},
    {AT(household_record, possible_duplicates), .kind = FIELD_JSON, .flags = FIELD_READONLY, .about = "cases opened by this entry"},
    {AT(household_record, warnings), .kind = FIELD_JSON, .flags = FIELD_READONLY, .about = "what disagrees but does not block"},
};
FIELD_TABLE_CHECKED(household_table, "Household", struct household_record, household_fields, household_check_new);

/* Someone of `years` whole years on a day was born in the year that ends on that day's anniversary. */
static struct birth
birth_of_age(int32_t on, int64_t years)
{
    int32_t latest = date_add_months(on, -12 * (int)years);
    int32_t earliest = date_add_months(on, -12 * ((int)years + 1)) + 1;
    return (struct birth){earliest + (latest - earliest) / 2, earliest, latest};
}

struct birth
household_record_birth(const struct member_record *member)
{
    if (!field_present(&member_table, member, "birth_date"))
        return birth_of_age(member->age_on, member->age_years);
    const char *precision = field_present(&member_table, member, "birth_date_precision") ? member->birth_date_precision : "day";
    int year, month, day;
    date_to_parts(member->birth_date, &year, &month, &day);
    if (text_equal(precision, "month")) {
        int32_t first = date_from_parts(year, month, 1);
        return (struct birth){member->birth_date, first, date_add_months(first, 1) - 1};
    }
    if (text_equal(precision, "year"))
        return (struct birth){member->birth_date, date_from_parts(year, 1, 1), date_from_parts(year, 12, 31)};
    if (text_equal(precision, "estimate"))
        return (struct birth){member->birth_date, date_from_parts(year - 1, 1, 1), date_from_parts(year + 1, 12, 31)};
    return (struct birth){member->birth_date, member->birth_date, member->birth_date};
}
