// desk_routes.js: the pages of managers, approvers, auditors and administrators.
const desk = (perm) => ({ words: 'desk', perm });
export default [
  ['/program', () => import('./program_list.js'), { words: 'program', perm: 'program.read' }],
  ['/program/baru', () => import('./program_new.js'), { words: 'program', perm: 'program.write' }],
  ['/program/:id', () => import('./program.js'), { words: 'program', perm: 'program.read' }],
  ['/kepesertaan', () => import('./enrollment.js'), { words: 'program', perm: 'program.read' }],
  ['/daftar-bayar', () => import('./batch_list.js'), desk('batch.read')],
  ['/menunggu', () => import('./batch_list.js'), desk('batch.approve')],
  ['/daftar-bayar/:id', () => import('./batch.js'), desk('batch.read')],
  ['/daftar-bayar/:id/setujui', () => import('./batch_approve.js'), desk('batch.approve')],
  ['/catatan', () => import('./disbursement_list.js'), desk('receipt.read')],
  ['/penyaluran/:id', () => import('./disbursement.js'), desk('receipt.read')],
  ['/audit', () => import('./audit.js'), desk('audit.read')],
  ['/bukti', () => import('./proof.js'), desk('audit.read')],
  ['/akses', () => import('./access.js'), desk('audit.read')],
  ['/duplikat', () => import('./duplicate.js'), { words: 'officer', perm: 'household.read' }],
  ['/pengguna', () => import('./user.js'), desk('user.manage')],
  ['/wilayah', () => import('./region.js'), desk('region.manage')],
  ['/izin', () => import('./permission.js'), { words: 'desk' }],
  ['/formulir', () => import('./form_list.js'), { words: 'form', perm: 'program.write' }],
  ['/formulir/baru', () => import('./form_edit.js'), { words: 'form', perm: 'program.write' }],
  ['/formulir/:id', () => import('./form_edit.js'), { words: 'form', perm: 'program.write' }],
];
