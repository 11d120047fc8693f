/* assessment_difference.c: two versions of a form side by side: what was added, removed, changed or moved, and which scores that touches. */
#include <string.h>

#include "assessment/assessment_form_part.h"
#include "assessment/assessment_difference.h"
#include "lumbung/base/text.h"

static bool
weighs(const struct form_score *score, const char *name)
{
    for (size_t i = 0; i < score->weight_count; i++)
        if (text_equal(score->weights[i].question->name, name))
            return true;
    return false;
}

static void
print_scores(struct buffer *buffer, const struct form *from, const struct form *to, const char *name)
{
    json_open(buffer, "scores", '[');
    for (size_t i = 0; i < to->score_count; i++)
        if (weighs(&to->scores[i], name))
            json_put_text(buffer, NULL, to->scores[i].name);
    for (size_t i = 0; i < from->score_count; i++) {
        bool told = false;
        for (size_t j = 0; j < to->score_count; j++)
            told = told || (text_equal(to->scores[j].name, from->scores[i].name) && weighs(&to->scores[j], name));
        if (!told && weighs(&from->scores[i], name))
            json_put_text(buffer, NULL, from->scores[i].name);
    }
    json_close(buffer, ']');
}

static void
print_row(struct buffer *buffer, const struct form *from, const struct form *to, const struct form_question *question, const char *change,
          const struct json *members)
{
    json_open(buffer, NULL, '{');
    json_put_text(buffer, "question", question->name);
    json_put_text(buffer, "change", change);
    json_print(buffer, "label", json_get(question->json, "label"));
    if (members)
        json_print(buffer, "members", members);
    print_scores(buffer, from, to, question->name);
    json_close(buffer, '}');
}

static bool
differs(const struct json *left, const struct json *right)
{
    return (left == NULL) != (right == NULL) || (left && !json_equal(left, right));
}

/* The members that two objects do not share; a group's questions have rows of their own. */
static struct json *
members_that_differ(struct arena *arena, const struct json *from, const struct json *to)
{
    struct json *names = json_make(arena, JSON_ARRAY);
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->members[i].name, "questions") != 0 && differs(json_get(from, to->members[i].name), to->members[i].value))
            json_push(arena, names, json_make_text(arena, to->members[i].name));
    for (size_t i = 0; i < from->count; i++)
        if (strcmp(from->members[i].name, "questions") != 0 && json_get(to, from->members[i].name) == NULL)
            json_push(arena, names, json_make_text(arena, from->members[i].name));
    return names;
}

static const char *
group_name(const struct form_question *question)
{
    return question->group ? question->group->name : "";
}

static void
compare_question(struct arena *arena, struct buffer *buffer, const struct form *from, const struct form *to, const struct form_question *question)
{
    const struct form_question *before = form_question_find(from, question->name);
    if (before == NULL) {
        print_row(buffer, from, to, question, "added", NULL);
        return;
    }
    struct json *members = members_that_differ(arena, before->json, question->json);
    if (members->count > 0)
        print_row(buffer, from, to, question, "changed", members);
    if (strcmp(group_name(before), group_name(question)) != 0)
        print_row(buffer, from, to, question, "moved", NULL);
}

static const struct form_score *
find_score(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->score_count; i++)
        if (text_equal(form->scores[i].name, name))
            return &form->scores[i];
    return NULL;
}

/* `scores` of the definition, by name: a score is the same when it is written the same and weighs nothing that changed. */
static const struct json *
written_score(const struct form *form, const char *name)
{
    const struct json *scores = json_get(form->json, "scores");
    for (size_t i = 0; scores && i < scores->count; i++)
        if (text_equal(json_get_text(scores->items[i], "name"), name))
            return scores->items[i];
    return NULL;
}

static bool
same_answers(const struct form_question *before, const struct form_question *after)
{
    static const char *const members[] = {"type", "choices", "relevant", "calculation", "filter", "result"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (differs(json_get(before->json, members[i]), json_get(after->json, members[i])))
            return false;
    return true;
}

static bool
weighs_the_same(const struct form *from, const struct form_score *score)
{
    for (size_t i = 0; i < score->weight_count; i++) {
        const struct form_question *before = form_question_find(from, score->weights[i].question->name);
        if (before == NULL || !same_answers(before, score->weights[i].question))
            return false;
    }
    return true;
}

/* What becomes of each score: old values stay as they are stored, whatever happens; "same" means that old and new may be compared. */
static void
compare_scores(struct buffer *buffer, const struct form *from, const struct form *to)
{
    json_open(buffer, "scores", '[');
    for (size_t i = 0; i < to->score_count; i++) {
        const struct form_score *before = find_score(from, to->scores[i].name);
        bool same = before && !differs(written_score(from, to->scores[i].name), written_score(to, to->scores[i].name)) && weighs_the_same(from, &to->scores[i]);
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "name", to->scores[i].name);
        json_put_text(buffer, "change", before == NULL ? "added" : same ? "same" : "changed");
        json_close(buffer, '}');
    }
    for (size_t i = 0; i < from->score_count; i++)
        if (find_score(to, from->scores[i].name) == NULL) {
            json_open(buffer, NULL, '{');
            json_put_text(buffer, "name", from->scores[i].name);
            json_put_text(buffer, "change", "removed");
            json_close(buffer, '}');
        }
    json_close(buffer, ']');
}

void
form_print_difference(struct arena *arena, struct buffer *buffer, const struct form *from, const struct form *to)
{
    json_open(buffer, "questions", '[');
    for (size_t i = 0; i < to->question_count; i++)
        compare_question(arena, buffer, from, to, &to->questions[i]);
    for (size_t i = 0; i < from->question_count; i++)
        if (form_question_find(to, from->questions[i].name) == NULL)
            print_row(buffer, from, to, &from->questions[i], "removed", NULL);
    json_close(buffer, ']');
    compare_scores(buffer, from, to);
}
