/* shape_file.h: a file of outlines in memory, and rings of whole steps. */
#ifndef LUMBUNG_SHAPE_FILE_H
#define LUMBUNG_SHAPE_FILE_H

#include "lumbung/shape.h"

#define SHAPE_UNIT 100000 /* steps of a degree: about a metre */

struct shape_point { int32_t x, y; }; /* east and north, in steps */
struct shape_ring {
    struct shape_point *points; /* the last is not the first again */
    size_t count;
};
struct shape_feature {
    const char *key;            /* the region's code or name as the file has it; NULL: none */
    struct shape_ring *rings;
    size_t ring_count, ring_room;
};
struct shape_file {
    struct shape_feature *features;
    size_t count;
};

/* Puts every point on a grid of `step` steps, so that what two neighbours share stays shared; rings that shrink to nothing go, but the largest. */
void shape_feature_simplify(struct arena *arena, struct shape_feature *feature, int32_t step);
/* [[x,y,dx,dy,...],...] */
void shape_feature_print(struct buffer *buffer, const struct shape_feature *feature);

#endif
