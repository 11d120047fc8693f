/* code.c: closed lists of words; the list of what a thing can be beside its state. */
#include "lumbung/base/code.h"

#include <string.h>

#include "lumbung/base/error.h"

const struct code *
code_find(const struct code_list *list, const char *word)
{
    for (size_t i = 0; word && i < list->count; i++)
        if (strcmp(list->codes[i].word, word) == 0)
            return &list->codes[i];
    return NULL;
}

static const struct code situations[] = {
    {"changed", "sudah diubah orang lain", "changed by someone else"},
    {"empty", "kosong", "empty"},
    {"valid", "berlaku tanpa keberatan", "valid, with no objection"},
    {"moved", "sudah pindah ke tempat lain", "somewhere else already"},
    {"counting", "sedang dihitung", "being counted"},
    {"changing", "sedang diubah seluruhnya", "being changed as a whole"},
    {"inhabited", "masih ditinggali rumah tangga", "still the home of households"},
    {"stopped", "terhenti", "stopped"},
    {"erased", "sudah dihapus datanya", "erased"},
    {"withdrawn", "sudah ditarik", "withdrawn"},
    {"decided", "sudah diputuskan", "decided"},
    {"with_authenticator", "sudah memakai autentikator", "with an authenticator"},
    {"without_authenticator", "tanpa autentikator", "without an authenticator"},
    {"consent", "tanpa izin mengolah data", "without consent to its processing"},
    {"duplicate", "terkait data ganda yang belum diputuskan", "in an undecided duplicate case"},
    {"not_eligible", "tidak layak", "not eligible"},
    {"undetermined", "belum dapat dipastikan layak", "undetermined: data are missing"},
    {"awaiting_meeting", "menunggu musyawarah", "waiting for the village meeting"},
    {"busy", "masih berisi daftar bayar yang berjalan", "open with batches under way"},
    {"not_approved_by_you", "tanpa persetujuan Anda", "without an approval of yours"},
    {"payee_died", "tanpa penerima karena ia meninggal (anggota rumah tangganya boleh mengambil)",
     "without its payee, who has died (somebody of the household may collect)"},
};
const struct code_list situation_codes = CODE_LIST("situation", 1, situations);
