/* assessment_answer.c: checking what was answered. A client's word is never trusted: relevance, constraints and calculations run here again. */
#include <math.h>
#include <string.h>

#include "assessment/assessment_form_part.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define TEXT_MAX 2000

struct check {
    struct form_run *run;
    struct error **error;
};

/* --- types ------------------------------------------------------------------------------------------------------------------------------ */

static const struct json *
find_choice(const struct form_question *question, const struct json *answer)
{
    const struct json *choices = json_get(question->json, "choices");
    for (size_t i = 0; answer->kind == JSON_TEXT && choices && i < choices->count; i++)
        if (text_equal(json_get_text(choices->items[i], "name"), answer->text))
            return choices->items[i];
    return NULL;
}

/* A list of different choices: one ticked twice would count its points twice. */
static bool
are_choices(const struct form_question *question, const struct json *answer)
{
    if (answer->kind != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < answer->count; i++) {
        if (find_choice(question, answer->items[i]) == NULL)
            return false;
        for (size_t j = 0; j < i; j++)
            if (strcmp(answer->items[i]->text, answer->items[j]->text) == 0)
                return false;
    }
    return true;
}

static bool
read_number(const char **text, double *ret_value)
{
    size_t sign = (*text)[0] == '-', whole = strspn(*text + sign, "0123456789"), length = sign + whole;
    if ((*text)[length] == '.')
        length += 1 + strspn(*text + length + 1, "0123456789");
    double value = 0, scale = 1;
    bool behind = false;
    if (whole == 0 || length > 40 || ((*text)[length] != '\0' && (*text)[length] != ' '))
        return false;
    for (size_t i = sign; i < length; i++) {
        if ((*text)[i] == '.') {
            behind = true;
            continue;
        }
        value = value * 10 + ((*text)[i] - '0');
        scale *= behind ? 10 : 1;
    }
    *ret_value = (sign ? -value : value) / scale;
    *text += length + ((*text)[length] == ' ');
    return true;
}

/* "LATITUDE LONGITUDE [ALTITUDE [ACCURACY]]", as phones write it. */
static bool
is_point(const struct json *answer)
{
    double numbers[4] = {0, 0, 0, 0};
    size_t count = 0;
    if (answer->kind != JSON_TEXT)
        return false;
    for (const char *rest = answer->text; *rest != '\0'; count++)
        if (count == 4 || !read_number(&rest, &numbers[count]))
            return false;
    return count >= 2 && fabs(numbers[0]) <= 90 && fabs(numbers[1]) <= 180 && numbers[3] >= 0;
}

static bool
is_text(const struct json *answer, bool lines, size_t most)
{
    return answer->kind == JSON_TEXT && text_is_clean(answer->text, lines) && text_characters(answer->text) <= most;
}

/* NULL when the answer is of the question's type; otherwise what it should be. */
static const char *
wrong_type(const struct form_question *question, const struct json *answer)
{
    int32_t date;
    const struct json *choices = json_get(question->json, "choices");
    if (form_is(question, "integer"))
        return answer->kind == JSON_INT ? NULL : "an integer";
    if (form_is(question, "decimal"))
        return answer->kind == JSON_INT || answer->kind == JSON_REAL ? NULL : "a number";
    if (form_is(question, "date"))
        return answer->kind == JSON_TEXT && date_parse(answer->text, &date) ? NULL : "a day YYYY-MM-DD";
    if (form_is(question, "select_one"))
        return find_choice(question, answer) ? NULL : "one of the choices";
    if (form_is(question, "select_multiple"))
        return are_choices(question, answer) ? NULL : "a list of the choices, each once";
    if (form_is(question, "rank"))
        return are_choices(question, answer) && answer->count == choices->count ? NULL : "a list of all choices in their order";
    if (form_is(question, "point"))
        return is_point(answer) ? NULL : "LATITUDE LONGITUDE [ALTITUDE [ACCURACY]] in degrees and metres";
    if (form_is(question, "photo"))
        return is_text(answer, false, 200) && !strchr(answer->text, '/') ? NULL : "the number of an attachment";
    if (form_is(question, "barcode"))
        return is_text(answer, false, 500) ? NULL : "a text of one line";
    if (form_is(question, "text"))
        return is_text(answer, true, TEXT_MAX) ? NULL : "a text";
    return "nothing: this takes no answer";
}

static bool
in_range(const struct form_question *question, const struct json *answer)
{
    int64_t min = json_get_int(question->json, "min", INT64_MIN), max = json_get_int(question->json, "max", INT64_MAX);
    if (answer->kind == JSON_INT)
        return answer->integer >= min && answer->integer <= max;
    return answer->kind != JSON_REAL || (answer->real >= (double)min && answer->real <= (double)max);
}

/* --- one answer ------------------------------------------------------------------------------------------------------------------------- */

