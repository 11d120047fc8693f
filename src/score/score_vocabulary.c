/* score_vocabulary.c: what every expression knows of a household, with the names in plain words. The fields are those of API.md, no others. */
#include "score/score_vocabulary.h"

#include "lumbung/base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct rule_field disability_fields[] = {
    {"seeing", RULE_INT, NULL, "kesulitan melihat", "difficulty seeing"}, {"hearing", RULE_INT, NULL, "kesulitan mendengar", "difficulty hearing"},
    {"walking", RULE_INT, NULL, "kesulitan berjalan", "difficulty walking"},
    {"remembering", RULE_INT, NULL, "kesulitan mengingat", "difficulty remembering"},
    {"self_care", RULE_INT, NULL, "kesulitan merawat diri", "difficulty with self-care"},
    {"communicating", RULE_INT, NULL, "kesulitan berkomunikasi", "difficulty communicating"},
};
static const struct rule_record disability_record = {"disability", disability_fields, COUNT(disability_fields)};

static const struct rule_field pregnancy_fields[] = {
    {"due_on", RULE_TEXT, NULL, "perkiraan lahir", "due date"}, {"number", RULE_INT, NULL, "kehamilan ke-", "pregnancy number"},
};
static const struct rule_record pregnancy_record = {"pregnancy", pregnancy_fields, COUNT(pregnancy_fields)};

static const struct rule_field member_fields[] = {
    {"id", RULE_TEXT, NULL, "nomor anggota", "member id"}, {"family_no", RULE_INT, NULL, "keluarga ke-", "family number"},
    {"nik", RULE_TEXT, NULL, "NIK", "NIK"}, {"id_reason", RULE_TEXT, NULL, "alasan tanpa NIK", "reason for no id"},
    {"sex", RULE_TEXT, NULL, "jenis kelamin", "sex"}, {"birth_date", RULE_TEXT, NULL, "tanggal lahir", "birth date"},
    {"birth_earliest", RULE_TEXT, NULL, "lahir paling awal", "earliest birth"}, {"birth_latest", RULE_TEXT, NULL, "lahir paling akhir", "latest birth"},
    {"birth_date_precision", RULE_TEXT, NULL, "ketelitian tanggal lahir", "precision of the birth date"},
    {"age_years", RULE_INT, NULL, "umur tercatat", "recorded age"}, {"age_on", RULE_TEXT, NULL, "umur per tanggal", "age on"},
    {"relationship", RULE_TEXT, NULL, "hubungan dengan kepala", "relationship to the head"},
    {"marital_status", RULE_TEXT, NULL, "status kawin", "marital status"}, {"education", RULE_TEXT, NULL, "pendidikan", "education"},
    {"in_school", RULE_BOOL, NULL, "bersekolah", "in school"}, {"school_level", RULE_TEXT, NULL, "jenjang sekolah", "school level"},
    {"grade", RULE_INT, NULL, "kelas", "grade"}, {"occupation", RULE_TEXT, NULL, "pekerjaan", "occupation"},
    {"income_minor", RULE_INT, NULL, "penghasilan", "income"}, {"disability", RULE_MAP, &disability_record, "disabilitas", "disability"},
    {"registered_severe_disability", RULE_BOOL, NULL, "disabilitas berat terdaftar", "registered severe disability"},
    {"pregnancy", RULE_MAP, &pregnancy_record, "kehamilan", "pregnancy"}, {"chronic_illness", RULE_BOOL, NULL, "penyakit menahun", "chronic illness"},
    {"insurance", RULE_TEXT, NULL, "jaminan kesehatan", "health insurance"}, {"consent", RULE_TEXT, NULL, "persetujuan", "consent"},
};
const struct rule_record score_vocabulary_member = {"member", member_fields, COUNT(member_fields)};

