/* shape.h: outlines of regions for the map: read from GeoJSON and TopoJSON, simplified for the screen, kept beside the regions. */
#ifndef LUMBUNG_SHAPE_H
#define LUMBUNG_SHAPE_H

#include "lumbung/http/route.h"

#define SHAPE_FILE_BYTES_MAX (24 * 1024 * 1024)
#define SHAPE_VALUES_MAX 1500000
#define SHAPE_LEVEL_MAX 15

struct shape_order {
    const char *text;
    size_t length;
    int64_t level;           /* of the regions that it draws */
    const char *code, *name; /* the property that holds the region's code or, when given, its name */
    const char *object;      /* of a TopoJSON file with several; NULL: the only one */
    const char *source;      /* what is told of their origin */
    bool skips_unknown;      /* features of regions that the registry does not have */
};
struct shape_file;
/* Reads and checks a file; needs no registry. ERROR_FIELDS names "feature 12, ring 3", ERROR_MALFORMED what is no such file, ERROR_TOO_LARGE. */
FALLIBLE struct error *shape_file_read(struct arena *arena, const struct shape_order *order, struct shape_file **ret_file);
/* Lays the outlines on the grid of their parent's screen and stores them, all or nothing; those of other regions stay. */
struct shape_result { int64_t drawn, unknown; };
FALLIBLE struct error *shape_import(struct tx *tx, const struct actor *actor, const struct shape_order *order, const struct shape_file *file, struct shape_result *ret_result);
/* Draws every region as a part of its parent's square: where and how large says nothing, only what belongs together. For trials. */
FALLIBLE struct error *shape_sketch(struct tx *tx, const struct actor *actor);

extern const struct route shape_routes[];

#endif
