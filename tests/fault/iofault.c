/* iofault.c: `iofault [POINTS]`: a disk that fails at its n-th operation, or is full after some more bytes, for each n. Nothing acknowledged may
 * be lost, nothing refused may stay; the same run with a lane that ignores COMMIT's failure has to lose some. */
#include "disk_trial.h"

static struct verdict
run(enum disk_trouble trouble, int points, bool ignore_commit_failure)
{
    struct fixture *fixture = fixture_registry();
    struct verdict verdict = disk_trial(fixture, trouble, points, ignore_commit_failure);
    fixture_end(fixture);
    return verdict;
}

int
main(int argc, char **argv)
{
    int64_t points = 100;
    if (argc > 1 && (!text_parse_int(argv[1], &points) || points < 2 || points > 100000))
        return 2;
    struct verdict fails = run(DISK_FAILS, (int)points / 2, false);
    struct verdict fills = run(DISK_FILLS, (int)points - (int)points / 2, false);
    struct verdict mutant = run(DISK_FAILS, 40, true);
    int lost = fails.lost + fills.lost, ghosts = fails.ghosts + fills.ghosts;
    bool is_recovered = fails.is_recovered && fills.is_recovered;
    bool has_suffered = fails.refused > 0 && fills.refused > 0 && mutant.lost > 0;
    printf("iofault points=%d accepted=%d refused=%d lost=%d ghost=%d recovered=%s mutant: accepted=%d lost=%d\n", (int)points,
           fails.accepted + fills.accepted, fails.refused + fills.refused, lost, ghosts, is_recovered ? "yes" : "no", mutant.accepted, mutant.lost);
    return lost == 0 && ghosts == 0 && is_recovered && has_suffered ? 0 : 1;
}
