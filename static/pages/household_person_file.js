// household_person_file.js: all that is held of one person as a file, for him to take along; asked for with a reason that the log keeps.
import { html, useState } from '../app/html.js';
import { t, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { save } from '../app/save.js';
import { Button, Note, useSubmit } from '../app/parts.js';
import { TextField } from '../app/parts_form.js';

await loadWords('list');

const REASON_MIN = 3;

export function PersonFile({ member }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [done, setDone] = useState(false);
  const work = useSubmit(async () => {
    save((await api.file(`/members/${member.id}/file`, { reason: reason.trim() })).data, `${(member.name || 'orang').replace(/[^\p{L}\d]+/gu, '-').toLowerCase()}.json`);
    setOpen(false);
    setDone(true);
  });
  return html`<div class="stack tight noprint">${!open && html`<div><${Button} kind="quiet" onClick=${() => { setOpen(true); setDone(false); }}>${t('person.file')} <span class="visually-hidden">${member.name}</span><//></div>`}
    ${done && html`<${Note} kind="good" role="status">${t('person.file.done')}<//>`}
    ${open && html`<form class="card sunken stack" aria-label=${`${t('person.file')} ${member.name || ''}`} onSubmit=${(event) => { event.preventDefault(); work.submit(); }}><p class="small">${t('person.file.text')}</p>
      <${TextField} pointer=${`/reason/${member.id}`} label=${t('reason')} hint=${t('person.file.reason')} rows=${2} value=${reason} onChange=${setReason} error=${work.problem && (work.problem.detail || t('problem.other'))} />
      <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${reason.trim().length < REASON_MIN}>${t('list.get.act')}<//><${Button} kind="quiet" onClick=${() => setOpen(false)}>${t('cancel')}<//></div></form>`}</div>`;
}
