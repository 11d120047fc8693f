// score_list.js: every version of every score, the newest first, with what is in use.
import { html } from '../app/html.js';
import { t, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Page, Link, Card, Table, State, EmptyList, Skeleton, ProblemNote, Pager, usePages } from '../app/parts.js';
import { say } from './score_text.js';

export const ScoreState = ({ state }) => html`<${State} kind=${{ active: 'good', scoring: 'info', retired: '', draft: '' }[state]}>${t(`skor.state.${state}`)}<//>`;

export default function ScoreListPage() {
  const pages = usePages((after) => api.get('/scores', { after }), []);
  const columns = [
    { label: t('skor.one'), cell: (score) => html`<a href=${`/skor/${score.id}`}>${score.name}</a><br /><span class="soft small">${say(score.label)}</span>` },
    { label: t('skor.version'), number: true, cell: (score) => score.version },
    { label: t('skor.made'), cell: (score) => instant(score.created_at) },
    { label: t('state'), cell: (score) => html`<${ScoreState} state=${score.state} />` },
  ];
  return html`<${Page} title=${t('skor.many')} lead=${t('skor.lead')} actions=${can('program.write') && html`<${Link} kind="main" href="/skor/baru">${t('skor.new')}<//>`}>
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} title=${t('skor.none')}>${t('skor.none.text')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('skor.many')} columns=${columns} rows=${pages.items} keyOf=${(score) => score.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
