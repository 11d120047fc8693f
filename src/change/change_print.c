/* change_print.c: a request as people read it: who asked, about whom, before and after, and what this caller may do with it. */
#include "change/change.h"

#include "household/household_history.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

static struct error *
print_person(struct tx *tx, struct reply *reply, const char *key, struct id user_id)
{
    const char *name = NULL;
    if (!id_is_zero(user_id))
        TRY(user_display_name(tx, user_id, &name));
    json_put_text(&reply->body, key, name);
    return NULL;
}

static struct error *
print_about(struct tx *tx, const struct actor *actor, struct reply *reply, const struct household_file *file, const struct change_row *row)
{
    const struct household_member *member = household_file_find(file, row->member_id), *head = household_file_find(file, file->row.head_id);
    const char *path = NULL;
    TRY(region_path_text(tx, row->region_id, &path));
    json_put_id(&reply->body, "household_id", row->household_id);
    json_put_id(&reply->body, "member_id", row->member_id);
    json_put_text(&reply->body, "head", head ? household_shown_name(tx, actor, head->row.id, head->record->name) : NULL);
    json_put_text(&reply->body, "name", member ? household_shown_name(tx, actor, member->row.id, member->record->name) : NULL);
    json_put_text(&reply->body, "region", file->record->region);
    json_put_text(&reply->body, "region_name", path);
    reply_saw(reply, tx->arena, row->household_id);
    if (member)
        reply_saw(reply, tx->arena, member->row.id);
    return NULL;
}

static struct error *
print_sides(struct tx *tx, struct reply *reply, const struct change_row *row, const struct change_content *content, enum field_part part)
{
    bool own = id_is_zero(row->member_id);
    struct audit_entry entry = {.kind = own ? "household" : "member", .id = own ? row->household_id : row->member_id, .before = content->before_text,
                                .after = content->after_text, .erased = content->before == NULL};
    json_open(&reply->body, "changes", '[');
    TRY(household_print_changes(tx, &entry, part, &reply->body));
    json_close(&reply->body, ']');
    return NULL;
}

static struct error *
print_may(struct tx *tx, const struct actor *actor, struct reply *reply, const struct change_row *row)
{
    static const struct { enum change_decision decision; const char *word; enum permission perm; } ways[] = {
        {CHANGE_APPROVE, "approve", PERM_CHANGE_APPROVE}, {CHANGE_REJECT, "reject", PERM_CHANGE_APPROVE}, {CHANGE_WITHDRAW, "withdraw", PERM_HOUSEHOLD_WRITE}};
    json_open(&reply->body, "may", '[');
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (!actor_may(actor, ways[i].perm))
            continue;
        struct error *error = change_check(tx, actor, row, ways[i].decision);
        if (!error)
            json_put_text(&reply->body, NULL, ways[i].word);
        error_free(error);
    }
    json_close(&reply->body, ']');
    return NULL;
}

/* Words of people may name somebody: an auditor reads the fields alone. */
static void
print_words(const struct actor *actor, struct reply *reply, const struct change_row *row, const struct change_content *content)
{
    bool shown = actor->masking != MASKING_PSEUDONYM;
    json_put_text(&reply->body, "note", shown ? content->note : NULL);
    json_put_id(&reply->body, "evidence_id", shown ? row->evidence_id : (struct id){{0}});
    json_put_text(&reply->body, "reason", shown ? content->reason : NULL);
}

struct error *
change_print(struct tx *tx, const struct actor *actor, struct reply *reply, const struct change_row *row, enum field_part part)
{
    struct household_file file;
    struct change_content content;
    bool outdated = false, unseen = false, open = text_equal(row->state, "open");
    TRY(household_file_load(tx, NULL, row->household_id, &file));
    TRY(change_open(tx, row, &content));
    if (open)
        TRY(change_outdated(tx, &file, row, &content, &outdated));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", row->id);
    json_put_text(&reply->body, "kind", row->kind);
    json_put_text(&reply->body, "state", row->state);
    json_put_int(&reply->body, "version", row->version);
    TRY(print_about(tx, actor, reply, &file, row));
    TRY(print_person(tx, reply, "made_by", row->made_by));
    json_put_instant(&reply->body, "made_at", row->made_at_ms);
    print_words(actor, reply, row, &content);
    TRY(print_sides(tx, reply, row, &content, part));
    json_put_bool(&reply->body, "outdated", outdated);
    TRY(print_person(tx, reply, "decided_by", row->decided_by));
    if (!open)
        json_put_instant(&reply->body, "decided_at", row->decided_at_ms);
    TRY(change_store_unseen_is(tx, actor->user_id, row->id, &unseen));
    json_put_bool(&reply->body, "unseen", unseen);
    TRY(print_may(tx, actor, reply, row));
    json_close(&reply->body, '}');
    return NULL;
}
