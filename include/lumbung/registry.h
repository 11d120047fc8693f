/* registry.h: what the process holds in memory beside the file: the audit tree, the indexes of names and numbers, the access log's queue. */
#ifndef LUMBUNG_REGISTRY_H
#define LUMBUNG_REGISTRY_H

struct audit_tree;
struct household_index;
struct access_log;
struct need_index;
struct lane;

struct registry {
    struct audit_tree *audit_tree;
    struct household_index *household_index; /* NULL until loaded */
    struct access_log *access_log;           /* NULL: none kept (commands without a server) */
    struct lane *lane;                       /* for jobs in chunks */
    const char *path;                        /* FILE */
    const char *blob_directory;              /* FILE.blobs */
    struct job_runner *job_runner;           /* works off rows of `job`; NULL in short commands that run them inline */
    struct need_index *need_index;           /* NULL: needs are not counted here (short commands) */
    int is_demo;
};

#endif
