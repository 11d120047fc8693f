// tidy.mjs: what the house forbids, checked: banned words with what to use instead, libraries in their one file, the direction of includes, lengths,
// purpose lines, both dictionaries, and words that do not belong into the product.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const files = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? (name === 'vendor' || name === 'node_modules' ? [] : files(path)) : [path];
});
const all = [...files('src'), ...files('include'), ...files('migrations'), ...files('static'), ...files('tests'), 'Makefile', ...['README.md'].filter((name) => { try { return statSync(name); } catch { return false; } })];
const text = new Map(all.map((path) => [path, readFileSync(path, 'utf8')]));
const c = all.filter((path) => /\.[ch]$/.test(path));
const product = c.filter((path) => !path.startsWith('tests/'));
const lines = (path) => text.get(path).split('\n');
let failed = 0;
const report = (name, faults) => {
  console.log(`${faults.length ? 'not ok' : 'ok'} ${name}`);
  for (const fault of faults.slice(0, 10)) console.log(`  ${fault}`);
  if (faults.length) failed++;
};
const bare = (line) => line.replace(/"(\\.|[^"\\])*"/g, '""').replace(/\/\*.*?\*\//g, '').replace(/^\s*\*.*|\/\/.*|\/\*.*/, '');
const grep = (paths, pattern, except = () => false) => paths.flatMap((path) => (except(path) ? [] : lines(path).flatMap((line, i) => (pattern.test(bare(line)) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : []))));

