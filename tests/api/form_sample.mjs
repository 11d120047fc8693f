// form_sample.mjs: a questionnaire with a question of every type, in three languages, one of them written from the right.
const words = (id, en, ar) => ({ id, en, ar });
const yesNo = [{ name: 'yes', label: words('Ya', 'Yes', 'نعم') }, { name: 'no', label: words('Tidak', 'No', 'لا') }];
const places = [['hulu', 'h1', 'Hulu satu'], ['hulu', 'h2', 'Hulu dua'], ['hilir', 'l1', 'Hilir satu']].map(([parent, name, text]) => ({ name, label: words(text, text, text), facts: { parent } }));

export const sampleForm = () => ({
  name: 'Semua jenis', title: words('Semua jenis pertanyaan', 'Every type of question', 'كل أنواع الأسئلة'), languages: ['id', 'en', 'ar'], lists: { yes_no: yesNo, places },
  questions: [
    { name: 'about', type: 'note', label: words('Bacakan dengan pelan.', 'Read it slowly.', 'اقرأ ببطء.') },
    { name: 'rooms', type: 'integer', required: true, min: 0, max: 30, label: words('Berapa kamar?', 'How many rooms?', 'كم عدد الغرف؟'), hint: words('Angka saja', 'Digits only', 'أرقام فقط'), guidance: words('Dapur bukan kamar.', 'A kitchen is no room.', 'المطبخ ليس غرفة.') },
    { name: 'area', type: 'decimal', min: 1, label: words('Luas lantai, m2', 'Floor area, m2', 'مساحة الأرضية') },
    { name: 'moved', type: 'date', label: words('Tinggal di sini sejak', 'Lives here since', 'يسكن هنا منذ'), constraint: 'value <= today()', constraint_message: words('Tidak boleh di masa depan.', 'Not in the future.', 'ليس في المستقبل.') },
    { name: 'side', type: 'select_one', required: true, default: 'hulu', choices: [{ name: 'hulu', label: words('Hulu', 'Upstream', 'أعلى') }, { name: 'hilir', label: words('Hilir', 'Downstream', 'أسفل') }], label: words('Sisi sungai', 'Side of the river', 'جانب النهر') },
    { name: 'hamlet', type: 'select_one', list: 'places', filter: 'choice.parent == side', label: words('Dusun', 'Hamlet', 'القرية') },
    { name: 'fuel', type: 'select_multiple', other: true, choices: [{ name: 'gas', label: words('Gas', 'Gas', 'غاز') }, { name: 'wood', label: words('Kayu', 'Wood', 'حطب') }], label: words('Bahan bakar', 'Fuel', 'الوقود') },
    { name: 'wishes', type: 'rank', choices: [{ name: 'food', label: words('Pangan', 'Food', 'غذاء') }, { name: 'cash', label: words('Tunai', 'Cash', 'نقد') }, { name: 'seed', label: words('Benih', 'Seed', 'بذور') }], label: words('Urutkan kebutuhan', 'Put the needs in order', 'رتب الاحتياجات') },
    { name: 'spot', type: 'point', label: words('Titik rumah', 'Point of the house', 'موقع المنزل') },
    { name: 'front', type: 'photo', label: words('Foto rumah', 'Photo of the house', 'صورة المنزل') },
    { name: 'card', type: 'barcode', label: words('Kode kartu', 'Code of the card', 'رمز البطاقة') },
    { name: 'farm', type: 'group', label: words('Lahan', 'Land', 'الأرض'), relevant: "side == 'hulu'", questions: [
      { name: 'land', type: 'select_one', required: true, list: 'yes_no', label: words('Punya lahan?', 'Any land?', 'هل لديك أرض؟') },
      { name: 'crop', type: 'text', required: true, relevant: "land == 'yes'", label: words('Ditanami apa?', 'What grows there?', 'ماذا يزرع؟'), required_message: words('Sebut tanamannya.', 'Name the crop.', 'اذكر المحصول.') },
    ] },
    { name: 'each', type: 'repeat', per: 'member', required: true, label: words('Setiap anggota', 'Each member', 'كل فرد'), questions: [
      { name: 'school', type: 'select_one', required: true, list: 'yes_no', relevant: 'member.age >= 3', label: words('Bersekolah?', 'In school?', 'في المدرسة؟') },
      { name: 'adult', type: 'calculated', result: 'integer', calculation: 'member.age >= 18 ? 1 : 0' },
    ] },
    { name: 'animals', type: 'repeat', label: words('Ternak', 'Animals', 'حيوانات'), questions: [
      { name: 'kind', type: 'text', required: true, label: words('Jenis', 'Kind', 'نوع') },
      { name: 'number', type: 'integer', required: true, min: 1, label: words('Jumlah', 'Number', 'عدد') },
    ] },
    { name: 'herd', type: 'calculated', result: 'integer', calculation: 'sum(animals.map(a, a.number))', label: words('Jumlah ternak', 'Animals in all', 'مجموع الحيوانات') },
    { name: 'adults', type: 'calculated', result: 'integer', calculation: 'sum(each.map(m, m.adult))', label: words('Orang dewasa', 'Adults', 'البالغون') },
  ],
  scores: [{ name: 'LAND', label: { id: 'Lahan', en: 'Land' }, weights: [{ question: 'land', points: { no: 3 } }, { question: 'rooms', per_unit: -1, most: 0 }] }],
});
