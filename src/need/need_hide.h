/* need_hide.h: small cells, and as many others as it takes that nobody computes them from sums. */
#ifndef LUMBUNG_NEED_HIDE_H
#define LUMBUNG_NEED_HIDE_H

#include "need/need_index.h"

#define NEED_SMALL 5 /* a figure of 1 to 4 persons or households may tell who they are */

enum need_figure { NEED_PEOPLE, NEED_KNOWN, NEED_NEED, NEED_COVERED, NEED_GAP, NEED_FIGURES };
struct need_cell {
    int64_t value[NEED_FIGURES];
    bool hidden[NEED_FIGURES]; /* covered and gap are hidden together: need is their sum */
};

/* `rows` rows of NEED_GROUPS cells. The first row is the sum of the others when there are others; what is hidden in it already stays so. Sex, age and
 * disability each add up to all persons. Only what is above zero is ever hidden, so that an empty cell tells nothing. */
void need_hide(struct need_cell *cells, size_t rows);

#endif
