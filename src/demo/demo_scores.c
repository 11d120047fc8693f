/* demo_scores.c: a score by an invented formula, a flag of the agency's own, and the counts of all flags. */
#include "demo/demo.h"

#include <string.h>

#include "score/score_act.h"
#include "score/score_flag.h"

static const char score_text[] =
    "{\"name\":\"UJI SEJAHTERA\",\"label\":{\"id\":\"Uji kesejahteraan (contoh)\",\"en\":\"Means test (example)\"},\"source\":\"CONTOH\",\"constant\":\"62.40\",\"least\":0,\"most\":100,"
    "\"indicators\":["
    "{\"name\":\"anggota\",\"label\":{\"id\":\"Jumlah anggota\",\"en\":\"Household size\"},\"input\":\"size(household.members)\",\"coefficient\":\"-2.85\",\"least\":1,\"most\":40},"
    "{\"name\":\"anak\",\"label\":{\"id\":\"Anak di bawah 7 tahun\",\"en\":\"Children below 7\"},\"input\":\"size(household.members.filter(m, age(m.birth_date) < 7))\","
    "\"ranges\":[{\"to\":0,\"points\":0},{\"from\":1,\"to\":1,\"points\":\"-4.88\"},{\"from\":2,\"points\":\"-9.76\"}]},"
    "{\"name\":\"lansia\",\"label\":{\"id\":\"Ada lansia\",\"en\":\"An elderly person\"},\"input\":\"household.members.exists(m, age(m.birth_date) >= 60)\",\"coefficient\":\"-6.50\"},"
    "{\"name\":\"dinding\",\"label\":{\"id\":\"Dinding\",\"en\":\"Walls\"},\"input\":\"household.needs.wall\",\"points\":{\"brick\":\"6.50\",\"wood\":\"2.25\",\"bamboo\":0,\"other\":0}}]}";

static const char flag_text[] =
    "{\"name\":\"keluarga_besar\",\"label\":{\"id\":\"Keluarga besar\",\"en\":\"Large family\"},\"about\":\"Enam orang atau lebih di satu rumah.\",\"expression\":\"size(household.members) >= 6\"}";

static struct error *
demo_define(struct tx *tx, void *context)
{
    const struct demo *demo = context;
    struct actor maya;
    struct json *score = NULL, *flag = NULL;
    struct id id, job_id;
    TRY(demo_actor(tx, demo, DEMO_MAYA, &maya));
    TRY(json_parse(tx->arena, score_text, strlen(score_text), &score));
    TRY(json_parse(tx->arena, flag_text, strlen(flag_text), &flag));
    TRY(score_make(tx, &maya, score, &id));
    TRY(score_start(tx, &maya, id, &job_id));
    TRY(score_flag_make(tx, &maya, flag, &id));
    return score_flag_count(tx, &maya, &job_id);
}

struct error *
demo_add_scores(struct demo *demo)
{
    return demo_do(demo, demo_define, demo);
}
