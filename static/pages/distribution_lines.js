// distribution_lines.js: the lines of a released list as a village reads them, and what is still to be given.
import { api } from '../app/api.js';
import { t, money, number } from '../app/i18n.js';

export const LINES_MAX = 2000;

// Title from program and cycle, since who hands out may not read the payment list itself.
export async function loadDistribution(batch, region) {
  const lines = await api.all('/disbursements', { batch, region }, LINES_MAX);
  if (!lines.length) return { lines, title: t('distribute.title'), cycle: '' };
  const [program, cycle] = await Promise.all([api.get(`/programs/${lines[0].program_id}`), api.get(`/cycles/${lines[0].cycle_id}`)]);
  return { lines: sorted(lines), title: program.data.name, cycle: cycle.data.name, currency: lines[0].currency };
}

const collator = new Intl.Collator('id', { numeric: true });
const keyOf = (line) => [line.region_name, line.hamlet, line.rw, line.rt, line.payee].map((part) => part || '');
export const sorted = (lines) => [...lines].sort((a, b) => { const left = keyOf(a), right = keyOf(b); for (let i = 0; i < left.length; i++) { const order = collator.compare(left[i], right[i]); if (order) return order; } return 0; });

export const groupName = (line) => [line.region_name, line.hamlet, line.rw && `RW ${line.rw}`, line.rt && `RT ${line.rt}`].filter(Boolean).join(' · ');
export function groups(lines) {
  const found = new Map();
  for (const line of lines) { const name = groupName(line); if (!found.has(name)) found.set(name, []); found.get(name).push(line); }
  return [...found];
}

const OPEN = new Set(['pending', 'sent', 'partly_paid', 'uncollected', 'unknown', 'failed', 'returned']);
export const isOpen = (line) => OPEN.has(line.state) && (line.open_minor > 0 || goodsOpen(line).length > 0);
export const goodsOpen = (line) => line.parts.filter((part) => part.item && part.quantity > (part.received_quantity || 0)).map((part) => ({ ...part, open: part.quantity - (part.received_quantity || 0) }));
export const isDone = (line) => ['paid', 'closed_short'].includes(line.state);

export const dueText = (line) => [line.amount_minor ? money(line.amount_minor, line.currency) : null, ...line.parts.filter((part) => part.item).map((part) => `${number(part.quantity)} ${part.item}`)].filter(Boolean).join(' + ');
export const openText = (line) => [line.open_minor ? money(line.open_minor, line.currency) : null, ...goodsOpen(line).map((part) => `${number(part.open)} ${part.item}`)].filter(Boolean).join(' + ');

// What is left to give, money and each good, over all lines that can still be given.
export function balance(lines) {
  const goods = new Map();
  let minor = 0, total = 0;
  for (const line of lines) {
    total += line.amount_minor;
    if (isOpen(line)) minor += line.open_minor;
    for (const part of line.parts.filter((entry) => entry.item)) {
      const sum = goods.get(part.item) || { total: 0, open: 0 };
      sum.total += part.quantity;
      if (isOpen(line)) sum.open += part.quantity - (part.received_quantity || 0);
      goods.set(part.item, sum);
    }
  }
  return { minor, total, goods: [...goods] };
}
