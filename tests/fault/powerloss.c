/* powerloss.c: `powerloss [IMAGES]`: cuts the power at random moments of a busy registry and opens what is left of its files. No image may be
 * corrupt, none may lack a row that was acknowledged; the same run with synchronous=NORMAL has to lose some, or the test would be blind. */
#include "../unit/db_fixture.h"

#include <stdatomic.h>
#include <unistd.h>

#include "vfs_power.h"

#define ROUND_IMAGES 40
#define IN_FLIGHT 24

struct writer {
    struct lane_job job;
    int64_t number;
    atomic_bool is_free;
};

struct plant {
    struct fixture *fixture;
    const char *image, *image_wal, *image_shm, *wal;
    int64_t image_acknowledged;
    atomic_bool has_image; /* waits to be looked at */
    int images, corrupt, lost;
};

static atomic_int_fast64_t acknowledged;
static int64_t next_number; /* the lane thread's */

/* Numbers are given inside the lane, so that commits follow them. */
static struct error *
write_row(struct tx *tx, void *context)
{
    struct writer *writer = context;
    writer->number = next_number + 1;
    size_t bytes = (size_t)(200 + writer->number * 37 % 1500);
    TRY(basket_insert(tx->db, writer->number, 1, arena_alloc(tx->arena, bytes), bytes));
    next_number = writer->number;
    return NULL;
}

static void
row_written(void *context, struct error *error)
{
    struct writer *writer = context;
    if (!error)
        acknowledged = writer->number;
    error_free(error);
    writer->is_free = true;
}

/* The lights go out. What was acknowledged is read first: anything later need not be there. */
static void
cut_power(void *context)
{
    struct plant *plant = context;
    if (plant->has_image)
        return;
    plant->image_acknowledged = acknowledged;
    if (!power_image(plant->fixture->path, plant->image) || !power_image(plant->wal, plant->image_wal))
        abort();
    plant->has_image = true;
}

static bool
read_image(struct db *db, int64_t *ret_count, int64_t *ret_highest)
{
    struct error *error = db_check_integrity(db);
    if (!error)
        error = db_read_int(db, "SELECT count(*) FROM test_basket", ret_count);
    if (!error)
        error = db_read_int(db, "SELECT coalesce(max(number), 0) FROM test_basket", ret_highest);
    bool is_sound = !error;
    error_free(error);
    return is_sound;
}

static void
look_at_image(struct plant *plant)
{
    struct db *db;
    int64_t count = 0, highest = 0;
    struct error *error = db_open(plant->image, DB_MIGRATOR, NULL, &db);
    bool is_sound = !error && read_image(db, &count, &highest);
    if (!error)
        db_close(db);
    error_free(error);
    plant->images++;
    plant->corrupt += !is_sound || count != highest;
    plant->lost += is_sound && highest < plant->image_acknowledged;
    unlink(plant->image);
    unlink(plant->image_wal);
    unlink(plant->image_shm);
    plant->has_image = false;
}

static void
work(struct plant *plant, struct lane *lane, int images)
{
    static struct writer writers[IN_FLIGHT];
    for (int i = 0; i < IN_FLIGHT; i++)
        writers[i].is_free = true;
    for (int wanted = plant->images + images; plant->images < wanted;) {
        for (int i = 0; i < IN_FLIGHT; i++) {
            if (!writers[i].is_free)
                continue;
            writers[i].is_free = false;
            writers[i].job = (struct lane_job){.apply = write_row, .done = row_written, .context = &writers[i]};
            if (!lane_submit(lane, &writers[i].job))
                abort();
        }
        if (plant->has_image)
            look_at_image(plant);
        else
            usleep(100);
    }
}

static void
run_round(struct plant *plant, int images, uint64_t seed, bool is_mutant)
{
    struct fixture *fixture = fixture_registry();
    struct lane_options options = {.db.vfs = POWER_VFS, .db.synchronous_normal = is_mutant, .batch_max = 8};
    struct lane *lane;
    plant->fixture = fixture;
    plant->wal = arena_format(fixture->arena, "%s-wal", fixture->path);
    plant->image = arena_format(fixture->arena, "%s/image.db", fixture->folder);
    plant->image_wal = arena_format(fixture->arena, "%s-wal", plant->image);
    plant->image_shm = arena_format(fixture->arena, "%s-shm", plant->image);
    acknowledged = 0;
    next_number = 0;
    power_start(seed);
    must(lane_start(fixture->path, &options, &lane));
    power_on_moment(30, cut_power, plant);
    work(plant, lane, images);
    power_on_moment(0, NULL, NULL);
    lane_stop(lane);
    fixture_end(fixture);
    plant->has_image = false;
}

static struct plant
run(int images, uint64_t seed, bool is_mutant)
{
    struct plant plant = {0};
    while (plant.images < images) {
        int rest = images - plant.images;
        run_round(&plant, rest < ROUND_IMAGES ? rest : ROUND_IMAGES, seed + (uint64_t)plant.images, is_mutant);
    }
    return plant;
}

int
main(int argc, char **argv)
{
    int64_t images = 100;
    if (argc > 1 && (!text_parse_int(argv[1], &images) || images < 1 || images > 1000000))
        return 2;
    struct plant real = run((int)images, 1, false);
    struct plant mutant = run(images < 160 ? 40 : (int)images / 4, 1000, true);
    printf("powerloss images=%d corrupt=%d lost=%d mutant: images=%d lost=%d\n", real.images, real.corrupt, real.lost, mutant.images, mutant.lost);
    return real.corrupt == 0 && real.lost == 0 && mutant.lost > 0 ? 0 : 1;
}
