/* household_record.h: what is asked of a household and its members: the structs behind the field tables. Personal fields are sealed at rest. */
#ifndef LUMBUNG_HOUSEHOLD_RECORD_H
#define LUMBUNG_HOUSEHOLD_RECORD_H

#include "lumbung/household.h"

struct location_record {
    struct presence presence;
    int64_t lat, lon;   /* degrees * 10^7 */
    int64_t accuracy_m; /* metres * 10^7 */
};

struct housing_record {
    struct presence presence;
    const char *floor, *wall, *roof, *water, *toilet, *light, *fuel, *tenure;
    int64_t rooms, floor_area; /* square metres */
};

struct account_record {
    struct presence presence;
    const char *provider, *number, *holder;
};

struct guardian_record {
    struct presence presence;
    const char *name, *relationship, *nik, *mandate;
    int32_t until;
};

struct alternate_record {
    struct presence presence;
    const char *name, *relationship, *nik;
};

struct payee_record {
    struct presence presence;
    struct id member_id;
    struct guardian_record *guardian;
    struct array alternates; /* struct alternate_record */
    struct account_record *account;
};

struct family_record {
    struct presence presence;
    int64_t no;
    const char *kk_number;
    struct id head_member_id;
    struct payee_record *payee;
};

struct declared_record {
    struct presence presence;
    int64_t size, under5, elderly, disabled, pregnant;
};

struct consent_record {
    struct presence presence;
    struct id id; /* server */
    const char *notice_version, *language, *basis;
    struct array purposes; /* const char * */
    const char *given_by, *capacity, *form;
    struct id proof;
    const char *witness;
    int64_t at;
    struct id taken_by;        /* server */
    int64_t withdrawn_at;      /* server */
    const char *withdrawal;    /* server: ended, objection */
};

struct disability_record {
    struct presence presence;
    int64_t seeing, hearing, walking, remembering, self_care, communicating; /* 1 no difficulty .. 4 cannot */
};

struct pregnancy_record {
    struct presence presence;
    int32_t due_on;
    int64_t number;
};

struct other_id_record {
    struct presence presence;
    const char *kind, *value;
};

struct member_record {
    struct presence presence;
    struct id id;
    int64_t family_no;
    const char *name, *nik, *id_reason;
    struct array other_ids; /* struct other_id_record */
    const char *sex;
    int32_t birth_date;
    int64_t age_years;
    int32_t age_on;
    const char *birth_date_precision, *relationship, *marital_status, *education;
    bool in_school;
    const char *school_level;
    int64_t grade;
    const char *occupation;
    int64_t income_minor;
    struct disability_record *disability;
    bool registered_severe_disability;
    struct pregnancy_record *pregnancy;
    bool chronic_illness;
    const char *insurance, *consent;
    /* server */
    struct id household_id;
    const char *state;
    int32_t joined_on, left_on;
    const char *left_reason;
};

struct household_record {
    struct presence presence;
    struct id id;
    const char *region, *registered_region, *hamlet, *rw, *rt, *address, *address_note, *address_kind, *kk_number;
    struct array families; /* struct family_record */
    const char *phone;
    struct location_record *location;
    struct housing_record *housing;
    struct payee_record *payee;
    struct declared_record *declared;
    struct consent_record *consent;
    struct array members; /* struct member_record */
    /* server */
    const char *state, *roster, *channel;
    struct id head_member_id, merged_into, registered_by;
    int64_t version, member_count, created_at, changed_at;
    struct json *consents, *former_members, *possible_duplicates, *warnings; /* described only */
};

extern const struct field_table household_table, member_table, consent_table, payee_table;


/* The birth date that the fields tell: the likeliest day and the possible range; equal when exact. */
struct birth { int32_t date, earliest, latest; };
struct birth household_record_birth(const struct member_record *member);

#endif
