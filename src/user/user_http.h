/* user_http.h: the steps of the user slice, spread over three files; the table of routes is in user_http.c. */
#ifndef LUMBUNG_USER_HTTP_H
#define LUMBUNG_USER_HTTP_H

#include "lumbung/http/route.h"

extern const struct field_table sign_in_fields, step_up_fields, setup_fields, own_password_fields, own_factor_fields;

struct error *session_start_prepare(struct tx *tx, const struct call *call, struct reply *reply);
struct error *session_start_step(struct tx *tx, const struct call *call, struct reply *reply);
void session_start_undo(const struct call *call, const struct error *error);
struct error *session_get_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *session_end_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *session_step_up_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *session_list_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *session_delete_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *setup_prepare(struct tx *tx, const struct call *call, struct reply *reply);
struct error *setup_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *own_password_prepare(struct tx *tx, const struct call *call, struct reply *reply);
struct error *own_password_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *own_factor_offer_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *own_factor_prepare(struct tx *tx, const struct call *call, struct reply *reply);
struct error *own_factor_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *permissions_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
