// fact_csv.js: a file of another registry as rows of texts, and the mapping that people choose.
const SEPARATORS = [';', ',', '\t', '|'];

// The separator that the heading holds most of.
const separatorOf = (line) => SEPARATORS.reduce((best, mark) => (line.split(mark).length > line.split(best).length ? mark : best), ',');

// Quoted cells may hold separators, line feeds and doubled quotes. Each row knows the line where it begins; blank lines are left out.
export function parseCsv(text) {
  const plain = text.replace(/^\uFEFF/, ''), mark = separatorOf(plain.split('\n', 1)[0]);
  const rows = [];
  let cells = [], cell = '', quoted = false, line = 1, start = 1;
  const end = () => {
    cells.push(cell.trim());
    if (cells.length > 1 || cells[0]) rows.push({ line: start, cells });
    cells = [];
    cell = '';
  };
  for (let i = 0; i < plain.length; i++) {
    const char = plain[i];
    if (char === '\n') line++;
    if (quoted) {
      if (char === '"' && plain[i + 1] === '"') { cell += '"'; i++; } else if (char === '"') quoted = false; else cell += char;
    } else if (char === '"' && !cell) quoted = true;
    else if (char === mark) { cells.push(cell.trim()); cell = ''; }
    else if (char === '\n') { end(); start = line; }
    else if (char !== '\r') cell += char;
  }
  end();
  return { columns: rows[0]?.cells || [], rows: rows.slice(1) };
}

const like = (columns, ...words) => columns.find((name) => words.some((word) => name.toLowerCase().includes(word)));
export function guess(columns) {
  const nik = like(columns, 'nik'), kk = like(columns, 'kk', 'kartu');
  const desil = like(columns, 'desil', 'decile');
  return { number: { column: nik || kk || '', kind: nik || !kk ? 'nik' : 'kk' }, facts: [desil ? { key: 'desil', column: desil, type: 'integer', least: '1', most: '10' } : { key: '', column: '', type: 'text' }] };
}

const valuesOf = (text) => Object.fromEntries(String(text || '').split('\n').filter((line) => line.includes('=')).map((line) => line.split('=', 2).map((part) => part.trim())));
const whole = (text) => (/^-?\d+$/.test(String(text ?? '').trim()) ? Number(text) : undefined);

// What the server takes beside the rows.
export function mappingOf(given) {
  const facts = Object.fromEntries(given.facts.map((row) => [row.key || '', { column: row.column, type: row.type, ...(row.type === 'integer' ? { least: whole(row.least), most: whole(row.most) } : {}), ...(row.type === 'choice' ? { values: valuesOf(row.values) } : {}) }]));
  const not_found = String(given.not_found || '').split('\n').map((line) => line.trim()).filter(Boolean);
  return { source: given.source || '', edition: given.edition || '', as_of: given.as_of, number: given.number, facts, ...(not_found.length && { not_found }) };
}

const quoted = (cell) => (/[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
export const refusedCsv = (refused) => ['line,column,value,reason,remedy', ...refused.map((row) => [row.line, row.column, row.value, row.reason, row.remedy].map((cell) => quoted(String(cell ?? ''))).join(','))].join('\n');
