/* log.c: one event, one line, one write, so that lines of several threads never mix. */
#include <string.h>
#include <unistd.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/log.h"
#include "lumbung/base/time.h"

#define VALUE_BYTES_MAX 2000u

static void
put_value(struct buffer *line, const char *name, const char *value)
{
    if (!name)
        return;
    if (!value) {
        json_put_null(line, name);
        return;
    }
    json_put_text(line, name, arena_copy(line->arena, value, strnlen(value, VALUE_BYTES_MAX)));
}

void
log_event(enum log_level level, const char *event, const char *name, const char *value, const char *second_name, const char *second_value)
{
    static const char *const levels[] = {"info", "warn", "error"};
    struct arena *arena = arena_create();
    struct buffer line;
    size_t sent = 0;

    buffer_init(&line, arena);
    json_open(&line, NULL, '{');
    json_put_instant(&line, "at", time_now_ms());
    json_put_text(&line, "level", levels[level]);
    json_put_text(&line, "event", event);
    put_value(&line, name, value);
    if (name)
        put_value(&line, second_name, second_value);
    json_close(&line, '}');
    buffer_char(&line, '\n');
    while (sent < line.length) {
        ssize_t count = write(STDERR_FILENO, line.data + sent, line.length - sent);

        if (count <= 0)
            break;
        sent += (size_t)count;
    }
    arena_destroy(arena);
}
