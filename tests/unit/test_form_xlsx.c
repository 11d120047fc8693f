/* test_form_xlsx.c: XLSForm workbooks: refused at their row, translated as they mean, and the real ones of ../shared. */
#include "workbook_fixture.h"

#include <zip.h>

#include "assessment/assessment_form.h"
#include "assessment/assessment_xlsform.h"
#include "assessment/assessment_xpath.h"
#include "lumbung/base/text.h"

#define HEAD "survey!type|name|label"
#define YESNO "choices!list_name|name|label", "choices!yn|yes|Ya", "choices!yn|no|Tidak"
#define ROWS 12

static struct error *
convert(struct arena *arena, const char *const *rows, struct json **ret_form)
{
    const struct xlsform_options options = {.name = "Uji"};
    struct workbook *book = NULL;
    struct bytes bytes = write_workbook(arena, rows);
    TRY(workbook_read(arena, bytes.data, bytes.length, &book));
    return xlsform_read(arena, book, &options, ret_form);
}

static void
must_convert(struct arena *arena, const char *const *rows, struct json **ret_form)
{
    struct error *error = convert(arena, rows, ret_form);
    struct buffer line;
    buffer_init(&line, arena);
    if (error)
        error_print_line(&line, error);
    CHECK_TEXT(buffer_text(&line), "", "in order");
}

static void
rows_refused(void **state)
{
    (void)state;
    static const struct { const char *rows[ROWS], *pointer, *says; } rows[] = {
        {{"other!type|name"}, "survey", "missing"},
        {{HEAD}, "/questions", "length"},
        {{"survey!type|name|label|relevent", "survey!text|a|A"}, "survey row 1, column relevent", "unknown"},
        {{"survey!type|name|label|name", "survey!text|a|A|b"}, "survey row 1, column name", "twice"},
        {{HEAD, "survey!colour|a|A"}, "survey row 2, column type", "colour"},
        {{HEAD, "survey!|a|A"}, "survey row 2, column type", "empty"},
        {{HEAD, "survey!text||A"}, "survey row 2, column name", "empty"},
        {{HEAD, "survey!text|a b|A"}, "survey row 2, column name", "characters"},
        {{HEAD, "survey!text|a|"}, "survey row 2, column label", "required"},
        {{HEAD, "survey!text|a|A", "survey!text|a|A"}, "survey row 3, column name", "twice"},
        {{HEAD, "survey!select_one yn|a|A"}, "survey row 2, column type", "yn"},
        {{HEAD, "survey!select_one_from_file a.csv|a|A"}, "survey row 2, column type", "from_file"},
        {{HEAD, "survey!begin_group|g|G", "survey!text|a|A"}, "survey row 2, column type", "not closed"},
        {{HEAD, "survey!text|a|A", "survey!end_group||"}, "survey row 3, column type", "without"},
        {{HEAD, "survey!begin_repeat|r|R", "survey!text|a|A", "survey!end_group||"}, "survey row 4, column type", "row 2"},
        {{HEAD, "survey!begin_group|g|G", "survey!end_group||"}, "survey row 2, column type", "length"},
        {{HEAD, "survey!begin_repeat|r|R", "survey!begin_repeat|s|S", "survey!text|a|A", "survey!end_repeat||", "survey!end_repeat||"}, "survey row 3, column type", "repeat"},
        {{"survey!type|name|label|required", "survey!text|a|A|maybe"}, "survey row 2, column required", "yes or no"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|${b} = 1"}, "survey row 2, column relevant", "${b}"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|pulldata('x')"}, "survey row 2, column relevant", "pulldata"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|1 + 1"}, "survey row 2, column relevant", "condition"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|('x' = 'x'"}, "survey row 2, column relevant", "parenthesis"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|${a"}, "survey row 2, column relevant", "closed"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|\xE2\x80\x98x\xE2\x80\x99 = 'x'"}, "survey row 2, column relevant", "curly"},
        {{"survey!type|name|label|relevant", "survey!text|a|A|${a} = 'x'"}, "survey row 2, column relevant", "circle"},
        {{"survey!type|name|calculation", "survey!calculate|a|${b} + 1", "survey!calculate|b|${a} + 1"}, "survey row 2, column calculation", "circle"},
        {{"survey!type|name|calculation", "survey!calculate|a|"}, "survey row 2, column calculation", "empty"},
        {{"survey!type|name|label|constraint", "survey!note|a|A|. > 1"}, "survey row 2, column constraint", "no answer"},
        {{"survey!type|name|label|relevant", "survey!integer|a|A|. > 1"}, "survey row 2, column relevant", "constraint only"},
        {{"survey!type|name|label|default", "survey!integer|a|A|${b}"}, "survey row 2, column default", "expression"},
        {{"survey!type|name|label|default", "survey!integer|a|A|many"}, "survey row 2, column default", "written"},
        {{"survey!type|name|label|default", "survey!select_one yn|a|A|maybe", YESNO}, "survey row 2, column default", "contradicts"},
        {{"survey!type|name|label|repeat_count", "survey!begin_repeat|r|R|3", "survey!text|a|A", "survey!end_repeat||"}, "survey row 2, column repeat_count", "interview"},
        {{HEAD, "survey!text|a|A", "choices!list_name|name|label", "choices!yn|yes|Ya", "choices!yn|yes|Ya"}, "choices row 3, column name", "already"},
        {{HEAD, "survey!text|a|A", "choices!list_name|name|label", "choices!yn|two words|Ya"}, "choices row 2, column name", "blanks"},
        {{HEAD, "survey!text|a|A", "choices!list_name|name|label", "choices!yn||Ya", "choices!yn|x|"}, "choices row 2, column name", "empty"},
        {{HEAD, "survey!text|a|A", "choices!list_name|name|label", "choices!yn|x|"}, "choices row 2, column label", "empty"},
        {{HEAD, "survey!text|a|=\"A\"&\"B\""}, "survey C2", "formula"},
        {{"survey!type|name|label|choice_filter", "survey!select_one yn|a|A|colour = 'x'", YESNO}, "survey row 2, column choice_filter", "colour"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct json *form = NULL;
        struct buffer text;
        struct error *error = convert(arena, rows[i].rows, &form);
        const char *name = arena_format(arena, "%zu: %s", i, rows[i].says);
        CHECK_ROW(error != NULL && error->fault_count > 0 && form == NULL, name);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, name);
        buffer_init(&text, arena);
        fault_print(&text, &error->faults[0], LANGUAGE_EN);
        buffer_format(&text, " %s", fault_slug(error->faults[0].code));
        if (strstr(buffer_text(&text), rows[i].says) == NULL)
            CHECK_TEXT(buffer_text(&text), rows[i].says, name);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
