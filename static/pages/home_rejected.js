// home_rejected.js: what this person asked for and another rejected, until he has opened it: what, why and by whom.
import { html } from '../app/html.js';
import { t, instant, loadWords } from '../app/i18n.js';
import { Card, List } from '../app/parts.js';
import { fieldName } from './household_words.js';

await Promise.all([loadWords('change'), loadWords('field')]);

const nameOf = (pointer) => fieldName(pointer.replace(/^\/members\/[^/]+/, ''));
const titleOf = (request) => (request.kind === 'death' ? t('change.title.death', { name: request.name || request.head || '–' }) : request.name || request.head || '–');

export const Rejected = ({ items }) => html`<${Card} title=${t('home.rejected')}><${List} items=${items} label=${t('home.rejected')}>${(request) => html`<li key=${request.id}><a class="item" href=${`/perubahan?permintaan=${request.id}`}>
  <div class="grow"><b>${titleOf(request)}</b>${request.kind !== 'death' && request.changes.length > 0 && html`<div class="small">${request.changes.map((change) => nameOf(change.pointer)).join(', ')}</div>`}
    <div class="soft small">${t('change.was.rejected', { who: request.decided_by || '–', at: instant(request.decided_at) })}</div>
    ${request.reason && html`<div class="small">${t('reason')}: ${request.reason}</div>`}</div><span aria-hidden="true">›</span></a></li>`}<//><//>`;
