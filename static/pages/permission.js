// permission.js: which role may do what, read from the table that the server itself obeys.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Card, Skeleton, ProblemNote, Table, useLoad } from '../app/parts.js';

export default function PermissionPage() {
  const load = useLoad(() => api.get('/permissions').then(({ data }) => data), []);
  if (load.problem) return html`<${Page} title=${t('nav.permissions')}><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Skeleton} lines=${8} />`;
  const named = load.data.permissions.filter(({ permission }) => load.data.roles.some((role) => role.permissions.includes(permission)));
  const columns = [{ label: t('permission.one'), cell: ({ permission, text }) => html`<b>${text}</b><br /><code class="small soft">${permission}</code>` },
    ...load.data.roles.map((role) => ({ label: t(`role.${role.role}`), cell: ({ permission }) => (role.permissions.includes(permission) ? html`<span class="state good">${t('yes')}</span>` : html`<span class="soft only-wide">${t('no')}</span>`) }))];
  const routes = [
    { label: t('permission.call'), cell: (route) => html`<code>${route.method} ${route.path}</code>` },
    { label: t('permission.one'), cell: (route) => html`<code>${route.permissions.join(", ")}</code>${route.step_up ? html` <span class="state info">${t('permission.step_up')}</span>` : ''}` },
    { label: t('permission.what'), cell: (route) => route.summary },
  ];
  return html`<${Page} title=${t('nav.permissions')} lead=${t('permission.lead')}>
    <${Card} flush title=${t('permission.roles')}><div class="matrix"><${Table} caption=${t('permission.roles')} columns=${columns} rows=${named} keyOf=${(row) => row.permission} /></div><//>
    <${Card}><details><summary>${t('permission.routes', { count: load.data.routes.length })}</summary><${Table} caption=${t('permission.routes', { count: load.data.routes.length })} columns=${routes} rows=${load.data.routes} /></details><//>
  <//>`;
}
