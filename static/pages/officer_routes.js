// officer_routes.js: the pages of the field: patterns, loaders, and what they need.
export default [
  ['/', () => import('./home.js')],
  ['/masuk', () => import('./session.js'), { public: true, plain: true }],
  ['/mulai/:token', () => import('./setup.js'), { public: true, plain: true }],
  ['/akun', () => import('./account.js'), { words: 'account' }],
  ['/cari', () => import('./search.js'), { words: 'officer', perm: 'household.read' }],
  ['/keluarga/baru', () => import('./household_new.js'), { words: 'officer', perm: 'household.write' }],
  ['/keluarga/:id', () => import('./household.js'), { words: 'officer', perm: 'household.read' }],
  ['/pindah', () => import('./moves.js'), { words: 'officer', perm: 'household.write' }],
  ['/kuesioner/:id', () => import('./assessment.js'), { words: 'field', perm: 'assessment.write' }],
  ['/cek/:program', () => import('./eligibility.js'), { words: 'field', perm: 'eligibility.check' }],
  ['/salur', () => import('./distribution_list.js'), { words: 'field', perm: 'receipt.write' }],
  ['/salur/:batch', () => import('./distribution.js'), { words: 'field', perm: 'receipt.write' }],
  ['/salur/:batch/cetak', () => import('./distribution_print.js'), { words: 'field', perm: 'receipt.write' }],
];
