/* edition.h: later editions of the region codes: a whole file of regions, or a list of changes with the way of every household; both worked in chunks. */
#ifndef LUMBUNG_EDITION_H
#define LUMBUNG_EDITION_H

#include "lumbung/http/route.h"
#include "lumbung/job.h"

extern const struct job_kind edition_import_job, edition_change_job;
extern const struct route edition_routes[];

/* For the console: plans with a reader of its own, makes the job, and works it between other people's writes. */
FALLIBLE struct error *edition_import_run(struct lane *lane, struct registry *registry, struct keyring *keyring, struct arena *arena, const char *csv,
                                          size_t length, int64_t *ret_rows);

#endif
