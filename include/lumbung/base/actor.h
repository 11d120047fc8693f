/* actor.h: who is asking. Ground, so that stores and rules can speak of it; which role holds which permission is the user slice's table. */
#ifndef LUMBUNG_BASE_ACTOR_H
#define LUMBUNG_BASE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "lumbung/base/id.h"

/* PERMISSION_ROW(NAME, "name", Indonesian, English) */
#define PERMISSIONS(PERMISSION_ROW)                                                                                        \
    PERMISSION_ROW(HOUSEHOLD_READ, "household.read", "melihat keluarga", "see households")                                  \
    PERMISSION_ROW(HOUSEHOLD_WRITE, "household.write", "mendaftarkan dan mengubah keluarga", "register and change households") \
    PERMISSION_ROW(HOUSEHOLD_REVEAL, "household.reveal", "membuka nomor yang disamarkan", "reveal masked numbers")           \
    PERMISSION_ROW(CHANGE_APPROVE, "change.approve", "menyetujui perubahan", "approve changes")                             \
    PERMISSION_ROW(ASSESSMENT_WRITE, "assessment.write", "mengisi kuesioner", "fill in questionnaires")                     \
    PERMISSION_ROW(ELIGIBILITY_CHECK, "eligibility.check", "memeriksa kelayakan", "check eligibility")                      \
    PERMISSION_ROW(ENROLLMENT_PROPOSE, "enrollment.propose", "mengusulkan kepesertaan", "propose enrollments")              \
    PERMISSION_ROW(ENROLLMENT_DECIDE, "enrollment.decide", "memutuskan kepesertaan", "decide enrollments")                  \
    PERMISSION_ROW(PROGRAM_READ, "program.read", "melihat program", "see programs")                                         \
    PERMISSION_ROW(PROGRAM_WRITE, "program.write", "menyusun program", "write programs")                                    \
    PERMISSION_ROW(RULE_APPROVE, "rule.approve", "menyetujui aturan", "approve rules")                                      \
    PERMISSION_ROW(BATCH_READ, "batch.read", "melihat daftar bayar", "see batches")                                         \
    PERMISSION_ROW(BATCH_MAKE, "batch.make", "menyusun daftar bayar", "make batches")                                       \
    PERMISSION_ROW(BATCH_APPROVE, "batch.approve", "menyetujui daftar bayar", "approve batches")                            \
    PERMISSION_ROW(BATCH_RELEASE, "batch.release", "mencairkan daftar bayar", "release batches")                            \
    PERMISSION_ROW(RECEIPT_READ, "receipt.read", "melihat penyaluran", "see disbursements")                                 \
    PERMISSION_ROW(RECEIPT_WRITE, "receipt.write", "mencatat tanda terima", "record receipts")                              \
    PERMISSION_ROW(PAYMENT_FILE, "payment.file", "membuat berkas bayar", "make payment files")                              \
    PERMISSION_ROW(PAYMENT_RECONCILE, "payment.reconcile", "mencocokkan pembayaran", "reconcile payments")                  \
    PERMISSION_ROW(STOCK_WRITE, "stock.write", "mencatat stok", "write stock")                                              \
    PERMISSION_ROW(EXPORT_PERSONAL, "export.personal", "mengekspor data penyaluran", "export disbursement records")         \
    PERMISSION_ROW(EXPORT_AGGREGATE, "export.aggregate", "mengekspor angka ringkas", "export aggregates")                   \
    PERMISSION_ROW(GRIEVANCE_READ, "grievance.read", "melihat pengaduan", "see grievances")                                 \
    PERMISSION_ROW(GRIEVANCE_SENSITIVE, "grievance.sensitive", "melihat pengaduan peka", "see sensitive grievances")        \
    PERMISSION_ROW(GRIEVANCE_RESOLVE, "grievance.resolve", "menyelesaikan pengaduan", "resolve grievances")                 \
    PERMISSION_ROW(AUDIT_READ, "audit.read", "membaca catatan audit", "read the audit log")                                 \
    PERMISSION_ROW(PRIVACY_MANAGE, "privacy.manage", "mengurus permohonan data", "manage privacy requests")                 \
    PERMISSION_ROW(USER_MANAGE, "user.manage", "mengelola pengguna", "manage users")                                        \
    PERMISSION_ROW(REGION_MANAGE, "region.manage", "mengelola wilayah", "manage regions")                                   \
    PERMISSION_ROW(SETTING_MANAGE, "setting.manage", "mengubah setelan", "change settings")

enum permission {
#define PERMISSION_ENUM(name, slug, id, en) PERM_##name,
    PERMISSIONS(PERMISSION_ENUM)
#undef PERMISSION_ENUM
    PERM_COUNT,
    PERM_PUBLIC,   /* no sign-in needed */
    PERM_SIGNED_IN /* any session */
};

enum actor_kind { ACTOR_NOBODY, ACTOR_USER, ACTOR_CONSOLE, ACTOR_SYSTEM };

/* How persons are shown to this actor. */
enum masking {
    MASKING_IDS,       /* names in full, last four of ids and account */
    MASKING_NONE,      /* everything: holds household.reveal and asked for it */
    MASKING_PSEUDONYM  /* no name, contact, address or point; a stable code */
};

struct actor {
    enum actor_kind kind;
    struct id user_id;              /* zero for the console and the system */
    const char *name;               /* sign-in name, "console", "system" */
    uint64_t permissions;           /* bit per enum permission */
    uint64_t roles;                 /* bit per role of the user slice */
    bool all_regions;               /* no region bound: statements without the scope join serve */
    bool all_programs;              /* no program bound (user_program) */
    enum masking masking;
    bool totp_enrolled;
    bool own_account_only;          /* his role demands a second factor that he has not: nothing but his own account answers */
    int64_t second_factor_at_ms;    /* 0 when none in this session */
    uint8_t session_tag[16];        /* blind value of the session token */
};

static inline bool
actor_may(const struct actor *actor, enum permission permission)
{
    if (permission == PERM_PUBLIC)
        return true;
    if (permission == PERM_SIGNED_IN)
        return actor->kind != ACTOR_NOBODY;
    return permission < PERM_COUNT && (actor->permissions >> permission & 1) != 0;
}

#endif
