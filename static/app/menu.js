// menu.js: the pages in their groups, and which of them this person may open.
import { can } from './session.js';

// Address, words, who sees it, and whether it is a tab at the foot of a phone.
const GROUPS = [
  ['today', [
    ['/', 'nav.home', () => true, true],
    ['/menunggu', 'nav.waiting', () => can('batch.approve'), true],
  ]],
  ['families', [
    ['/cari', 'nav.search', () => can('household.read'), true],
    ['/keluarga/baru', 'nav.register', () => can('household.write')],
    ['/pindah', 'nav.moves', () => can('household.write')],
    ['/perubahan', 'nav.changes', () => can('change.approve')],
    ['/duplikat', 'nav.duplicates', () => can('enrollment.decide') && can('household.read')],
    ['/keberatan', 'nav.objections', () => can('change.approve')],
    ['/pemberitahuan', 'nav.notices', () => can('program.write')],
    ['/mutu', 'nav.quality', () => can('household.read') && (can('change.approve') || can('audit.read'))],
  ]],
  ['needs', [
    ['/kebutuhan', 'nav.needs', () => can('household.read') || can('export.aggregate')],
    ['/penduduk', 'nav.population', () => can('household.read') && (can('export.aggregate') || can('audit.read'))],
    ['/formulir', 'nav.forms', () => can('program.write')],
    ['/skor', 'nav.scores', () => can('program.write')],
    ['/tanda', 'nav.flags', () => can('program.write')],
    ['/data-luar', 'nav.outside', () => can('program.write')],
  ]],
  ['aid', [
    ['/program', 'nav.programs', () => can('program.read')],
    ['/kepesertaan', 'nav.enrollments', () => can('enrollment.decide')],
    ['/daftar-bayar', 'nav.batches', () => can('batch.read'), true],
    ['/salur', 'nav.distribute', () => can('receipt.write'), true],
    ['/catatan', 'nav.records', () => can('receipt.read') && (can('export.personal') || can('batch.read')), true],
  ]],
  ['oversight', [
    ['/audit', 'nav.audit', () => can('audit.read'), true],
    ['/bukti', 'nav.proof', () => can('audit.read')],
    ['/akses', 'nav.access', () => can('audit.read')],
    ['/izin', 'nav.permissions', () => can('user.manage') || can('audit.read')],
  ]],
  ['settings', [
    ['/pengguna', 'nav.users', () => can('user.manage'), true],
    ['/wilayah', 'nav.regions', () => can('region.manage'), true],
  ]],
];
const FEW = 9; // so many need no headings
const TABS = 5;

export const isHere = (href, path) => (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`));

// [{name, title, entries: [{href, label, tab}]}], without what this person may not open; few pages are one list.
export function groupsOf() {
  const groups = GROUPS.map(([name, rows]) => ({ name, title: name === 'today' ? null : `nav.group.${name}`,
    entries: rows.filter(([, , shown]) => shown()).map(([href, label, , tab]) => ({ href, label, tab: tab === true })) })).filter((group) => group.entries.length > 0);
  const entries = groups.flatMap((group) => group.entries);
  return entries.length > FEW ? groups : [{ name: 'all', title: null, entries }];
}

export const tabsOf = (groups) => groups.flatMap((group) => group.entries).filter((entry) => entry.tab).slice(0, TABS);
