// nik.js: what the sixteen digits of a NIK say. It may legally disagree with the person; a disagreement warns, it never blocks.
const isDate = (y, m, d) => { const date = new Date(Date.UTC(y, m - 1, d)); return date.getUTCMonth() === m - 1 && date.getUTCDate() === d; };

// null while it is not sixteen digits; else { region "PP.KK.CC", sex, birth_date or null, faulty (refused by the server) }.
export function decodeNik(text) {
  if (!/^\d{16}$/.test(text || '')) return null;
  const region = `${text.slice(0, 2)}.${text.slice(2, 4)}.${text.slice(4, 6)}`;
  const raw = Number(text.slice(6, 8)), month = Number(text.slice(8, 10)), short = Number(text.slice(10, 12));
  const sex = raw > 40 ? 'F' : 'M';
  const day = raw > 40 ? raw - 40 : raw;
  const now = new Date().getFullYear();
  const year = 2000 + short > now ? 1900 + short : 2000 + short;
  const pad = (value) => String(value).padStart(2, '0');
  return { region, sex, birth_date: isDate(year, month, day) ? `${year}-${pad(month)}-${pad(day)}` : null, faulty: text.endsWith('0000') || /^(\d)\1{15}$/.test(text) };
}
