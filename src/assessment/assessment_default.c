/* assessment_default.c: the questionnaire that every registry starts with: housing, water, food, health, schooling, income, shocks, in both languages,
   and the score NEEDS by weights (higher is more pressing). It is data like any other form: an agency replaces it by a new version. */
#include "assessment/assessment_fields.h"

/* One document in pieces, since a string literal may not be longer than 4,095 bytes. */
static const char *const default_form[] = {
    "{\"name\":\"Kebutuhan rumah tangga\",\"title\":{\"id\":\"Kebutuhan rumah tangga\",\"en\":\"Household needs\"},\"languages\":[\"id\",\"en\"],\"questions",
    "\":[{\"name\":\"n_housing\",\"type\":\"note\",\"label\":{\"id\":\"Rumah. Lihat sendiri bila boleh; jangan hanya bertanya.\",\"en\":\"The house. Look",
    " yourself where you may; do not only ask.\"}},{\"name\":\"floor\",\"type\":\"select_one\",\"label\":{\"id\":\"Lantai terluas terbuat dari apa?\",",
    "\"en\":\"What is most of the floor made of?\"},\"choices\":[{\"name\":\"tile\",\"label\":{\"id\":\"Keramik, marmer, granit\",\"en\":\"Tile, marble, g",
    "ranite\"}},{\"name\":\"cement\",\"label\":{\"id\":\"Semen, bata merah\",\"en\":\"Cement, brick\"}},{\"name\":\"wood\",\"label\":{\"id\":\"Kayu, bambu\",\"en",
    "\":\"Wood, bamboo\"}},{\"name\":\"earth\",\"label\":{\"id\":\"Tanah\",\"en\":\"Earth\"}}],\"required\":true},{\"name\":\"wall\",\"type\":\"select_one\",\"labe",
    "l\":{\"id\":\"Dinding terluas terbuat dari apa?\",\"en\":\"What are most of the walls made of?\"},\"choices\":[{\"name\":\"brick\",\"label\":{\"id\":",
    "\"Tembok\",\"en\":\"Brick\"}},{\"name\":\"wood\",\"label\":{\"id\":\"Kayu\",\"en\":\"Wood\"}},{\"name\":\"bamboo\",\"label\":{\"id\":\"Bambu, anyaman\",\"en\":\"Ba",
    "mboo, woven\"}},{\"name\":\"other\",\"label\":{\"id\":\"Lainnya\",\"en\":\"Other\"}}],\"required\":true},{\"name\":\"roof\",\"type\":\"select_one\",\"label\"",
    ":{\"id\":\"Atap terluas terbuat dari apa?\",\"en\":\"What is most of the roof made of?\"},\"choices\":[{\"name\":\"concrete\",\"label\":{\"id\":\"Bet",
    "on, genteng\",\"en\":\"Concrete, tiles\"}},{\"name\":\"metal\",\"label\":{\"id\":\"Seng, asbes\",\"en\":\"Metal, asbestos\"}},{\"name\":\"thatch\",\"label",
    "\":{\"id\":\"Ijuk, rumbia, jerami\",\"en\":\"Thatch\"}},{\"name\":\"other\",\"label\":{\"id\":\"Lainnya\",\"en\":\"Other\"}}],\"required\":true},{\"name\":\"p",
    "eople\",\"type\":\"integer\",\"label\":{\"id\":\"Berapa orang tidur di rumah ini?\",\"en\":\"How many people sleep in this house?\"},\"required\":t",
    "rue,\"min\":1,\"max\":40},{\"name\":\"rooms\",\"type\":\"integer\",\"label\":{\"id\":\"Berapa kamar tidur?\",\"en\":\"How many bedrooms?\"},\"required\":t",
    "rue,\"min\":0,\"max\":30},{\"name\":\"tenure\",\"type\":\"select_one\",\"label\":{\"id\":\"Rumah ini milik siapa?\",\"en\":\"Who owns this house?\"},\"ch",
    "oices\":[{\"name\":\"own\",\"label\":{\"id\":\"Milik sendiri\",\"en\":\"Own\"}},{\"name\":\"family\",\"label\":{\"id\":\"Milik keluarga\",\"en\":\"Family's\"}}",
    ",{\"name\":\"rent\",\"label\":{\"id\":\"Sewa, kontrak\",\"en\":\"Rented\"}},{\"name\":\"none\",\"label\":{\"id\":\"Menumpang, tidak punya\",\"en\":\"None, st",
    "aying with others\"}}],\"required\":true},{\"name\":\"damage\",\"type\":\"select_one\",\"label\":{\"id\":\"Apakah rumah rusak atau bocor berat?\",\"",
    "en\":\"Is the house badly damaged or leaking?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":",
    "\"Tidak\",\"en\":\"No\"}}],\"required\":true},{\"name\":\"n_water\",\"type\":\"note\",\"label\":{\"id\":\"Air, jamban, dan listrik\",\"en\":\"Water, toilet",
    " and power\"}},{\"name\":\"water\",\"type\":\"select_one\",\"label\":{\"id\":\"Air minum terutama dari mana?\",\"en\":\"Where does drinking water ma",
    "inly come from?\"},\"choices\":[{\"name\":\"piped\",\"label\":{\"id\":\"Ledeng, kemasan\",\"en\":\"Piped, bottled\"}},{\"name\":\"well\",\"label\":{\"id\":",
    "\"Sumur terlindung, bor\",\"en\":\"Protected or drilled well\"}},{\"name\":\"open_well\",\"label\":{\"id\":\"Sumur terbuka\",\"en\":\"Open well\"}},{\"",
    "name\":\"river\",\"label\":{\"id\":\"Sungai, hujan\",\"en\":\"River, rain\"}}],\"required\":true},{\"name\":\"water_minutes\",\"type\":\"integer\",\"label",
    "\":{\"id\":\"Berapa menit mengambil air, pulang pergi?\",\"en\":\"How many minutes to fetch water, there and back?\"},\"relevant\":\"water == ",
    "'open_well' || water == 'river'\",\"required\":true,\"min\":0,\"max\":480},{\"name\":\"toilet\",\"type\":\"select_one\",\"label\":{\"id\":\"Jamban yan",
    "g dipakai?\",\"en\":\"Which toilet is used?\"},\"choices\":[{\"name\":\"own\",\"label\":{\"id\":\"Sendiri, dengan septik\",\"en\":\"Own, with septic t",
    "ank\"}},{\"name\":\"shared\",\"label\":{\"id\":\"Bersama\",\"en\":\"Shared\"}},{\"name\":\"pit\",\"label\":{\"id\":\"Cubluk\",\"en\":\"Pit\"}},{\"name\":\"none\",\"",
    "label\":{\"id\":\"Tidak ada\",\"en\":\"None\"}}],\"required\":true},{\"name\":\"light\",\"type\":\"select_one\",\"label\":{\"id\":\"Penerangan utama?\",\"en",
    "\":\"Main source of light?\"},\"choices\":[{\"name\":\"grid\",\"label\":{\"id\":\"Listrik PLN\",\"en\":\"Grid power\"}},{\"name\":\"other_power\",\"label\"",
    ":{\"id\":\"Listrik lain\",\"en\":\"Other power\"}},{\"name\":\"none\",\"label\":{\"id\":\"Bukan listrik\",\"en\":\"No electricity\"}}],\"required\":true},",
    "{\"name\":\"n_food\",\"type\":\"note\",\"label\":{\"id\":\"Makanan dalam 30 hari terakhir\",\"en\":\"Food in the last 30 days\"}},{\"name\":\"food_worr",
    "y\",\"type\":\"select_one\",\"label\":{\"id\":\"Pernah khawatir tidak cukup makan?\",\"en\":\"Ever worried about not having enough food?\"},\"choi",
    "ces\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true},{\"name\":\"food",
    "_skip\",\"type\":\"select_one\",\"label\":{\"id\":\"Pernah melewatkan makan karena tidak ada uang?\",\"en\":\"Ever skipped a meal for lack of mo",
    "ney?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true},{",
    "\"name\":\"food_day\",\"type\":\"select_one\",\"label\":{\"id\":\"Pernah seharian tidak makan?\",\"en\":\"Ever went a whole day without eating?\"},\"",
    "choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true,\"relevant\"",
    ":\"food_skip == 'yes'\"},{\"name\":\"meals\",\"type\":\"integer\",\"label\":{\"id\":\"Berapa kali makan kemarin?\",\"en\":\"How many meals yesterday?",
    "\"},\"required\":true,\"min\":0,\"max\":6,\"constraint\":\"meals <= 5\",\"constraint_message\":{\"id\":\"Lebih dari lima kali makan jarang terjadi",
    "; periksa lagi.\",\"en\":\"More than five meals is rare; check again.\"}},{\"name\":\"n_health\",\"type\":\"note\",\"label\":{\"id\":\"Kesehatan\",\"e",
    "n\":\"Health\"}},{\"name\":\"ill\",\"type\":\"select_one\",\"label\":{\"id\":\"Ada anggota yang sakit menahun?\",\"en\":\"Is anyone chronically ill?\"}",
    ",\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true},{\"name\"",
    ":\"ill_care\",\"type\":\"select_one\",\"label\":{\"id\":\"Apakah yang sakit berobat?\",\"en\":\"Is the person in care?\"},\"choices\":[{\"name\":\"yes\"",
    ",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"cost\",\"label\":{\"id\":\"Tidak, karena biaya\",\"en\":\"No, for the cost\"}},{\"name\":\"far\",\"label",
    "\":{\"id\":\"Tidak, karena jauh\",\"en\":\"No, too far\"}}],\"required\":true,\"relevant\":\"ill == 'yes'\"},{\"name\":\"insured\",\"type\":\"select_one",
    "\",\"label\":{\"id\":\"Semua anggota punya jaminan kesehatan?\",\"en\":\"Is everyone insured?\"},\"choices\":[{\"name\":\"all\",\"label\":{\"id\":\"Semu",
    "a\",\"en\":\"All\"}},{\"name\":\"some\",\"label\":{\"id\":\"Sebagian\",\"en\":\"Some\"}},{\"name\":\"none\",\"label\":{\"id\":\"Tidak ada\",\"en\":\"None\"}}],\"req",
    "uired\":true},{\"name\":\"n_school\",\"type\":\"note\",\"label\":{\"id\":\"Sekolah\",\"en\":\"School\"}},{\"name\":\"school_age\",\"type\":\"select_one\",\"la",
    "bel\":{\"id\":\"Ada anak usia 7 sampai 18 tahun?\",\"en\":\"Any child aged 7 to 18?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Ye",
    "s\"}},{\"name\":\"no\",\"label\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true},{\"name\":\"school_out\",\"type\":\"select_one\",\"label\":{\"id\":\"Ada ",
    "yang tidak bersekolah?\",\"en\":\"Is any of them out of school?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no",
    "\",\"label\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true,\"relevant\":\"school_age == 'yes'\"},{\"name\":\"school_why\",\"type\":\"select_multipl",
    "e\",\"label\":{\"id\":\"Mengapa tidak bersekolah?\",\"en\":\"Why out of school?\"},\"choices\":[{\"name\":\"cost\",\"label\":{\"id\":\"Biaya\",\"en\":\"Cost",
    "\"}},{\"name\":\"work\",\"label\":{\"id\":\"Bekerja\",\"en\":\"Works\"}},{\"name\":\"far\",\"label\":{\"id\":\"Jauh\",\"en\":\"Too far\"}},{\"name\":\"disability\"",
    ",\"label\":{\"id\":\"Disabilitas\",\"en\":\"Disability\"}},{\"name\":\"married\",\"label\":{\"id\":\"Menikah\",\"en\":\"Married\"}},{\"name\":\"other\",\"label",
    "\":{\"id\":\"Lainnya\",\"en\":\"Other\"}}],\"relevant\":\"school_out == 'yes'\",\"required\":true},{\"name\":\"n_income\",\"type\":\"note\",\"label\":{\"id\"",
    ":\"Pekerjaan dan penghasilan\",\"en\":\"Work and income\"}},{\"name\":\"earner\",\"type\":\"select_one\",\"label\":{\"id\":\"Pencari nafkah utama?\",\"",
    "en\":\"Main earner?\"},\"choices\":[{\"name\":\"regular\",\"label\":{\"id\":\"Gaji tetap\",\"en\":\"Regular pay\"}},{\"name\":\"own\",\"label\":{\"id\":\"Usah",
    "a, tani sendiri\",\"en\":\"Own business or farm\"}},{\"name\":\"casual\",\"label\":{\"id\":\"Buruh lepas\",\"en\":\"Casual labour\"}},{\"name\":\"none\",",
    "\"label\":{\"id\":\"Tidak ada\",\"en\":\"Nobody\"}}],\"required\":true},{\"name\":\"income\",\"type\":\"integer\",\"label\":{\"id\":\"Penghasilan rumah tan",
    "gga sebulan, rupiah\",\"en\":\"Household income a month, rupiah\"},\"hint\":{\"id\":\"Perkiraan cukup. Tulis angka saja.\",\"en\":\"An estimate ",
    "will do. Digits only.\"},\"required\":false,\"min\":0,\"max\":1000000000},{\"name\":\"land\",\"type\":\"select_one\",\"label\":{\"id\":\"Punya lahan a",
    "tau ternak besar?\",\"en\":\"Any land or large livestock?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"lab",
    "el\":{\"id\":\"Tidak\",\"en\":\"No\"}}],\"required\":true},{\"name\":\"debt\",\"type\":\"select_one\",\"label\":{\"id\":\"Berutang untuk makan atau beroba",
    "t?\",\"en\":\"In debt for food or treatment?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":\"Ti",
    "dak\",\"en\":\"No\"}}],\"required\":true},{\"name\":\"n_shock\",\"type\":\"note\",\"label\":{\"id\":\"Guncangan dalam 12 bulan terakhir\",\"en\":\"Shocks ",
    "in the last 12 months\"}},{\"name\":\"shocks\",\"type\":\"select_multiple\",\"label\":{\"id\":\"Apa yang terjadi?\",\"en\":\"What happened?\"},\"choic",
    "es\":[{\"name\":\"none\",\"label\":{\"id\":\"Tidak ada\",\"en\":\"None\"}},{\"name\":\"disaster\",\"label\":{\"id\":\"Banjir, gempa, kebakaran\",\"en\":\"Floo",
    "d, earthquake, fire\"}},{\"name\":\"crop\",\"label\":{\"id\":\"Gagal panen\",\"en\":\"Crop failure\"}},{\"name\":\"job\",\"label\":{\"id\":\"Kehilangan pe",
    "kerjaan\",\"en\":\"Lost work\"}},{\"name\":\"death\",\"label\":{\"id\":\"Kematian pencari nafkah\",\"en\":\"Death of the earner\"}},{\"name\":\"illness\"",
    ",\"label\":{\"id\":\"Sakit berat\",\"en\":\"Serious illness\"}}],\"required\":true,\"constraint\":\"!('none' in shocks) || size(shocks) == 1\",\"co",
    "nstraint_message\":{\"id\":\"'Tidak ada' tidak dapat dipilih bersama yang lain.\",\"en\":\"'None' cannot be chosen with others.\"}},{\"name\"",
    ":\"remarks\",\"type\":\"text\",\"label\":{\"id\":\"Catatan\",\"en\":\"Remarks\"},\"required\":false}],\"scores\":[{\"name\":\"NEEDS\",\"label\":{\"id\":\"Kebut",
    "uhan (makin tinggi makin mendesak)\",\"en\":\"Need (higher is more pressing)\"},\"weights\":[{\"question\":\"floor\",\"points\":{\"cement\":1,\"wo",
    "od\":3,\"earth\":6}},{\"question\":\"wall\",\"points\":{\"wood\":2,\"bamboo\":4,\"other\":5}},{\"question\":\"roof\",\"points\":{\"metal\":1,\"thatch\":4,\"",
    "other\":5}},{\"question\":\"tenure\",\"points\":{\"family\":1,\"rent\":2,\"none\":5}},{\"question\":\"damage\",\"points\":{\"yes\":5}},{\"question\":\"wat",
    "er\",\"points\":{\"well\":1,\"open_well\":3,\"river\":5}},{\"question\":\"toilet\",\"points\":{\"shared\":2,\"pit\":3,\"none\":5}},{\"question\":\"light\",",
    "\"points\":{\"other_power\":2,\"none\":4}},{\"question\":\"food_worry\",\"points\":{\"yes\":2}},{\"question\":\"food_skip\",\"points\":{\"yes\":4}},{\"qu",
    "estion\":\"food_day\",\"points\":{\"yes\":6}},{\"question\":\"ill\",\"points\":{\"yes\":4}},{\"question\":\"ill_care\",\"points\":{\"cost\":3,\"far\":3}},{",
    "\"question\":\"insured\",\"points\":{\"some\":2,\"none\":4}},{\"question\":\"school_out\",\"points\":{\"yes\":6}},{\"question\":\"earner\",\"points\":{\"ow",
    "n\":2,\"casual\":4,\"none\":8}},{\"question\":\"land\",\"points\":{\"no\":2}},{\"question\":\"debt\",\"points\":{\"yes\":3}},{\"question\":\"shocks\",\"poin",
    "ts\":{\"disaster\":5,\"crop\":4,\"job\":4,\"death\":6,\"illness\":4}}]}]}",
};

struct error *
assessment_make_default_form(struct tx *tx, const struct actor *actor)
{
    struct form_row row;
    size_t count = 0;
    struct json *json = NULL;
    struct id id;
    TRY(form_store_list(tx, (struct id){{0}}, 1, &row, &count));
    if (count > 0)
        return NULL;
    struct buffer text;
    buffer_init(&text, tx->arena);
    for (size_t i = 0; i < sizeof default_form / sizeof default_form[0]; i++)
        buffer_add(&text, default_form[i]);
    TRY(json_parse(tx->arena, text.data, text.length, &json));
    return assessment_form_make(tx, actor, json, &id);
}