static void
add_range_fault(struct check *check, const struct form_question *question, const char *pointer)
{
    const struct json *min = json_get(question->json, "min"), *max = json_get(question->json, "max");
    struct arena *arena = check->run->arena;
    error_add_fault(check->error, pointer, FAULT_RANGE, min ? arena_format(arena, "%lld", (long long)min->integer) : "-",
                    max ? arena_format(arena, "%lld", (long long)max->integer) : "-");
}

/* The form's own words in the reader's language, else in its first. */
static const char *
words_in(const struct form *form, const struct json *words, const char *language)
{
    const char *text = json_get_text(words, language);
    return text ? text : json_get_text(words, form->languages[0]);
}

static void
add_constraint_fault(struct check *check, const struct form_question *question, const char *pointer)
{
    const struct json *message = json_get(question->json, "constraint_message");
    const struct form *form = check->run->form;
    if (message)
        error_add_fault(check->error, pointer, FAULT_CONSTRAINT, words_in(form, message, "id"), words_in(form, message, "en"));
    else
        error_add_fault(check->error, pointer, FAULT_CONSTRAINT, "Tidak memenuhi syarat pertanyaan ini.", "It does not meet the condition of this question.");
}

/* A constraint that cannot be evaluated is not met: it fails closed, as rules do. */
static bool
holds(struct check *check, const struct form_rule *rule, const struct form_asking *asking)
{
    struct rule_value value = form_run_rule(check->run, rule, asking, NULL);
    return value.kind == RULE_VALUE_BOOL && value.as.boolean;
}

static bool
is_offered(struct check *check, const struct form_question *question, size_t entry, const struct json *name)
{
    struct arena *arena = check->run->arena;
    const struct json *choice = find_choice(question, name), *facts = json_get(choice, "facts");
    struct form_asking asking = {.question = question, .entry = entry, .choice = json_make(arena, JSON_OBJECT)};
    for (size_t i = 0; facts && i < facts->count; i++)
        json_set(arena, asking.choice, facts->members[i].name, facts->members[i].value);
    json_set(arena, asking.choice, "name", json_get(choice, "name"));
    return holds(check, question->filter, &asking);
}

static bool
all_offered(struct check *check, const struct form_question *question, size_t entry, const struct json *answer)
{
    if (answer->kind == JSON_TEXT)
        return is_offered(check, question, entry, answer);
    for (size_t i = 0; i < answer->count; i++)
        if (!is_offered(check, question, entry, answer->items[i]))
            return false;
    return true;
}

static void
check_given(struct check *check, const struct form_question *question, size_t entry, struct json *answer, const char *pointer)
{
    const char *wanted = wrong_type(question, answer);
    const struct form_asking asking = {.question = question, .entry = entry, .value = form_run_value(check->run, question, entry)};
    if (wanted)
        error_add_fault(check->error, pointer, FAULT_TYPE, wanted, NULL);
    else if (!in_range(question, answer))
        add_range_fault(check, question, pointer);
    else if (question->filter && !all_offered(check, question, entry, answer))
        error_add_fault(check->error, pointer, FAULT_TYPE, "one of the choices that are offered here", NULL);
    else if (question->constraint && !holds(check, question->constraint, &asking))
        add_constraint_fault(check, question, pointer);
}

static bool
same_value(const struct json *left, const struct json *right)
{
    bool numbers = (left->kind == JSON_INT || left->kind == JSON_REAL) && (right->kind == JSON_INT || right->kind == JSON_REAL);
    double a = left->kind == JSON_INT ? (double)left->integer : left->real, b = right->kind == JSON_INT ? (double)right->integer : right->real;
    return numbers && left->kind != right->kind ? fabs(a - b) < 0x1p-52 : json_equal(left, right);
}

static void
check_calculated(struct check *check, const struct form_question *question, size_t entry, const struct json *answer, const char *pointer)
{
    const struct json *value = form_run_value(check->run, question, entry);
    struct buffer text;
    if (value && same_value(value, answer))
        return;
    buffer_init(&text, check->run->arena);
    if (value)
        json_print(&text, NULL, value);
    error_add_fault(check->error, pointer, FAULT_CALCULATED, value ? buffer_text(&text) : "-", NULL);
}

static void
check_missing(struct check *check, const struct form_question *question, size_t entry, const char *pointer)
{
    const struct json *message = json_get(question->json, "required_message");
    const struct form *form = check->run->form;
    bool wanted = question->required && form_takes_answer(question) && !question->calculation;
    if (!wanted || form_run_asked(check->run, question, entry) != 1)
        return;
    if (message)
        error_add_fault(check->error, pointer, FAULT_CONSTRAINT, words_in(form, message, "id"), words_in(form, message, "en"));
    else
        error_add_fault(check->error, pointer, FAULT_REQUIRED, NULL, NULL);
}

static void
check_answer(struct check *check, const struct form_question *question, size_t entry, const char *pointer)
{
    struct json *answer = form_run_cell(check->run, question, entry)->given;
    if (!form_is_given(answer))
        check_missing(check, question, entry, pointer);
    else if (form_run_asked(check->run, question, entry) != 1)
        error_add_fault(check->error, pointer, FAULT_CONFLICT, "the answers that make it relevant", NULL);
    else if (question->calculation)
        check_calculated(check, question, entry, answer, pointer);
    else
        check_given(check, question, entry, answer, pointer);
}

