/* code.h: a closed list of words with their labels in both languages, for forms, GET /codes/NAME and refusals. */
#ifndef LUMBUNG_BASE_CODE_H
#define LUMBUNG_BASE_CODE_H

#include <stddef.h>

struct code {
    const char *word;
    const char *label_id;
    const char *label_en;
};
struct code_list {
    const char *name;
    int version;
    const struct code *codes;
    size_t count;
};
#define CODE_LIST(list_name, number, array) {(list_name), (number), (array), sizeof(array) / sizeof((array)[0])}
const struct code *code_find(const struct code_list *list, const char *word); /* NULL when not in it */

#endif
