/* need_issue.h: what is missing, doubtful or contradictory in one household's data, as bits. */
#ifndef LUMBUNG_NEED_ISSUE_H
#define LUMBUNG_NEED_ISSUE_H

#include <stdint.h>

#include "lumbung/base/json.h"

enum need_issue {
    NEED_ISSUE_NO_ASSESSMENT, NEED_ISSUE_NO_ID, NEED_ISSUE_NO_CARD, NEED_ISSUE_COUNTS_ONLY, /* completeness */
    NEED_ISSUE_AGE, NEED_ISSUE_CHILD_HEAD, NEED_ISSUE_PARENT_AGE, NEED_ISSUE_MANY,           /* plausibility */
    NEED_ISSUE_STALE,                                                                      /* freshness: told when it is asked, since it comes by itself */
    NEED_ISSUE_PEOPLE, NEED_ISSUE_SCHOOL, NEED_ISSUE_GRADE,                                /* contradictions */
    NEED_ISSUE_DUPLICATE,                                                                  /* duplicates */
    NEED_ISSUE_CONSENT,                                                                    /* completeness: an adult for whom the head consented */
    NEED_ISSUES
};

/* What beside the facts is needed; `answers` NULL: never assessed. */
struct need_issue_input {
    const struct json *household, *answers;
    int32_t today;
    int64_t cards, open_cases;
    const char *roster;
};
uint16_t need_issues(const struct need_issue_input *input);

#endif