must(struct error *error)
{
    if (error)
        fail_msg("%s at %s", error_slug(error->code), error->fault_count > 0 ? error->faults[0].pointer : "-");
}

static struct json *
there_and_back(struct arena *arena, const struct json *json)
{
    const struct xlsform_options options = {.name = "Uji"};
    struct form *form = NULL;
    struct bytes bytes;
    struct workbook *book = NULL;
    struct json *again = NULL;
    must(form_read(arena, json, &form));
    must(xlsform_write(arena, form, "7", &bytes));
    must(workbook_read(arena, bytes.data, bytes.length, &book));
    must(xlsform_read(arena, book, &options, &again));
    return again;
}

static const struct json *
question_named(const struct json *questions, const char *name)
{
    for (size_t i = 0; questions && i < questions->count; i++) {
        if (text_equal(json_get_text(questions->items[i], "name"), name))
            return questions->items[i];
        const struct json *inner = question_named(json_get(questions->items[i], "questions"), name);
        if (inner)
            return inner;
    }
    return NULL;
}

static void
expressions_translated(void **state)
{
    (void)state;
    static const struct { const char *column, *xpath, *rule, *again; } rows[] = { /* again: of the workbook written from the rule, where it differs */
        {"relevant", "${age} >= 18", "age >= 18", NULL},
        {"relevant", "${age} >= 18 and ${sex} = 'f'", "age >= 18 && sex == 'f'", NULL},
        {"relevant", "${age} < 5 or (${sex} = 'f' and ${age} > 60)", "age < 5 || sex == 'f' && age > 60", NULL},
        {"relevant", "(${age} < 5 or ${sex} = 'f') and ${age} != 3", "(age < 5 || sex == 'f') && (!has(answers.age) || age != 3)", NULL},
        {"relevant", "${sex} = 1", "sex == '1'", NULL},
        {"relevant", "${sex} != ''", "has(answers.sex)", NULL},
        {"relevant", "${sex} = ''", "!has(answers.sex)", NULL},
        {"relevant", "not(${sex} = 'f')", "!(has(answers.sex) && sex == 'f')", NULL},
        {"relevant", "selected(${fuels}, 'gas')", "'gas' in fuels", NULL},
        {"relevant", "selected(${sex}, 'f')", "sex == 'f'", NULL},
        {"relevant", "not(selected(${fuels}, 'gas'))", "!(has(answers.fuels) && 'gas' in fuels)", NULL},
        {"relevant", "count-selected(${fuels}) > 1", "(has(answers.fuels) ? size(fuels) : 0) > 1", NULL},
        {"relevant", "${weight} div ${age} > 2", "weight / double(age) > 2", NULL},
        {"relevant", "${age} mod 2 = 0", "age % 2 == 0", NULL},
        {"relevant", "${age} + 1.5 > 3", "double(age) + 1.5 > 3", NULL},
        {"relevant", "-${age} < -3", "-age < -3", NULL},
        {"relevant", "${age} - (2 - 1) > 3", "age - (2 - 1) > 3", NULL},
        {"relevant", "true()", "true", NULL},
        {"relevant", "regex(${name}, '[A-Z]+')", "name.matches('^(?:[A-Z]+)$')", NULL},
        {"relevant", "string-length(${name}) > 3", "size(name) > 3", NULL},
        {"relevant", "starts-with(${name}, 'A') or contains(${name}, \"it's\")", "name.startsWith('A') || name.contains('it\\'s')", NULL},
        {"relevant", "${born} <= today()", "born <= today()", NULL},
        {"relevant", "${born} > date('2020-01-31')", "born > '2020-01-31'", NULL},
        {"relevant", "int((today() - ${born}) div 365.25) >= 18", "age(born) >= 18", NULL},
        {"relevant", "count(${children}) > 2", "(has(answers.children) ? size(children) : 0) > 2", NULL},
        {"relevant", "sum(${child_age}) > 10", "(has(answers.children) ? sum(children.map(entry, has(entry.child_age), entry.child_age)) : 0) > 10", NULL},
        {"relevant", "max(${child_age}) > 10", "greatest(children.map(entry, has(entry.child_age), entry.child_age)) > 10", NULL},
        {"relevant", "min(${age}, 5, 2.5) = 2.5", "least(double(age), 5.0, 2.5) == 2.5", NULL},
        {"calculation", "if(${age} > 17, 'adult', 'child')", "has(answers.age) && age > 17 ? 'adult' : 'child'", NULL},
        {"calculation", "if(${age} > 17, 1, '')", "has(answers.age) && age > 17 ? 1 : int('')", NULL},
        {"calculation", "coalesce(${age}, 0)", "has(answers.age) ? age : 0", NULL},
        {"calculation", "concat(${name}, ' ', ${age})", "name + ' ' + string(age)", NULL},
        {"calculation", "round(${weight} div 2, 1)", "round(weight / 2.0, 1)", NULL},
        {"calculation", "${age} * 2", "age * 2", NULL},
        {"calculation", "number(${sex}) + 1", "double(sex) + 1.0", NULL},
        {"calculation", "selected-at(${fuels}, 0)", "fuels[0]", NULL},
        {"calculation", "${age} > 17", "(has(answers.age) && age > 17) ? 'true' : 'false'", "has(answers.age) && age > 17 ? 'true' : 'false'"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        const char *written[] = {
            arena_format(arena, "survey!type|name|label|%s", rows[i].column), "survey!integer|age|A", "survey!decimal|weight|W", "survey!select_one yn|sex|S", "survey!select_multiple yn|fuels|F",
            "survey!text|name|N", "survey!date|born|B", "survey!begin_repeat|children|C", "survey!integer|child_age|A", "survey!end_repeat|",
            arena_format(arena, "survey!%s|probe|P|%s", strcmp(rows[i].column, "calculation") == 0 ? "calculate" : "text", rows[i].xpath), YESNO, NULL};
        struct json *form = NULL;
        must_convert(arena, written, &form);
        CHECK_TEXT(json_get_text(question_named(json_get(form, "questions"), "probe"), rows[i].column), rows[i].rule, rows[i].xpath);
        CHECK_TEXT(json_get_text(question_named(json_get(there_and_back(arena, form), "questions"), "probe"), rows[i].column), rows[i].again ? rows[i].again : rows[i].rule, rows[i].xpath);
        arena_destroy(arena);
    }
}

/* What a phone has no words for is refused where it stands, and nothing is written. */
static void
unwritable_refused(void **state)
{
    (void)state;
    static const char *const rules[] = {"each.exists(e, e.n > 1)", "size(each.filter(e, e.n > 1)) > 0", "top([1, 2], 1)[0] > 0", "text.matches('^a')", "size([1]) > 0"};
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct arena *arena = arena_create();
        struct bytes bytes;
        const char *text = arena_format(arena, "{\"name\":\"u\",\"languages\":[\"id\"],\"questions\":[{\"name\":\"text\",\"type\":\"text\",\"label\":{\"id\":\"T\"}},{\"name\":\"each\",\"type\":\"repeat\",\"questions\":"
                                               "[{\"name\":\"n\",\"type\":\"integer\",\"label\":{\"id\":\"N\"}}]},{\"name\":\"p\",\"type\":\"text\",\"label\":{\"id\":\"P\"},\"relevant\":\"%s\"}]}", rules[i]);
        struct json *json = NULL;
        struct form *form = NULL;
        must(json_parse(arena, text, strlen(text), &json));
        must(form_read(arena, json, &form));
        struct error *error = xlsform_write(arena, form, NULL, &bytes);
        CHECK_ROW(error != NULL && strcmp(error->faults[0].pointer, "/questions/2/relevant") == 0, rules[i]);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
whole_form(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "survey!Type|Name|label::Bahasa Indonesia (id)|label::Arabic|hint::Bahasa Indonesia (id)|guidance_hint|required|default|choice_filter|parameters|appearance|constraint|constraint_message",
        "survey!start|start||||||||||",
        "survey!begin group|house|Rumah|بيت", "survey!select one from yn or_other|roof|Atap|سقف||||||||", "survey!range|rooms|Kamar|غرف||||||start=1 end=9 step=1|rating|. < 9|Terlalu banyak",
        "survey!end group", "survey!begin_repeat|each|Anggota|||||||per=member", "survey!rank yn|order|Urutan", "survey!end_repeat", "survey!select_one places|place|Tempat||Lihat peta||yes|a1|side = ${side}",
        "survey!select_one yn|side|Sisi", "choices!list name|name|label::Bahasa Indonesia (id)|side", "choices!yn|1|Ya", "choices!yn|0|Tidak", "choices!places|a1|A satu|1", "settings!form_title|form_id|default_language", "settings!Judul|rumah|ar", NULL};
    struct arena *arena = arena_create();
    struct json *form = NULL;
    struct buffer text;
    must_convert(arena, rows, &form);
    buffer_init(&text, arena);
    json_print(&text, NULL, form);
    CHECK_TEXT(buffer_text(&text),
               "{\"name\":\"rumah\",\"title\":{\"id\":\"Judul\",\"ar\":\"Judul\"},\"languages\":[\"id\",\"ar\"],\"lists\":{\"yn\":[{\"name\":\"1\",\"label\":{\"id\":\"Ya\",\"ar\":\"Ya\"}},"
               "{\"name\":\"0\",\"label\":{\"id\":\"Tidak\",\"ar\":\"Tidak\"}}],\"places\":[{\"name\":\"a1\",\"label\":{\"id\":\"A satu\",\"ar\":\"A satu\"},\"facts\":{\"side\":\"1\"}}]},"
               "\"questions\":[{\"name\":\"house\",\"type\":\"group\",\"label\":{\"id\":\"Rumah\",\"ar\":\"\u0628\u064a\u062a\"},\"questions\":[{\"name\":\"roof\",\"type\":\"select_one\","
               "\"label\":{\"id\":\"Atap\",\"ar\":\"\u0633\u0642\u0641\"},\"list\":\"yn\",\"other\":true},{\"name\":\"rooms\",\"type\":\"integer\",\"label\":{\"id\":\"Kamar\",\"ar\":\"\u063a\u0631\u0641\"},"
               "\"constraint\":\"value < 9\",\"constraint_message\":{\"id\":\"Terlalu banyak\",\"ar\":\"Terlalu banyak\"},\"min\":1,\"max\":9}]},{\"name\":\"each\",\"type\":\"repeat\","
               "\"label\":{\"id\":\"Anggota\",\"ar\":\"Anggota\"},\"per\":\"member\",\"questions\":[{\"name\":\"order\",\"type\":\"rank\",\"label\":{\"id\":\"Urutan\",\"ar\":\"Urutan\"},\"list\":\"yn\"}]},"
               "{\"name\":\"place\",\"type\":\"select_one\",\"label\":{\"id\":\"Tempat\",\"ar\":\"Tempat\"},\"hint\":{\"id\":\"Lihat peta\",\"ar\":\"Lihat peta\"},\"list\":\"places\",\"required\":true,"
               "\"filter\":\"choice.side == side\",\"default\":\"a1\"},{\"name\":\"side\",\"type\":\"select_one\",\"label\":{\"id\":\"Sisi\",\"ar\":\"Sisi\"},\"list\":\"yn\"}]}",
               "the whole");
    struct buffer again;
    buffer_init(&again, arena);
    json_print(&again, NULL, json_get(there_and_back(arena, form), "lists"));
    buffer_init(&text, arena);
    json_print(&text, NULL, json_get(form, "lists"));
    CHECK_TEXT(buffer_text(&again), buffer_text(&text), "lists, there and back");
    arena_destroy(arena);
}

/* --- damaged, encrypted, swollen -------------------------------------------------------------------------------------------------------- */

static void
files_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const char *const good[] = {HEAD, "survey!text|a|A", NULL};
    struct bytes book = write_workbook(arena, good);
    uint8_t *cut = arena_alloc(arena, book.length), *torn = arena_alloc(arena, book.length);
    memcpy(cut, book.data, book.length);
    memcpy(torn, book.data, book.length);
    for (size_t i = 60; i < book.length - 900; i++)
        torn[i] ^= 0x5A;
    const struct { const void *data; size_t length; const char *says; } rows[] = {
        {"", 0, "no .xlsx"},
        {"type,name,label\ntext,a,A\n", 24, "no .xlsx"},
        {"PK\3\4 but nothing behind it", 26, "damaged"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "password"},
        {cut, book.length / 2, "damaged"},
        {torn, book.length, "damaged"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct workbook *read = NULL;
        struct error *error = workbook_read(arena, rows[i].data, rows[i].length, &read);
        const char *name = arena_format(arena, "%zu: %s", i, rows[i].says);
        CHECK_ROW(error != NULL && error->code == ERROR_WORKBOOK && read == NULL, name);
        CHECK_ROW(strstr(error->english[0], rows[i].says) != NULL, error->english[0]);
        error_free(error);
    }
    arena_destroy(arena);
}

/* Whatever is written in a cell: it is translated, or refused in words; never both, never neither. */
static void
any_expression(void **state)
{
    (void)state;
    static const char *const pieces[] = {"${age}", "${fuels}", "${child_age}", "${children}", "${born}", "${none}", ".", "..", "(", ")", "and", "or", "not(", "=", "!=", "<", ">=", "+", "-", "*", "div", "mod", "'x'", "\"", "'", "''",
                                         "1", "2.5", "selected(", "count(", "sum(", "if(", ",", "today()", "coalesce(", "regex(", "concat(", "true()", "/", "[", "365.25", "int(", "{", "$", "\xC3\xA9"};
    static const struct xpath_name names[] = {{"age", NULL, XPATH_INT}, {"fuels", NULL, XPATH_LIST}, {"born", NULL, XPATH_DATE}, {"children", NULL, XPATH_ENTRIES}, {"child_age", "children", XPATH_INT}};
    uint32_t seed = 26;
    size_t translated = 0;
    for (int round = 0; round < 60000; round++) {
        static struct arena *arena;
        arena = round % 1000 == 0 ? arena_create() : arena;
        struct buffer text;
        buffer_init(&text, arena);
        for (int left = 1 + round % 9; left > 0; left--) {
            seed = seed * 1664525 + 1013904223;
            buffer_format(&text, "%s ", pieces[(seed >> 16) % COUNT(pieces)]);
        }
        const struct xpath_context context = {.arena = arena, .names = names, .name_count = COUNT(names), .own = &names[0], .place = (enum xpath_place)(round % 4)};
        struct xpath_result result = xpath_translate(&context, buffer_text(&text));
        CHECK_ROW((result.fault_en != NULL) != (result.fault_en == NULL && result.text != NULL && result.text[0] != '\0'), buffer_text(&text));
        CHECK_ROW((result.fault_id == NULL) == (result.fault_en == NULL), buffer_text(&text));
        translated += result.fault_en == NULL;
        if (round % 1000 == 999)
            arena_destroy(arena);
    }
    print_message("%zu of 60000 translated\n", translated);
    assert_true(translated > 100);
}

/* A sheet without end is refused before anything is compared with everything. */
static void
long_sheets_refused(void **state)
{
    (void)state;
    static const char *const sheets[] = {"survey", "choices"};
    for (size_t i = 0; i < 2; i++) {
        struct arena *arena = arena_create();
        const char **rows = ARENA_ARRAY(arena, const char *, 2010);
        size_t count = 0;
        struct json *form = NULL;
        rows[count++] = HEAD;
        rows[count++] = "survey!text|a|A";
        rows[count++] = "choices!list_name|name|label";
        while (count < 2009)
            rows[count++] = i == 0 ? "survey!note|x|X" : "choices!yn|x|X";
        struct error *error = convert(arena, rows, &form);
        CHECK_ROW(error != NULL && strcmp(error->faults[0].pointer, sheets[i]) == 0, sheets[i]);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
cells_named(void **state)
{
    (void)state;
    static const struct { int row, column; const char *name; } rows[] = {{1, 0, "A1"}, {12, 25, "Z12"}, {3, 26, "AA3"}, {3, 701, "ZZ3"}, {3, 702, "AAA3"}, {9, 16383, "XFD9"}};
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(workbook_cell_name(arena, rows[i].row, rows[i].column), rows[i].name, rows[i].name);
    arena_destroy(arena);
}

static struct bytes
zip_of(struct arena *arena, const char *sheet, size_t length)
{
    static const char book[] = "<workbook xmlns:r='r'><sheets><sheet name='survey' r:id='a'/></sheets></workbook>";
    static const char relations[] = "<Relationships><Relationship Id='a' Target='sheet.xml'/></Relationships>";
    char path[] = "/tmp/lumbung-zip-XXXXXX";
    int descriptor = mkstemp(path), fault = 0;
    assert_true(descriptor >= 0);
    close(descriptor);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &fault);
    assert_non_null(zip);
    assert_true(zip_file_add(zip, "xl/workbook.xml", zip_source_buffer(zip, book, sizeof book - 1, 0), 0) >= 0);
    assert_true(zip_file_add(zip, "xl/_rels/workbook.xml.rels", zip_source_buffer(zip, relations, sizeof relations - 1, 0), 0) >= 0);
    assert_true(zip_file_add(zip, "xl/sheet.xml", zip_source_buffer(zip, sheet, length, 0), 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    struct bytes bytes = file_bytes(arena, path);
    unlink(path);
    return bytes;
}

static void
parts_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    size_t big = 40 * 1024 * 1024;
    char *bomb = arena_alloc(arena, big);
    memset(bomb, ' ', big);
    const struct { const char *sheet; size_t length; const char *says; } rows[] = {
        {bomb, big, "32 MB"},
        {"<worksheet><sheetData><row>", 0, "broken"},
        {"<!DOCTYPE a [<!ENTITY x 'y'>]><worksheet/>", 0, "DOCTYPE"},
        {"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", 0, "too deep"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct workbook *read = NULL;
        struct bytes bytes = zip_of(arena, rows[i].sheet, rows[i].length ? rows[i].length : strlen(rows[i].sheet));
        struct error *error = workbook_read(arena, bytes.data, bytes.length, &read);
        CHECK_ROW(error != NULL && error->code == ERROR_WORKBOOK && read == NULL, rows[i].says);
        CHECK_ROW(strstr(error->english[0], rows[i].says) != NULL, error->english[0]);
        error_free(error);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_refused),
        cmocka_unit_test(expressions_translated),
        cmocka_unit_test(unwritable_refused),
        cmocka_unit_test(whole_form),
        cmocka_unit_test(any_expression),
        cmocka_unit_test(files_refused),
        cmocka_unit_test(long_sheets_refused),
        cmocka_unit_test(cells_named),
        cmocka_unit_test(parts_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
