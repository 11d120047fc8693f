// conflict_test.mjs: two people edit one family in the browser: the later one chooses field by field, and the value that gives way stays in the history.
import { startRegistry, Client, family } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { equal, makeSteps, press, put, truth } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const rina = await new Client(registry.base).signIn('rina');
  const households = [];
  for (let i = 0; i < 3; i++) households.push(await rina.post('/households', family(i)));
  const page = await open(browser, registry.base, { width: 360, language: 'en', faults });
  page.setDefaultTimeout(30000);
  await signIn(page, 'maya');
  const meanwhile = (household, body) => rina.call('PATCH', `/households/${household.id}`, body, { 'If-Match': `"${household.version}"` });
  const now = (i) => rina.get(`/households/${households[i].id}`);
  const lost = async (i) => (await rina.get(`/households/${households[i].id}/history`)).items.flatMap((item) => item.lost || []);
  const edit = async (i) => {
    await visit(page, `/keluarga/${households[i].id}?ubah=place`);
    await put(page, '/rt', '008');
    await put(page, '/hamlet', 'Dusun Maya');
    await meanwhile(households[i], { rt: '007', hamlet: 'Dusun Rina' });
    page.expected.add(412);
    await press(page, 'Save');
    await page.getByRole('heading', { name: 'Someone else changed this first' }).waitFor();
    page.expected.delete(412);
  };
  const pick = (field, whose) => page.locator('fieldset', { hasText: field }).locator('label.choice', { hasText: whose }).click();

  await step('field by field: mine here, theirs there; the one that gave way is kept', async () => {
    await edit(0);
    await pick('Hamlet', 'Mine: Dusun Maya');
    await look(page, 'conflict', faults);
    await axe(page, 'conflict', faults);
    await press(page, 'Save the choice');
    await page.waitForURL((url) => !url.search);
    equal([(await now(0)).rt, (await now(0)).hamlet], ['007', 'Dusun Maya'], 'what stands');
    equal(await lost(0), [{ pointer: '/rt', value: '008' }], 'what gave way');
    await page.getByText('not kept').waitFor();
    truth(/A value that gave way was kept[\s\S]*008/.test(await page.locator('.history').innerText()), 'the history does not tell it');
  });
  await step('all theirs: nothing is written, and mine is in the history', async () => {
    await edit(1);
    await press(page, 'Save the choice');
    await page.waitForURL((url) => !url.search);
    equal([(await now(1)).rt, (await now(1)).hamlet], ['007', 'Dusun Rina'], 'what stands');
    equal((await lost(1)).map((entry) => entry.value).sort(), ['008', 'Dusun Maya'], 'what gave way');
  });
  await step('a member: the other\'s value is in the history as what was before', async () => {
    const who = households[2].members[1].id;
    await visit(page, `/keluarga/${households[2].id}?anggota=${who}&aksi=correct`);
    await put(page, '/name', 'Anak Maya');
    await rina.call('PATCH', `/members/${who}`, { name: 'Anak Rina' }, { 'If-Match': `"${households[2].version}"` });
    page.expected.add(412);
    await press(page, 'Save');
    await page.getByText('Just saved: Anak Rina').waitFor();
    page.expected.delete(412);
    await page.locator('label.choice', { hasText: 'Mine: Anak Maya' }).click();
    await press(page, 'Save the choice');
    await page.waitForURL((url) => !url.search);
    equal((await now(2)).members[1].name, 'Anak Maya', 'what stands');
    equal((await rina.get(`/households/${households[2].id}/history`)).items.at(-1).changes.find((change) => change.pointer.endsWith('/name')).before, 'Anak Rina', 'what gave way');
    equal(await lost(2), [], 'nothing is told twice');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
