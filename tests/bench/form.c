/* form.c: how long a questionnaire of 500 questions takes: to read the form, and to check answers against it. Prints JSON, microseconds of processor time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assessment/assessment_form.h"

#define ROUNDS 200

static int64_t
now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Each question is asked when the one before it was answered, and has a constraint; every tenth is calculated from its neighbours. */
static const char *
write_form(struct arena *arena, struct json *answers)
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_add(&text, "{\"name\":\"Panjang\",\"languages\":[\"id\"],\"questions\":[");
    for (int i = 0; i < FORM_QUESTIONS_MAX; i++) {
        buffer_format(&text, "%s{\"name\":\"q%d\",\"label\":{\"id\":\"Pertanyaan\"}", i ? "," : "", i);
        if (i % 10 == 9) {
            buffer_format(&text, ",\"type\":\"calculated\",\"result\":\"integer\",\"calculation\":\"q%d + q%d * 2\"}", i - 1, i - 2);
            continue;
        }
        buffer_add(&text, ",\"type\":\"integer\",\"required\":true,\"constraint\":\"value < 1000\"");
        if (i > 0)
            buffer_format(&text, ",\"relevant\":\"q%d >= 0\"", i - 1);
        buffer_add(&text, "}");
        json_set(arena, answers, arena_format(arena, "q%d", i), json_make_int(arena, i));
    }
    buffer_add(&text, "]}");
    return buffer_text(&text);
}

static struct form *
read_form(struct arena *arena, const char *text)
{
    struct json *json = NULL;
    struct form *form = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    if (error == NULL)
        error = form_read(arena, json, &form);
    if (error == NULL)
        return form;
    fprintf(stderr, "the form is refused at %s\n", error->fault_count > 0 ? error->faults[0].pointer : "-");
    exit(1);
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct json *answers = json_make(arena, JSON_OBJECT);
    const char *text = write_form(arena, answers);
    const struct form *form = read_form(arena, text);
    int64_t reading = INT64_MAX, checking = INT64_MAX;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *own = arena_create();
        int64_t start = now_ns();
        struct error *error = form_check_answers(own, form, answers);
        int64_t spent = now_ns() - start;
        checking = spent < checking ? spent : checking;
        start = now_ns();
        (void)read_form(own, text);
        spent = now_ns() - start;
        reading = spent < reading ? spent : reading;
        if (error) {
            fprintf(stderr, "the answers are refused at %s\n", error->faults[0].pointer);
            return 1;
        }
        arena_destroy(own);
    }
    printf("{\"reading_us\":%lld,\"checking_us\":%lld}\n", (long long)reading / 1000, (long long)checking / 1000);
    arena_destroy(arena);
    return 0;
}
