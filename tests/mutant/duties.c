/* duties.c: the second mutant of figure 5: the database lets a maker approve and release. */
#include "before_lane.h"

const struct schema_cut schema_cuts[] = {
    {"CREATE TRIGGER batch_duty_maker ", "CREATE TEMP TRIGGER batch_duty_maker "},
    {"CREATE TRIGGER batch_approval_maker ", "CREATE TEMP TRIGGER batch_approval_maker "},
    {0},
};
