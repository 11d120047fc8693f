/* batch_view.h: the calls that show a batch's lines and places. */
#ifndef LUMBUNG_BATCH_VIEW_H
#define LUMBUNG_BATCH_VIEW_H

#include "payment/batch_view_store.h"

/* A line as batch_item_print has it, with the last amount and the change against it. */
FALLIBLE struct error *batch_view_print(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_view *view, struct buffer *buffer);

struct error *batch_view_items_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *batch_view_places_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
