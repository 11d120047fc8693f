/* report_preview_http.c: GET /households/ID/preview: what an event would touch before anybody says so: enrollments, payments and cases, and what becomes of each. */
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/report.h"
#include "report/report_preview_store.h"
#include "report/report_steps.h"

static const struct code event_words[] = {
    {"leave", "anggota keluar", "a member leaves"}, {"death", "anggota meninggal", "a member dies"}, {"join", "orang bergabung", "people join"},
    {"move", "anggota pindah rumah tangga", "a member moves to another household"}, {"split", "rumah tangga dipecah", "the household splits"},
    {"merge", "rumah tangga bergabung ke yang lain", "the household joins another"}, {"dissolve", "rumah tangga bubar", "the household ends"},
    {"relocate", "pindah wilayah", "it moves to another region"}};
const struct code_list preview_event_codes = CODE_LIST("household_event", 1, event_words);

struct preview_query { struct presence presence; const char *event; struct id member; };
static const struct field preview_query_fields[] = {
    {.name = "event", .offset = offsetof(struct preview_query, event), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &preview_event_codes},
    {.name = "member", .offset = offsetof(struct preview_query, member), .kind = FIELD_ID, .about = "who leaves, dies or moves"},
};
FIELD_TABLE(preview_query_table, "HouseholdPreview", struct preview_query, preview_query_fields);

/* What becomes of what belongs to the person himself, and of what is the household's. choose: a person says. */
static const struct effect { const char *event; bool of_member; const char *own, *shared; bool holds_payee, holds_own, holds_all; } effects[] = {
    {"leave", true, "judged", "judged", true, false, false},  {"death", true, "ends", "judged", true, true, false},
    {"join", false, "stays", "judged", false, false, false},  {"move", true, "follows", "judged", true, false, false},
    {"split", false, "follows", "choose", true, false, false}, {"merge", false, "follows", "choose", false, false, true},
    {"dissolve", false, "ends", "ends", false, false, true},  {"relocate", false, "stays", "stays", false, false, false},
};

struct preview {
    struct tx *tx;
    struct reply *reply;
    const struct effect *effect;
    struct household_view view;
    struct id member_id;
    bool holds_account; /* the account is in the name of who goes */
};

static bool
is_his(const struct preview *preview, struct id member_id)
{
    return preview->effect->of_member ? id_equal(member_id, preview->member_id) : !id_is_zero(member_id);
}

static struct error *
print_enrollments(struct preview *preview)
{
    struct buffer *body = &preview->reply->body;
    struct preview_enrollment *rows = ARENA_ARRAY(preview->tx->arena, struct preview_enrollment, PREVIEW_MAX);
    size_t count = 0;
    TRY(preview_store_enrollments(preview->tx, preview->view.id, rows, &count));
    json_open(body, "enrollments", '[');
    for (size_t i = 0; i < count; i++) {
        bool others = preview->effect->of_member && !id_is_zero(rows[i].member_id) && !is_his(preview, rows[i].member_id);
        json_open(body, NULL, '{');
        json_put_id(body, "id", rows[i].id);
        json_put_text(body, "program", rows[i].program);
        json_put_id(body, "member_id", rows[i].member_id);
        json_put_text(body, "state", rows[i].state);
        json_put_text(body, "effect", others ? "stays" : is_his(preview, rows[i].member_id) ? preview->effect->own : preview->effect->shared);
        json_close(body, '}');
    }
    json_close(body, ']');
    return NULL;
}

static bool
payment_is_held(const struct preview *preview, const struct preview_payment *row)
{
    const struct effect *effect = preview->effect;
    if (effect->holds_all || text_equal(row->state, "held"))
        return true;
    if (effect->of_member && preview->holds_account)
        return true;
    return (effect->holds_payee && effect->of_member && id_equal(row->payee_member_id, preview->member_id)) ||
           (effect->holds_own && id_equal(row->member_id, preview->member_id));
}