static const struct rule_field family_fields[] = {
    {"no", RULE_INT, NULL, "keluarga ke-", "family number"}, {"kk_number", RULE_TEXT, NULL, "nomor KK", "family card"},
    {"head_member_id", RULE_TEXT, NULL, "kepala keluarga", "head of the family"}, {"members", RULE_LIST, &score_vocabulary_member, "anggota keluarga", "family members"},
};
const struct rule_record score_vocabulary_family = {"family", family_fields, COUNT(family_fields)};

static const struct rule_field housing_fields[] = {
    {"floor", RULE_TEXT, NULL, "lantai", "floor"}, {"wall", RULE_TEXT, NULL, "dinding", "wall"}, {"roof", RULE_TEXT, NULL, "atap", "roof"},
    {"water", RULE_TEXT, NULL, "sumber air", "water"}, {"toilet", RULE_TEXT, NULL, "jamban", "toilet"}, {"light", RULE_TEXT, NULL, "penerangan", "light"},
    {"fuel", RULE_TEXT, NULL, "bahan bakar", "cooking fuel"}, {"tenure", RULE_TEXT, NULL, "kepemilikan rumah", "tenure"},
    {"rooms", RULE_INT, NULL, "jumlah kamar", "rooms"}, {"floor_area", RULE_INT, NULL, "luas lantai", "floor area"},
};
static const struct rule_record housing_record = {"housing", housing_fields, COUNT(housing_fields)};

static const struct rule_field declared_fields[] = {
    {"size", RULE_INT, NULL, "jumlah orang", "people"}, {"under5", RULE_INT, NULL, "balita", "under five"}, {"elderly", RULE_INT, NULL, "lansia", "elderly"},
    {"disabled", RULE_INT, NULL, "penyandang disabilitas", "people with disabilities"}, {"pregnant", RULE_INT, NULL, "ibu hamil", "pregnant women"},
};
static const struct rule_record declared_record = {"declared", declared_fields, COUNT(declared_fields)};

static const struct rule_field household_fields[] = {
    {"id", RULE_TEXT, NULL, "nomor rumah tangga", "household id"}, {"region", RULE_TEXT, NULL, "wilayah", "region"},
    {"registered_region", RULE_TEXT, NULL, "wilayah pada kartu", "registered region"}, {"hamlet", RULE_TEXT, NULL, "dusun", "hamlet"},
    {"rw", RULE_TEXT, NULL, "RW", "RW"}, {"rt", RULE_TEXT, NULL, "RT", "RT"}, {"address_kind", RULE_TEXT, NULL, "jenis tempat tinggal", "kind of dwelling"},
    {"kk_number", RULE_TEXT, NULL, "nomor KK", "family card"}, {"roster", RULE_TEXT, NULL, "daftar anggota", "roster"},
    {"families", RULE_LIST, &score_vocabulary_family, "keluarga", "families"}, {"housing", RULE_MAP, &housing_record, "rumah", "housing"},
    {"declared", RULE_MAP, &declared_record, "jumlah yang dinyatakan", "declared counts"}, {"members", RULE_LIST, &score_vocabulary_member, "anggota", "members"},
    {"needs", RULE_MAP, NULL, "jawaban pendataan", "assessment answers"},
};
const struct rule_record score_vocabulary_household = {"household", household_fields, COUNT(household_fields)};

static const struct rule_field root_fields[] = {
    {"household", RULE_MAP, &score_vocabulary_household, "rumah tangga", "household"}, {"region", RULE_TEXT, NULL, "wilayah", "region"},
};
static const struct rule_record root = {"facts", root_fields, COUNT(root_fields)};
static const struct rule_host_function functions[] = {SCORE_FUNCTIONS};
const struct rule_schema score_vocabulary = {&root, functions, COUNT(functions), "household"};

bool
score_vocabulary_counts_unnamed(struct arena *arena, const struct json *facts, const struct rule *rule)
{
    struct json *reads = json_make(arena, JSON_ARRAY);
    if (json_get(json_get(facts, "household"), "declared") == NULL)
        return false;
    rule_reads(rule, arena, reads);
    for (size_t i = 0; i < reads->count; i++)
        if (text_equal(reads->items[i]->text, "household.members"))
            return true;
    return false;
}
