// life_test.mjs: life events in the browser: what each touches is shown before, and chosen; a household is sent to another region and accepted there; a merge is taken back.
import { startRegistry, fill, addUser, Client, family } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { equal, makeSteps, press, put, truth } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const { households, program } = await fill(registry.base);
  addUser(process.argv[2], registry.db, 'mira', 'manager', 'Mira Kusuma');
  addUser(process.argv[2], registry.db, 'bima', 'officer', 'Bima Putra', '15.02');
  const maya = await new Client(registry.base).signIn('maya');
  const rina = await open(browser, registry.base, { width: 360, language: 'en', faults }), bima = await open(browser, registry.base, { width: 1280, language: 'en', faults });
  for (const page of [rina, bima]) page.setDefaultTimeout(30000);
  await signIn(rina, 'rina');
  await signIn(bima, 'bima');
  const touched = (page) => page.getByRole('region', { name: 'What this touches' });
  const nameOf = (i) => households[i].members[0].name;
  const seen = async (page, path) => { await look(page, path, faults); await axe(page, path, faults); };
  const choose = async (page, i) => {
    await page.getByLabel('Find a household').or(page.locator('input[type=search]')).first().fill(nameOf(i));
    await press(page, 'Search');
    await page.locator('li', { hasText: nameOf(i) }).getByRole('button', { name: 'Choose' }).click();
  };

  await step('a death tells what it holds and what is judged anew', async () => {
    await visit(rina, `/keluarga/${households[1].id}?anggota=${households[1].members[0].id}&aksi=death`);
    await touched(rina).getByText('held', { exact: true }).first().waitFor();
    const text = await touched(rina).innerText();
    for (const word of [program.name, 'judged anew', 'This is the head', 'Rp750,000']) truth(text.includes(word), `${word} is not in ${text}`);
    await seen(rina, 'death');
  });
  await step('a household ends with a reason, after what it touches was shown', async () => {
    await visit(rina, `/keluarga/${households[7].id}`);
    await rina.getByRole('link', { name: 'Dissolve', exact: true }).click();
    await touched(rina).getByText('ends', { exact: true }).waitFor();
    await rina.fill('#confirm-reason', 'They moved abroad');
    await seen(rina, 'dissolve');
    await press(rina, 'Dissolve');
    await rina.getByText('Dissolved').first().waitFor();
    equal((await maya.get(`/households/${households[7].id}`)).state, 'dissolved', 'the state');
  });
  await step('two households become one; what belongs to the other goes along by choice', async () => {
    await maya.post(`/enrollments/${(await maya.get(`/households/${households[2].id}/enrollments`)).items[0].id}/exit`, { code: 'ineligible', reason: 'untuk uji' });
    await visit(rina, `/keluarga/${households[2].id}?ubah=merge`);
    await choose(rina, 3);
    await touched(rina).getByLabel('Goes along').check();
    await put(rina, '/reason', 'They cook together now');
    await seen(rina, 'merge');
    await press(rina, 'Merge');
    await rina.getByRole('heading', { name: 'Members (4)' }).waitFor();
    equal((await maya.get(`/households/${households[2].id}/enrollments`)).items.filter((item) => item.state === 'enrolled').length, 1, 'what went along');
  });
  await step('the household itself cannot be chosen', async () => {
    await visit(rina, `/keluarga/${households[4].id}?ubah=merge`);
    await choose(rina, 4);
    await rina.getByText('That is this household itself').waitFor();
  });
  await step('the merge is taken back from the page of the one that ended', async () => {
    await visit(rina, `/keluarga/${households[3].id}`);
    await press(rina, 'Take the merge back');
    await rina.fill('#confirm-reason', 'They were two after all');
    await seen(rina, 'unmerge');
    await rina.locator('form.confirm').getByRole('button', { name: 'Take the merge back' }).click();
    await rina.getByRole('heading', { name: 'Members (2)' }).waitFor();
    equal((await maya.get(`/households/${households[2].id}`)).members.length, 2, 'members of the other');
  });
  await step('sent to a village outside the area, with a message', async () => {
    await visit(rina, `/keluarga/${households[5].id}?ubah=relocate`);
    await rina.locator('input[type=search]').first().fill('Muara');
    await press(rina, 'Search');
    await rina.locator('li', { hasText: 'Muara Madras' }).getByRole('button', { name: 'Choose' }).click();
    await put(rina, '/note', 'They follow the son');
    await seen(rina, 'relocate');
    await press(rina, 'Send');
    await rina.getByText('It waits to be accepted').waitFor();
    equal((await maya.get(`/households/${households[5].id}`)).region, '15.01.01.2001', 'the region');
  });
  await step('the receiving officer finds it at home and accepts it with its new address', async () => {
    await visit(bima, '/');
    await bima.getByRole('link', { name: /Accept households that move/ }).click();
    await bima.getByText('They follow the son').waitFor();
    truth(await bima.getByRole('link', { name: nameOf(5) }).count() === 0, 'it is open to the receiver before he accepts');
    await press(bima, 'Accept');
    await put(bima, '/hamlet', 'Dusun Tengah');
    await put(bima, '/rt', '002');
    await seen(bima, '/pindah');
    await bima.locator('form.confirm').getByRole('button', { name: 'Accept', exact: true }).click();
    await bima.getByRole('link', { name: nameOf(5) }).click();
    await bima.getByText('Dusun Tengah').first().waitFor();
  });
  await step('refused with a reason, the sender reads it', async () => {
    const rinaApi = await new Client(registry.base).signIn('rina');
    await rinaApi.post(`/households/${households[6].id}/move`, { to_region: '15.02.01.2001' });
    await visit(bima, '/pindah');
    await press(bima, 'Refuse');
    await bima.fill('#confirm-reason', 'Nobody of that name here');
    await bima.locator('form.confirm').getByRole('button', { name: 'Refuse', exact: true }).click();
    await visit(rina, '/pindah?arah=out&keadaan=refused');
    await rina.getByText('Nobody of that name here').waitFor();
    await seen(rina, '/pindah?arah=out');
  });
  await step('an objection shows its clock at the manager, who decides it with a reason', async () => {
    const house = await maya.post('/households', { ...family(70), consent: { ...family(70).consent, basis: 'public_task' } });
    await maya.post(`/consents/${house.consents[0].id}/withdraw`, { reason: 'tidak mau didata' });
    const mira = await open(browser, registry.base, { width: 360, language: 'en', faults });
    mira.setDefaultTimeout(30000);
    await signIn(mira, 'mira');
    await visit(mira, '/');
    await mira.getByRole('link', { name: /Decide objections/ }).click();
    await mira.getByText('72 hours left').waitFor();
    await press(mira, 'Dismiss the objection');
    await mira.fill('#confirm-reason', 'The law asks for it');
    await seen(mira, '/keberatan');
    await mira.locator('form.confirm').getByRole('button', { name: 'Dismiss the objection' }).click();
    await mira.getByText('No objections').waitFor();
    await visit(mira, `/keluarga/${house.id}`);
    await mira.getByText('objection dismissed').waitFor();
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
