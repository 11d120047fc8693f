// household_waiting.js: on the household's page, what of it another person has still to decide.
import { html } from '../app/html.js';
import { t, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Note, useLoad } from '../app/parts.js';
import { requestTitle } from './change_parts.js';

export function WaitingChanges({ id, version }) {
  const list = useLoad(() => api.get('/change-requests', { household: id, limit: 20 }).then(({ data }) => data.items), [id, version]);
  if (!list.data?.length) return null;
  return html`<${Note} kind="warn" title=${t('change.household')}><ul>${list.data.map((request) => html`<li key=${request.id}>${requestTitle(request)} · ${t('change.by', { who: request.made_by || '–', at: instant(request.made_at) })}</li>`)}</ul>
    <p><a href=${`/perubahan?keluarga=${id}`}>${t('change.household.open')}</a></p><//>`;
}
