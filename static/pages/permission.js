// permission.js: which role may do what, read from the table that the server itself obeys.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Card, Skeleton, ProblemNote, Table, useLoad } from '../app/parts.js';

export default function PermissionPage() {
  const load = useLoad(() => api.get('/permissions').then(({ data }) => data), []);
  if (load.problem) return html`<${Page} title=${t('nav.permissions')}><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Skeleton} lines=${8} />`;
  const names = [...new Set(load.data.roles.flatMap((role) => role.permissions))].sort();
  const columns = [{ label: t('permission.one'), cell: (name) => html`<code>${name}</code>` },
    ...load.data.roles.map((role) => ({ label: t(`role.${role.role}`), cell: (name) => (role.permissions.includes(name) ? html`<span class="state good">${t('yes')}</span>` : html`<span class="soft">${t('no')}</span>`) }))];
  const routes = [
    { label: t('permission.call'), cell: (route) => html`<code>${route.method} ${route.path}</code>` },
    { label: t('permission.one'), cell: (route) => html`<code>${route.permissions.join(", ")}</code>${route.step_up ? html` <span class="state info">${t('permission.step_up')}</span>` : ''}` },
    { label: t('permission.what'), cell: (route) => route.summary },
  ];
  return html`<${Page} title=${t('nav.permissions')} lead=${t('permission.lead')}>
    <${Card} flush title=${t('permission.roles')}><${Table} caption=${t('permission.roles')} columns=${columns} rows=${names} /><//>
    <${Card} flush><details><summary>${t('permission.routes', { count: load.data.routes.length })}</summary><${Table} caption=${t('permission.routes', { count: load.data.routes.length })} columns=${routes} rows=${load.data.routes} /></details><//>
  <//>`;
}
