/* workbook_xml.c: XML as a bounded tree: the only expat.h. A document type ends the reading, so that no entity is ever expanded. */
#include <expat.h>
#include <string.h>

#include "base/workbook_zip.h"
#include "lumbung/base/limits.h"

struct reading {
    struct arena *arena;
    XML_Parser parser;
    struct xml_element *open[LIMIT_XML_DEPTH];
    struct buffer texts[LIMIT_XML_DEPTH];
    size_t depth, elements;
    struct xml_element *root;
    bool refused; /* a document type, or too deep, or too many */
};

static const char *
local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void
refuse(struct reading *reading)
{
    reading->refused = true;
    XML_StopParser(reading->parser, XML_FALSE);
}

static const char **
copy_attributes(struct arena *arena, const char **attributes)
{
    size_t count = 0;
    while (attributes[count])
        count++;
    const char **copy = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_text(arena, i % 2 == 0 ? local_name(attributes[i]) : attributes[i]);
    return copy;
}

static void
add_child(struct arena *arena, struct xml_element *parent, struct xml_element *child)
{
    parent->children = arena_grow(arena, parent->children, parent->child_count, &parent->child_room, sizeof *parent->children);
    parent->children[parent->child_count++] = child;
}

static void
on_start(void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (reading->depth == LIMIT_XML_DEPTH || ++reading->elements > LIMIT_XML_ELEMENTS) {
        refuse(reading);
        return;
    }
    struct xml_element *element = ARENA_NEW(reading->arena, struct xml_element);
    element->name = arena_text(reading->arena, local_name(name));
    element->attributes = copy_attributes(reading->arena, attributes);
    if (reading->depth > 0)
        add_child(reading->arena, reading->open[reading->depth - 1], element);
    else
        reading->root = element;
    buffer_init(&reading->texts[reading->depth], reading->arena);
    reading->open[reading->depth++] = element;
}

static void
on_end(void *context, const char *name)
{
    (void)name;
    struct reading *reading = context;
    reading->depth--;
    reading->open[reading->depth]->text = buffer_text(&reading->texts[reading->depth]);
}

static void
on_text(void *context, const char *text, int length)
{
    struct reading *reading = context;
    if (reading->depth > 0)
        buffer_bytes(&reading->texts[reading->depth - 1], text, (size_t)length);
}

static void
on_doctype(void *context, const char *name, const char *system, const char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(context);
}

struct error *
xml_read(struct arena *arena, const char *text, size_t length, struct xml_element **ret_root)
{
    struct reading reading = {.arena = arena, .parser = XML_ParserCreate(NULL)};
    if (reading.parser == NULL || length > LIMIT_WORKBOOK_BYTES) {
        XML_ParserFree(reading.parser);
        return error_internal("no parser for XML");
    }
    XML_SetUserData(reading.parser, &reading);
    XML_SetElementHandler(reading.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading.parser, on_text);
    XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
    enum XML_Status status = XML_Parse(reading.parser, text, (int)length, XML_TRUE);
    XML_ParserFree(reading.parser);
    if (reading.refused)
        return workbook_refusal("dokumen di dalamnya terlalu dalam atau memakai DOCTYPE", "a document in it is nested too deep or has a DOCTYPE");
    if (status != XML_STATUS_OK || reading.root == NULL)
        return workbook_refusal("dokumen XML di dalamnya rusak; simpan ulang", "an XML document in it is broken; save it again");
    *ret_root = reading.root;
    return NULL;
}

const char *
xml_attribute(const struct xml_element *element, const char *name)
{
    for (const char **pair = element->attributes; pair && *pair; pair += 2)
        if (strcmp(pair[0], name) == 0)
            return pair[1];
    return NULL;
}
