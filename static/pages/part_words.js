// part_words.js: the parts of an entitlement in words: a known component by its name, any other by its code, readably.
import { t, has, money, number, loadWords } from '../app/i18n.js';

await loadWords('part');

// anak_7_12: Anak 7–12
const readable = (code) => { const words = code.replaceAll('_', ' ').replace(/(\d) (?=\d)/g, '$1–'); return words[0].toUpperCase() + words.slice(1); };
export const partName = ({ code }) => (has(`part.${code}`) ? t(`part.${code}`) : readable(code));
export const partAmount = (part, currency) => [part.amount_minor ? money(part.amount_minor, currency) : null, part.item ? `${number(part.quantity)} ${part.item}` : null].filter(Boolean).join(' + ') || '–';
// A good names itself: "10 kg beras", money says what it is for.
export const partText = (part, currency) => (part.item ? partAmount(part, currency) : `${partName(part)}: ${partAmount(part, currency)}`);