/* --- entries ---------------------------------------------------------------------------------------------------------------------------- */

static void
refuse_unknown(struct check *check, const struct json *answers, const struct form_question *repeat, const char *pointer)
{
    bool per_member = repeat && json_get(repeat->json, "per");
    for (size_t i = 0; i < answers->count; i++) {
        const char *name = answers->members[i].name;
        const struct form_question *question = form_question_find(check->run->form, name);
        bool known = question ? question->repeat == repeat : per_member && strcmp(name, "member_id") == 0;
        if (!known)
            error_add_fault(check->error, arena_format(check->run->arena, "%s/%s", pointer, name), FAULT_UNKNOWN, NULL, NULL);
    }
}

static size_t
entries_of(const struct json *entries, const char *member_id)
{
    size_t count = 0;
    for (size_t i = 0; i < entries->count; i++)
        count += text_equal(json_get_text(entries->items[i], "member_id"), member_id);
    return count;
}

/* Each entry is about one member of the household, no two about the same; a required repeat is about all of them. */
static void
check_members(struct check *check, const struct form_question *repeat, const struct json *entries, const char *pointer)
{
    const struct json *members = check->run->facts.members;
    struct arena *arena = check->run->arena;
    for (size_t i = 0; i < entries->count; i++) {
        const char *id = json_get_text(entries->items[i], "member_id"), *at = arena_format(arena, "%s/%zu/member_id", pointer, i);
        bool known = members == NULL;
        for (size_t j = 0; id && members && j < members->count; j++)
            known = known || text_equal(json_get_text(members->items[j], "id"), id);
        if (id == NULL)
            error_add_fault(check->error, at, FAULT_REQUIRED, NULL, NULL);
        else if (!known)
            error_add_fault(check->error, at, FAULT_REFERENCE, "a member of this household", NULL);
        else if (entries_of(entries, id) > 1)
            error_add_fault(check->error, at, FAULT_DOUBLED, NULL, NULL);
    }
    for (size_t i = 0; repeat->required && members && i < members->count; i++)
        if (entries_of(entries, json_get_text(members->items[i], "id")) == 0) {
            error_add_fault(check->error, pointer, FAULT_REQUIRED, NULL, NULL);
            return;
        }
}

static bool
are_entries(const struct json *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->kind != JSON_ARRAY || answer->items[i]->kind != JSON_OBJECT)
            return false;
    return answer->kind == JSON_ARRAY && answer->count <= FORM_ENTRIES_MAX;
}

static void
check_entries(struct check *check, const struct form_question *repeat, const char *pointer)
{
    const struct json *entries = form_run_cell(check->run, repeat, 0)->given;
    struct arena *arena = check->run->arena;
    if (!form_is_given(entries)) {
        check_missing(check, repeat, 0, pointer);
        return;
    }
    if (form_run_asked(check->run, repeat, 0) != 1) {
        error_add_fault(check->error, pointer, FAULT_CONFLICT, "the answers that make it relevant", NULL);
        return;
    }
    if (!are_entries(entries)) {
        error_add_fault(check->error, pointer, FAULT_TYPE, "a list of at most 100 objects", NULL);
        return;
    }
    if (json_get(repeat->json, "per"))
        check_members(check, repeat, entries, pointer);
    for (size_t i = 0; i < entries->count; i++) {
        refuse_unknown(check, entries->items[i], repeat, arena_format(arena, "%s/%zu", pointer, i));
        for (size_t j = repeat->index + 1; j < repeat->end; j++) {
            const struct form_question *question = &check->run->form->questions[j];
            check_answer(check, question, i, arena_format(arena, "%s/%zu/%s", pointer, i, question->name));
        }
    }
}

struct error *
form_evaluate(struct arena *arena, const struct form *form, const struct form_facts *facts, const struct json *answers, struct json **ret_answers)
{
    struct error *error = NULL;
    struct form_run run;
    if (answers == NULL || answers->kind != JSON_OBJECT)
        return error_field("/answers", FAULT_REQUIRED, NULL, NULL);
    form_run_start(&run, arena, form, facts, answers);
    struct check check = {&run, &error};
    refuse_unknown(&check, answers, NULL, "/answers");
    for (size_t i = 0; i < form->question_count; i++) {
        const struct form_question *question = &form->questions[i];
        if (form_is(question, "repeat"))
            check_entries(&check, question, question->answer_pointer);
        else if (question->repeat == NULL)
            check_answer(&check, question, 0, question->answer_pointer);
    }
    if (error == NULL)
        *ret_answers = form_run_gather(&run);
    return error;
}

struct error *
form_check_answers(struct arena *arena, const struct form *form, const struct json *answers)
{
    struct json *checked = NULL;
    return form_evaluate(arena, form, NULL, answers, &checked);
}
