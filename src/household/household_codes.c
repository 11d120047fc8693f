/* household_codes.c: the closed lists of words of household records, in Indonesian and English, for forms and GET /codes. */
#include "household/household_codes.h"

static const struct code sex_codes[] = {
    {"F", "Perempuan", "Female"},
    {"M", "Laki-laki", "Male"},
    {"X", "Lainnya", "Other"},
};
const struct code_list household_sex = CODE_LIST("sex", 1, sex_codes);

static const struct code relationship_codes[] = {
    {"head", "Kepala keluarga", "Head"},
    {"husband", "Suami", "Husband"},
    {"wife", "Istri", "Wife"},
    {"spouse", "Pasangan", "Spouse"},
    {"child", "Anak", "Child"},
    {"child_in_law", "Menantu", "Child-in-law"},
    {"grandchild", "Cucu", "Grandchild"},
    {"parent", "Orang tua", "Parent"},
    {"parent_in_law", "Mertua", "Parent-in-law"},
    {"in_law", "Ipar atau besan", "In-law"},
    {"sibling", "Saudara", "Sibling"},
    {"grandparent", "Kakek atau nenek", "Grandparent"},
    {"foster_child", "Anak asuh", "Foster child"},
    {"other_family", "Famili lain", "Other relative"},
    {"helper", "Pembantu", "Helper"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_relationship = CODE_LIST("relationship", 1, relationship_codes);

static const struct code marital_status_codes[] = {
    {"single", "Belum kawin", "Never married"},
    {"married", "Kawin", "Married"},
    {"unregistered", "Kawin belum tercatat", "Married, unregistered"},
    {"divorced", "Cerai hidup", "Divorced"},
    {"separated", "Pisah", "Separated"},
    {"widowed", "Cerai mati", "Widowed"},
};
const struct code_list household_marital_status = CODE_LIST("marital_status", 1, marital_status_codes);

static const struct code education_codes[] = {
    {"none", "Tidak sekolah", "None"},
    {"some_primary", "Belum tamat SD", "Some primary"},
    {"primary", "Tamat SD", "Primary"},
    {"lower_secondary", "Tamat SMP", "Lower secondary"},
    {"upper_secondary", "Tamat SMA", "Upper secondary"},
    {"diploma", "Diploma", "Diploma"},
    {"bachelor", "Sarjana", "Bachelor"},
    {"postgraduate", "Pascasarjana", "Postgraduate"},
};
const struct code_list household_education = CODE_LIST("education", 1, education_codes);

static const struct code school_level_codes[] = {
    {"preschool", "PAUD/TK", "Preschool"},
    {"primary", "SD/MI", "Primary"},
    {"lower_secondary", "SMP/MTs", "Lower secondary"},
    {"upper_secondary", "SMA/MA", "Upper secondary"},
    {"vocational", "SMK", "Vocational"},
    {"special", "SLB", "Special school"},
    {"equivalency", "Paket A/B/C", "Equivalency"},
    {"tertiary", "Perguruan tinggi", "Tertiary"},
};
const struct code_list household_school_level = CODE_LIST("school_level", 1, school_level_codes);

static const struct code insurance_codes[] = {
    {"none", "Tidak ada", "None"},
    {"pbi", "PBI (iuran dibayar negara)", "Premium paid by the state"},
    {"paid", "Mandiri", "Self-paid"},
    {"employer", "Dari pemberi kerja", "Through employer"},
};
const struct code_list household_insurance = CODE_LIST("insurance", 1, insurance_codes);

static const struct code member_consent_codes[] = {
    {"own", "Sendiri", "Own"},
    {"by_head", "Oleh kepala keluarga", "By the head"},
    {"refused", "Menolak", "Refused"},
};
const struct code_list household_member_consent = CODE_LIST("member_consent", 1, member_consent_codes);

static const struct code precision_codes[] = {
    {"day", "Tanggal pasti", "Exact day"},
    {"month", "Bulan dan tahun", "Month and year"},
    {"year", "Tahun saja", "Year only"},
    {"estimate", "Perkiraan", "Estimate"},
};
const struct code_list household_precision = CODE_LIST("birth_date_precision", 1, precision_codes);

static const struct code address_kind_codes[] = {
    {"house", "Rumah", "House"},
    {"shelter", "Tempat penampungan", "Shelter"},
    {"institution", "Panti atau lembaga", "Institution"},
    {"none", "Tanpa tempat tinggal", "None"},
};
const struct code_list household_address_kind = CODE_LIST("address_kind", 1, address_kind_codes);

static const struct code basis_codes[] = {
    {"consent", "Persetujuan", "Consent"},
    {"public_task", "Tugas publik", "Public task"},
    {"legal_obligation", "Kewajiban hukum", "Legal obligation"},
    {"vital_interest", "Kepentingan vital", "Vital interest"},
    {"contract", "Perjanjian", "Contract"},
    {"legitimate_interest", "Kepentingan yang sah", "Legitimate interest"},
};
const struct code_list household_basis = CODE_LIST("basis", 1, basis_codes);

static const struct code capacity_codes[] = {
    {"self", "Diri sendiri", "Self"},
    {"parent", "Orang tua", "Parent"},
    {"guardian", "Wali", "Guardian"},
    {"carer", "Pengasuh", "Carer"},
    {"representative", "Kuasa", "Representative"},
};
const struct code_list household_capacity = CODE_LIST("capacity", 1, capacity_codes);

static const struct code consent_form_codes[] = {
    {"signed", "Tanda tangan", "Signed"},
    {"thumbprint", "Cap jempol", "Thumbprint"},
    {"oral", "Lisan dengan saksi", "Oral with a witness"},
};
const struct code_list household_consent_form = CODE_LIST("consent_form", 1, consent_form_codes);

static const struct code purpose_codes[] = {
    {"aid", "Bantuan", "Aid"},
    {"referral", "Rujukan layanan", "Referral"},
    {"sharing", "Berbagi dengan lembaga lain", "Sharing with other agencies"},
    {"statistics", "Statistik", "Statistics"},
    {"research", "Penelitian", "Research"},
};
const struct code_list household_purpose = CODE_LIST("purpose", 1, purpose_codes);

static const struct code leave_reason_codes[] = {
    {"married_out", "Menikah keluar", "Married out"},
    {"moved", "Pindah", "Moved"},
    {"divorced", "Bercerai", "Divorced"},
    {"institution", "Masuk panti atau lembaga", "Entered an institution"},
    {"missing", "Hilang", "Missing"},
    {"entered_in_error", "Salah catat", "Entered in error"},
};
const struct code_list household_leave_reason = CODE_LIST("leave_reason", 1, leave_reason_codes);

static const struct code states_codes[] = {
    {"active", "Aktif", "Active"},
    {"merged", "Digabung", "Merged"},
    {"split", "Dipecah", "Split"},
    {"dissolved", "Bubar", "Dissolved"},
    {"left_area", "Pindah wilayah", "Left the area"},
};
const struct code_list household_states = CODE_LIST("household_state", 1, states_codes);

static const struct code member_states_codes[] = {
    {"live", "Anggota", "Member"},
    {"left", "Keluar", "Left"},
    {"died", "Meninggal", "Died"},
};
const struct code_list household_member_states = CODE_LIST("member_state", 1, member_states_codes);

static const struct code duplicate_kind_codes[] = {
    {"nik", "NIK sama", "Same NIK"},
    {"kk", "Nomor KK sama", "Same family card"},
    {"phone", "Nomor telepon sama", "Same phone"},
    {"name", "Nama dan tanggal lahir sama", "Same name and birth date"},
};
const struct code_list household_duplicate_kind = CODE_LIST("duplicate_kind", 1, duplicate_kind_codes);

static const struct code duplicate_state_codes[] = {
    {"open", "Belum diputuskan", "Open"},
    {"same", "Orang yang sama", "Same"},
    {"different", "Orang berbeda", "Different"},
    {"unsure", "Belum pasti", "Unsure"},
    {"cleared", "Sudah tidak berlaku", "No longer applies"},
};
const struct code_list household_duplicate_state = CODE_LIST("duplicate_state", 1, duplicate_state_codes);

static const struct code duplicate_decision_codes[] = {
    {"same", "Orang yang sama", "Same"},
    {"different", "Orang berbeda", "Different"},
    {"unsure", "Belum pasti", "Unsure"},
};
const struct code_list household_duplicate_decision = CODE_LIST("duplicate_decision", 1, duplicate_decision_codes);

static const struct code merge_side_codes[] = {
    {"keep", "Milik yang dipertahankan", "Of the one that stays"},
    {"other", "Milik yang satunya", "Of the other"},
};
const struct code_list household_merge_side = CODE_LIST("merge_side", 1, merge_side_codes);

static const struct code floor_codes[] = {
    {"earth", "Tanah", "Earth"},
    {"bamboo", "Bambu", "Bamboo"},
    {"wood", "Kayu", "Wood"},
    {"cement", "Semen", "Cement"},
    {"tile", "Ubin atau keramik", "Tile"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_floor = CODE_LIST("floor", 1, floor_codes);

static const struct code wall_codes[] = {
    {"bamboo", "Bambu", "Bamboo"},
    {"wood", "Kayu", "Wood"},
    {"brick", "Tembok", "Brick"},
    {"sheet", "Seng atau terpal", "Sheet or tarpaulin"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_wall = CODE_LIST("wall", 1, wall_codes);

static const struct code roof_codes[] = {
    {"leaf", "Ijuk atau daun", "Leaf"},
    {"zinc", "Seng", "Zinc"},
    {"asbestos", "Asbes", "Asbestos"},
    {"tile", "Genteng", "Tile"},
    {"concrete", "Beton", "Concrete"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_roof = CODE_LIST("roof", 1, roof_codes);

static const struct code water_codes[] = {
    {"piped", "Leding", "Piped"},
    {"pump", "Sumur bor atau pompa", "Pump"},
    {"protected_well", "Sumur terlindung", "Protected well"},
    {"unprotected_well", "Sumur tak terlindung", "Unprotected well"},
    {"spring", "Mata air", "Spring"},
    {"river", "Sungai", "River"},
    {"rain", "Air hujan", "Rain"},
    {"bought", "Air kemasan atau isi ulang", "Bought"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_water = CODE_LIST("water", 1, water_codes);

static const struct code toilet_codes[] = {
    {"own", "Milik sendiri", "Own"},
    {"shared", "Bersama", "Shared"},
    {"public", "Umum", "Public"},
    {"none", "Tidak ada", "None"},
};
const struct code_list household_toilet = CODE_LIST("toilet", 1, toilet_codes);

static const struct code light_codes[] = {
    {"electric_metered", "Listrik dengan meteran", "Electricity, metered"},
    {"electric_shared", "Listrik tanpa meteran", "Electricity, unmetered"},
    {"solar", "Surya", "Solar"},
    {"lamp", "Lampu minyak", "Oil lamp"},
    {"none", "Tidak ada", "None"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_light = CODE_LIST("light", 1, light_codes);

static const struct code fuel_codes[] = {
    {"gas", "Gas", "Gas"},
    {"electricity", "Listrik", "Electricity"},
    {"kerosene", "Minyak tanah", "Kerosene"},
    {"wood", "Kayu bakar", "Wood"},
    {"charcoal", "Arang", "Charcoal"},
    {"none", "Tidak memasak", "None"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_fuel = CODE_LIST("fuel", 1, fuel_codes);

static const struct code tenure_codes[] = {
    {"owned", "Milik sendiri", "Owned"},
    {"rented", "Kontrak atau sewa", "Rented"},
    {"free", "Bebas sewa", "Rent-free"},
    {"official", "Rumah dinas", "Official"},
    {"squatted", "Tanpa hak", "Squatted"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_tenure = CODE_LIST("tenure", 1, tenure_codes);

static const struct code id_kind_codes[] = {
    {"passport", "Paspor", "Passport"},
    {"birth_certificate", "Akta kelahiran", "Birth certificate"},
    {"family_card", "Kartu keluarga", "Family card"},
    {"driving_licence", "SIM", "Driving licence"},
    {"refugee", "Kartu pengungsi", "Refugee card"},
    {"voter", "Kartu pemilih", "Voter card"},
    {"national_id", "Identitas negara lain", "Foreign national id"},
    {"program", "Kartu program", "Program card"},
    {"other", "Lainnya", "Other"},
};
const struct code_list household_id_kind = CODE_LIST("id_kind", 1, id_kind_codes);
