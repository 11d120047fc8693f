// score.js: one version of a score: what it counts, and the job that scores everybody and takes it into use, with progress and a way to stop.
import { html, useState, useEffect } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useHeading } from '../app/heading.js';
import { Page, Button, Link, Card, Confirm, Figures, List, Note, Progress, ProblemNote, Skeleton, useLoad, useSubmit } from '../app/parts.js';
import { ScoreState } from './score_list.js';
import { decimal, kindOf, pointsText, rangesText, say } from './score_text.js';

function Indicators({ score }) {
  const adds = (row) => ({ coefficient: () => html`<span class="points">× ${decimal(row.coefficient)}</span>`, points: () => html`<pre class="small">${pointsText(row.points)}</pre>`, ranges: () => html`<pre class="small">${rangesText(row.ranges)}</pre>` })[kindOf(row)]();
  return html`<${Card} title=${t('skor.indicators')}>
    ${score.constant !== undefined && html`<p>${t('skor.field.constant')}: <b>${decimal(score.constant)}</b></p>`}
    <${List} label=${t('skor.indicators')} items=${score.indicators}>${(row) => html`<li key=${row.name}><div class="grow"><b>${say(row.label)}</b><code class="small">${row.input}</code></div>${adds(row)}</li>`}<//>
    ${(score.least !== undefined || score.most !== undefined) && html`<p class="small">${t('skor.bounds', { least: decimal(score.least), most: decimal(score.most) })}</p>`}
    ${score.lookup && html`<details><summary>${t('skor.lookup.size', { rows: score.lookup.rows.length, lines: score.lookup.lines.length })}</summary><div class="table"><table><thead><tr><th scope="col">${t('skor.one')}</th>${score.lookup.lines.map((line) => html`<th scope="col" class="n" key=${line}>${line}</th>`)}</tr></thead>
      <tbody>${score.lookup.rows.map((row, i) => html`<tr key=${i}><td data-label=${t('skor.one')}><div>${row.from === row.to ? row.from : `${row.from ?? ''}–${row.to ?? ''}`}</div></td>${row.values.map((value, j) => html`<td class="n" key=${j} data-label=${score.lookup.lines[j]}><div>${decimal(value)}</div></td>`)}</tr>`)}</tbody></table></div></details>`}<//>`;
}

// A job is its maker's: somebody else sees that it runs, without its figures.
function Run({ score, reload }) {
  const [job, setJob] = useState(null);
  const [asked, setAsked] = useState(false);
  const watch = async (id) => {
    try {
      await api.job(id, setJob);
      reload();
    } catch (failure) {
      if (failure.status !== 404) throw failure;
    }
  };
  useEffect(() => { if (score.job_id) watch(score.job_id); }, [score.job_id]);
  const start = useSubmit(async (key) => { const { data } = await api.post(`/scores/${score.id}/activate`, {}, { key }); setAsked(false); await watch(data.job_id); });
  const stop = useSubmit(async () => { await api.delete(`/jobs/${job.id}`); reload(); });
  const result = job?.result || {}, open = job?.state === 'open', draft = score.state === 'draft';
  return html`<${Card} title=${t('skor.run')}>
    ${open && html`<div role="status" class="stack"><${Progress} label=${t('skor.running')} done=${job.done} total=${job.total} /><div class="row"><${Button} kind="quiet" busy=${stop.busy} onClick=${() => stop.submit()}>${t('skor.stop')}<//></div></div>`}
    <${ProblemNote} problem=${stop.problem} />
    ${job?.state === 'done' && html`<div role="status" class="stack"><${Figures} items=${[[t('skor.count.scored'), number(result.scored)], [t('skor.count.missing'), number(result.missing)], [t('skor.count.refused'), number(result.refused)]]} /></div>`}
    ${(job?.state === 'cancelled' || job?.state === 'failed') && html`<${Note} kind="warn" role="status" title=${t(`skor.ended.${job.state}`)} />`}
    ${score.state === 'scoring' && !job && html`<p>${t('skor.running.other')}</p>`}
    ${!open && (draft || score.state === 'active') && can('program.write') && (asked
      ? html`<${Confirm} title=${t(draft ? 'skor.use' : 'skor.again')} act=${t(draft ? 'skor.use' : 'skor.again')} busy=${start.busy} problem=${start.problem} onDone=${() => start.submit()} onCancel=${() => setAsked(false)}><p>${t(draft ? 'skor.use.text' : 'skor.again.text')}</p><//>`
      : html`<div class="row"><${Button} kind=${draft ? 'main' : ''} onClick=${() => setAsked(true)}>${t(draft ? 'skor.use' : 'skor.again')}<//></div>`)}
    ${score.state === 'retired' && html`<p class="soft">${t('skor.retired.text')}</p>`}<//>`;
}

export default function ScorePage({ id }) {
  const { data, problem, reload } = useLoad(() => api.get(`/scores/${id}`).then((answer) => answer.data), [id]);
  useHeading(data?.name || t('skor.one'));
  if (!data) return html`<${Page} title=${t('skor.one')} back="/skor">${problem ? html`<${ProblemNote} problem=${problem} retry=${reload} />` : html`<${Skeleton} />`}<//>`;
  return html`<${Page} title=${data.name} above=${t('skor.version.number', { version: data.version })} lead=${say(data.label)} back="/skor" state=${html`<${ScoreState} state=${data.state} />`}
    actions=${can('program.write') && html`<${Link} href=${`/skor/baru?dari=${data.id}`}>${t('skor.version.new')}<//>`}>
    ${data.source && html`<p class="small soft">${t('skor.field.source')}: ${data.source}</p>`}
    <${Run} key=${data.id} score=${data} reload=${reload} /><${Indicators} score=${data} /><//>`;
}
