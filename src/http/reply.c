/* reply.c: what steps use to answer. */
#include <string.h>

#include "http/pipeline.h"
#include "lumbung/base/text.h"

#define SUBJECTS_FIRST 16

void
reply_start(struct reply *reply, struct arena *arena)
{
    memset(reply, 0, sizeof *reply);
    reply->status = 200;
    reply->version = -1;
    buffer_init(&reply->body, arena);
}

void
reply_list_begin(struct reply *reply)
{
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "items", '[');
}

void
reply_list_end(struct reply *reply, struct arena *arena, const void *next_cursor, size_t length)
{
    json_close(&reply->body, ']');
    reply->next = length > 0 ? base64_print(arena, next_cursor, length, true) : NULL;
    json_put_text(&reply->body, "next", reply->next);
    json_close(&reply->body, '}');
}

void
reply_header(struct reply *reply, const char *name, const char *value)
{
    if (reply->header_count == REPLY_HEADERS_MAX)
        return;
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count++].value = value;
}

/* Grows by doubling: the capacity is the power of two at or above the count. */
void
reply_saw(struct reply *reply, struct arena *arena, struct id subject)
{
    size_t count = reply->subject_count;
    if (count > 0 && id_equal(reply->subjects[count - 1], subject))
        return;
    bool full = count == 0 || (count >= SUBJECTS_FIRST && (count & (count - 1)) == 0);
    if (full) {
        struct id *larger = ARENA_ARRAY(arena, struct id, count == 0 ? SUBJECTS_FIRST : count * 2);
        if (count > 0)
            memcpy(larger, reply->subjects, count * sizeof *larger);
        reply->subjects = larger;
    }
    reply->subjects[reply->subject_count++] = subject;
}