static struct error *
print_payments(struct preview *preview)
{
    struct buffer *body = &preview->reply->body;
    struct preview_payment *rows = ARENA_ARRAY(preview->tx->arena, struct preview_payment, PREVIEW_MAX);
    json_open(body, "payments", '[');
    for (int released = 1; released >= 0; released--) {
        size_t count = 0;
        TRY(preview_store_payments(preview->tx, preview->view.id, released, rows, &count));
        for (size_t i = 0; i < count; i++) {
            json_open(body, NULL, '{');
            json_put_id(body, "id", rows[i].id);
            json_put_text(body, "program", rows[i].program);
            json_put_text(body, "cycle", rows[i].cycle);
            json_put_text(body, "state", rows[i].state);
            json_put_bool(body, "released", rows[i].released);
            json_put_int(body, "open_minor", rows[i].amount_minor);
            json_put_text(body, "currency", rows[i].currency);
            json_put_text(body, "effect", payment_is_held(preview, &rows[i]) ? "held" : "stays");
            json_close(body, '}');
        }
    }
    json_close(body, ']');
    return NULL;
}

static struct error *
print_cases(struct preview *preview)
{
    struct buffer *body = &preview->reply->body;
    struct preview_case *rows = ARENA_ARRAY(preview->tx->arena, struct preview_case, PREVIEW_MAX);
    static struct error *(*const stores[])(struct tx *, struct id, struct preview_case *, size_t *) = {preview_store_duplicates, preview_store_changes};
    json_open(body, "cases", '[');
    for (size_t i = 0; i < 2; i++) {
        size_t count = 0;
        TRY(stores[i](preview->tx, preview->view.id, rows, &count));
        for (size_t j = 0; j < count; j++) {
            json_open(body, NULL, '{');
            json_put_id(body, "id", rows[j].id);
            json_put_text(body, "case", i == 0 ? "duplicate" : "change_request");
            json_put_text(body, "kind", rows[j].kind);
            json_close(body, '}');
        }
    }
    json_close(body, ']');
    return NULL;
}

static struct error *
find_member(struct preview *preview, const struct call *call)
{
    const struct preview_query *query = call->query;
    const char *name = NULL, *state = NULL;
    struct id household_id;
    if (!preview->effect->of_member)
        return NULL;
    struct error *error = id_is_zero(query->member) ? error_new(ERROR_NOT_FOUND) : household_member_state(preview->tx, query->member, &state, &household_id, &name);
    if (error && error->code != ERROR_NOT_FOUND)
        return error;
    bool missing = error != NULL;
    error_free(error);
    if (missing || !id_equal(household_id, preview->view.id) || !text_equal(state, "live"))
        return query_refusal(preview->tx->arena, "member", &(struct fault){.code = FAULT_REFERENCE, .arguments = {"member"}}, call->language);
    const char *holder = preview->view.account_holder;
    preview->member_id = query->member;
    preview->holds_account = holder && name && text_equal(text_fold_name(preview->tx->arena, holder), text_fold_name(preview->tx->arena, name));
    return NULL;
}

struct error *
report_preview_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct preview_query *query = call->query;
    struct preview preview = {.tx = tx, .reply = reply};
    TRY(household_view(tx, call->actor, call->ids[0], &preview.view));
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++)
        if (text_equal(effects[i].event, query->event))
            preview.effect = &effects[i];
    TRY(find_member(&preview, call));
    reply_saw(reply, tx->arena, preview.view.id);
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "event", query->event);
    json_put_bool(&reply->body, "is_head", preview.effect->of_member && id_equal(preview.member_id, preview.view.head_id));
    json_put_bool(&reply->body, "is_payee", preview.effect->of_member && (id_equal(preview.member_id, preview.view.payee_member_id) || preview.holds_account));
    json_put_bool(&reply->body, "is_last", preview.effect->of_member && preview.view.member_count == 1);
    TRY(print_enrollments(&preview));
    TRY(print_payments(&preview));
    TRY(print_cases(&preview));
    json_close(&reply->body, '}');
    return NULL;
}