for (const [word, instead, except] of [
  [/\b(strcpy|strcat|sprintf|strtok|gets)\s*\(/, 'memcpy with a known length, buffer_*, arena_format'],
  [/\b(atoi|atol|atof)\s*\(/, 'text_parse_int'],
  [/\b(localtime|gmtime|time)\s*\(/, 'base/time.h', (path) => path.endsWith('base/time.c')],
  [/\b(rand|srand|random)\s*\(/, 'crypto_random'],
  [/\b(malloc|calloc|realloc|free|strdup)\s*\(/, 'the arena', (path) => path.startsWith('src/base/') || path === 'src/embed.c' || path.startsWith('src/db/') || path.startsWith('src/http/') || path.startsWith('src/household/household_index') || path.startsWith('src/audit/')],
  [/\bdouble\b|\bfloat\b/, 'int64 minor units', (path) => !/src\/(ledger|payment|disbursement|enrollment|program|score)\//.test(path)],
]) report(`no ${word.source.slice(0, 40)} (use ${instead})`, grep(product, word, except));

report('no SELECT * in SQL', product.flatMap((path) => lines(path).flatMap((line, i) => (/SELECT \*/.test(line) ? [`${path}:${i + 1}`] : []))));
report('no innerHTML, eval, style attributes', all.filter((path) => /^static\/.*\.(js|html)$/.test(path)).flatMap((path) => lines(path).flatMap((line, i) => (/innerHTML|\beval\(|dangerouslySet|\sstyle=/.test(line) ? [`${path}:${i + 1}`] : []))));

for (const [header, where] of [['jansson.h', /^src\/base\/json\.c$/], ['sodium.h', /^src\/base\/crypto_/], ['nettle/sha2.h', /^src\/base\/crypto_hash\.c$/], ['sqlite3.h', /^src\/db\/db_(sqlite|cursor|pace)\.c$/], ['microhttpd.h', /^src\/http\/server_/], ['xlsxwriter.h', /^src\/export\/export_xlsx\.c$/], ['utf8proc.h', /^src\/base\/text_/], ['zip.h', /^src\/(base\/workbook|export\/export)_zip\.c$/], ['expat.h', /^src\/base\/workbook_xml\.c$/], ['zlib.h', /^src\/embed\.c$/]])
  report(`${header} in its own file only`, product.filter((path) => text.get(path).includes(`<${header}>`) && !where.test(path)));

// From the ground up; a file includes only what stands below or on its own floor.
const FLOORS = ['base', 'db', 'rules', 'http', 'audit', 'attachment', 'region', 'user', 'job', 'notice', 'household', 'change', 'assessment', 'fact', 'score', 'program', 'enrollment', 'ledger', 'payment', 'disbursement', 'export', 'import', 'edition', 'need', 'shape', 'quality', 'report', 'demo', 'command'];
const floorOf = (name) => (name === 'rule' ? FLOORS.indexOf('rules') : FLOORS.indexOf(name));
const SHARED = new Set(['registry', 'access_log']); // the process's own: known from the floor of audit upward
const upward = [];
for (const path of product.filter((name) => /^src\/[a-z]+\//.test(name))) {
  const own = floorOf(path.split('/')[1]);
  if (own < 0) continue;
  for (const [, target] of text.get(path).matchAll(/#include "([^"]+)"/g)) {
    const name = target.startsWith('lumbung/') ? target.split('/')[1].replace('.h', '') : target.split('/')[0];
    const floor = floorOf(name);
    if (SHARED.has(name) || floor < 0) continue;
    if (floor > own) upward.push(`${path} includes ${target}`);
  }
}
report('includes point downward', upward);
const SLICES = FLOORS.slice(FLOORS.indexOf('audit'));
report('a refusal by state says its word', product.filter((path) => path !== 'src/base/error.c' && /error_(with|new)\(ERROR_STATE/.test(text.get(path))));
report('SQL stands in _store.c files', product.filter((path) => SLICES.includes(path.split('/')[1]) && /STATEMENT_(READ|WRITE)\(/.test(text.get(path)) && !path.endsWith('_store.c')));

const NODE_MAJOR = 18; // of Debian 12
report(`npm packages run on Node ${NODE_MAJOR}`, all.filter((path) => path.endsWith('package-lock.json')).flatMap((path) => Object.entries(JSON.parse(text.get(path)).packages)
  .filter(([, { engines }]) => engines?.node && Math.min(...[...engines.node.matchAll(/(\d+)(\.\d+)*/g)].map(([, major]) => Number(major))) > NODE_MAJOR)
  .map(([name, { engines }]) => `${path}: ${name} wants node ${engines.node}`)));

report(`tests name no global that Node ${NODE_MAJOR} lacks`, all.filter((path) => /^tests\/.*\.mjs$/.test(path) && /(?<![.\w])crypto\.randomUUID/.test(text.get(path)) && !/import .*\bcrypto\b.* from 'node:crypto'/.test(text.get(path))));

report('files start with what they are for', [...product, ...all.filter((path) => /^static\/(app|pages)\/.*\.js$/.test(path))].filter((path) => !/^(\/\*|\/\/) ?[\w./-]+/.test(text.get(path))));
report('no file over 500 lines', all.filter((path) => /\.(c|h|js|mjs|css|sql)$/.test(path) && !path.includes('vendor') && lines(path).length > 501).map((path) => `${path}: ${lines(path).length}`));

const longFunctions = [];
for (const path of product.filter((name) => name.endsWith('.c'))) {
  let start = -1, name = '';
  lines(path).forEach((line, i) => {
    if (line === '{') { start = i; name = lines(path)[i - 1]; }
    if (line === '}' && start >= 0) { if (i - start > 60) longFunctions.push(`${path}:${start + 1}: ${i - start} lines: ${name}`); start = -1; }
  });
}
report('no function over 60 lines', longFunctions);

const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK', 'lorem ip' + 'sum', 'not imple' + 'mented'].map((word) => `\\b${word}\\b`).join('|'));
report('no unfinished marks', all.filter((path) => !path.includes('package')).flatMap((path) => lines(path).flatMap((line, i) => (marks.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 90)}`] : []))));

const GROUPS = [...text.keys()].map((path) => /^static\/i18n\/(.*)id\.json$/.exec(path)?.[1]).filter((group) => group !== undefined);
for (const group of GROUPS) {
  const id = JSON.parse(text.get(`static/i18n/${group}id.json`)), en = JSON.parse(text.get(`static/i18n/${group}en.json`));
  report(`dictionary ${group || 'core'} has both languages`, [...Object.keys(id).filter((key) => !en[key]).map((key) => `en lacks ${key}`), ...Object.keys(en).filter((key) => !id[key]).map((key) => `id lacks ${key}`)]);
}
for (const language of ['id', 'en']) {
  const groups = GROUPS.map((group) => [group, JSON.parse(text.get(`static/i18n/${group}${language}.json`))]);
  const seen = new Map(), clashes = []; // the groups are laid over each other, in the order of the pages that somebody opened
  for (const [group, entries] of groups) for (const [key, value] of Object.entries(entries)) { if (seen.has(key) && seen.get(key) !== value) clashes.push(`${group} ${key}: "${value}", elsewhere "${seen.get(key)}"`); seen.set(key, value); }
  report(`a key has one text in ${language}`, clashes);
}
const words = Object.assign({}, ...GROUPS.map((group) => JSON.parse(text.get(`static/i18n/${group}id.json`))));
report('every word that pages ask for is in the dictionary', all.filter((path) => /^static\/(app|pages)\/.*\.js$/.test(path)).flatMap((path) => [...text.get(path).matchAll(/\bt\('([^'$]+)'/g)].filter(([, key]) => words[key] === undefined).map(([, key]) => `${path}: ${key}`)));

const errors = [...text.get('include/lumbung/base/errors.def').matchAll(/ERROR_ROW\((\w+), "(\w+)"/g)];
const sources = product.map((path) => text.get(path)).join('\n') + [...text].filter(([path]) => path.startsWith('migrations/')).map(([, body]) => body).join('\n');
report('every refusal of errors.def is raised somewhere', errors.filter(([, name, slug]) => name !== 'KEY_IN_FLIGHT' && !new RegExp(`ERROR_${name}\\b|'${slug}'`).test(sources)).map(([, name]) => name));

const acts = [...text.get('include/lumbung/base/barred.def').matchAll(/^BARRED_ROW\((\w+), "([^"]+)", "([^"]+)"\)$/gm)];
report('every act of barred.def is refused somewhere, in both languages', [...(acts.length > 30 ? [] : [`only ${acts.length} rows were read`]), ...acts.filter(([, name, id, en]) => id === en || !new RegExp(`BARRED_${name}\\b`).test(sources)).map(([, name]) => name)]);

const said = [...text.get('src/rules/rule_faults.def').matchAll(/^RULE_FAULT\((\w+), ("(?:\\.|[^"\\])*"), ("(?:\\.|[^"\\])*")\)$/gm)].map(([, name, id, en]) => ({ name, id, en }));
const placeholders = (sentence) => [...new Set(sentence.match(/\{\d\}/g))].sort().join('');
report('faults of rules are said in both languages with the same placeholders', [...(said.length > 100 ? [] : [`only ${said.length} rows were read`]), ...said.filter(({ id, en }) => id === en || placeholders(id) !== placeholders(en)).map(({ name }) => name)]);
report('every sentence of rule_faults.def is said somewhere', said.filter(({ name }) => !new RegExp(`RULE_FAULT_${name}\\b|RULE_SAY\\([^,]+, ${name},`).test(sources)).map(({ name }) => name));

const due = [...text.get('src/program/program_faults.def').matchAll(/^ENTITLEMENT_FAULT\((\w+), "([^"]+)", "([^"]+)"\)$/gm)];
report('faults of entitlements are said in both languages and used', [...(due.length > 10 ? [] : [`only ${due.length} rows were read`]), ...due.filter(([, name, id, en]) => id === en || !sources.includes(`ENTITLEMENT_${name}]`)).map(([, name]) => name)]);

const promised = lines('tests/bad_input.md').filter((line) => line.startsWith('| ')).map((line) => line.split('|').map((cell) => cell.trim())).filter(([, what]) => what !== 'what');
report('every step that bad_input.md names is there', [...(promised.length > 20 ? [] : ['the table is gone']), ...promised.filter(([, , file, step]) => !text.get(`tests/${file}`)?.includes(step)).map(([, what, file]) => `${what}: not in ${file}`)]);

console.log(`${failed ? 'not ' : ''}tidy`);
process.exit(failed ? 1 : 0);
