// change_test.mjs: a change of an enrolled household in the browser: asked for with its paper, seen side by side, approved, rejected with a reason, several at once.
import { startRegistry, fill, addUser, Client } from './registry.mjs';
import { launch, open, signIn, visit, look, axe, speak } from './browser.mjs';
import { equal, makeSteps, press, put, truth } from './steps.mjs';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const { households } = await fill(registry.base);
  addUser(process.argv[2], registry.db, 'mira', 'manager', 'Mira Kusuma');
  addUser(process.argv[2], registry.db, 'doni', 'officer', 'Doni Saputra', '15.01');
  const maya = await new Client(registry.base).signIn('maya');
  const phone = await open(browser, registry.base, { width: 360, language: 'en', faults }), desk = await open(browser, registry.base, { width: 1280, language: 'en', faults });
  for (const page of [phone, desk]) page.setDefaultTimeout(30000);
  await signIn(phone, 'doni');
  await signIn(desk, 'mira');
  const card = (name) => desk.locator('section.card', { has: desk.getByRole('heading', { name, exact: true }) });
  const nameOf = (i) => households[i].members[0].name;
  const ask = async (i, number) => (await maya.call('PATCH', `/households/${households[i].id}`, { payee: { account: { provider: 'BRI', number, holder: nameOf(i) } } }, { 'If-Match': `"${(await maya.get(`/households/${households[i].id}`)).version}"` })).change_request_id;

  await step('an officer changes the account: he is told that it waits, and adds reason and photo', async () => {
    await visit(phone, `/keluarga/${households[0].id}?ubah=payee`);
    await phone.check('[id="f/payee/account"]');
    await put(phone, '/payee/account/provider', 'BRI');
    await put(phone, '/payee/account/number', '5550001111');
    await put(phone, '/payee/account/holder', nameOf(0));
    await press(phone, 'Save');
    await phone.getByText('another person decides').first().waitFor();
    await phone.locator('textarea').fill('The bank closed the old account');
    await phone.setInputFiles('input[type=file]', { name: 'buku.png', mimeType: 'image/png', buffer: PNG });
    await press(phone, 'Send reason and evidence');
    await phone.getByText('Reason and evidence are stored.').waitFor();
    await look(phone, 'waiting', faults);
    equal((await maya.get(`/households/${households[0].id}`)).payee, undefined, 'the payee');
  });
  await step('his household page says that it waits and leads to it', async () => {
    await visit(phone, `/keluarga/${households[0].id}`);
    await phone.getByText('Waiting for approval').waitFor();
    await phone.getByRole('link', { name: 'See the changes' }).click();
    await phone.getByRole('heading', { name: nameOf(0), exact: true }).waitFor();
    truth(await phone.getByRole('button', { name: 'Approve', exact: true }).count() === 0, 'an officer may approve');
    truth(await phone.getByRole('button', { name: 'Withdraw the request', exact: true }).count() === 1, 'he cannot take it back');
    await look(phone, '/perubahan?keluarga=', faults);
  });
  await step('the manager finds it at home, sees before, after, reason and photo, and approves', async () => {
    await visit(desk, '/');
    await desk.getByRole('link', { name: /Decide changes/ }).click();
    await card(nameOf(0)).waitFor();
    const text = await card(nameOf(0)).innerText();
    for (const word of ['BRI', '1111', 'The bank closed the old account', 'Doni Saputra']) truth(text.includes(word), `${word} is not in ${text}`);
    await card(nameOf(0)).locator('img').waitFor();
    await press(desk, 'Show numbers in full');
    await desk.getByText('5550001111').waitFor();
    await press(desk, 'Approve');
    await desk.locator('form.confirm').getByRole('button', { name: 'Approve', exact: true }).click();
    await desk.getByText('Approved by Mira Kusuma').waitFor();
    equal((await maya.get(`/households/${households[0].id}`)).payee.account.provider, 'BRI', 'the provider');
  });
  await step('rejected with a reason, which the asking person reads', async () => {
    const id = await ask(1, '7770001111');
    await visit(desk, '/perubahan');
    await press(desk, 'Reject');
    await desk.fill('#confirm-reason', 'The name is another');
    await desk.locator('form.confirm').getByRole('button', { name: 'Reject', exact: true }).click();
    await desk.getByText('The name is another').waitFor();
    equal((await maya.get(`/change-requests/${id}`)).reason, 'The name is another', 'the reason');
  });
  await step('who was faster is seen, and nothing is decided twice', async () => {
    const id = await ask(2, '7770002222');
    await visit(desk, '/perubahan');
    await press(desk, 'Approve');
    await maya.post(`/change-requests/${id}/withdraw`);
    desk.expected.add(412);
    await desk.locator('form.confirm').getByRole('button', { name: 'Approve', exact: true }).click();
    await desk.getByText('Withdrawn by Maya Lestari').waitFor();
    desk.expected.delete(412);
    truth(await desk.getByRole('button', { name: 'Approve', exact: true }).count() === 0, 'it may still be approved');
  });
  await step('several at once, with what is left out named', async () => {
    const ids = [await ask(3, '7770003333'), await ask(4, '7770004444'), await ask(5, '7770005555')];
    await visit(desk, '/perubahan');
    await desk.getByText('Select all (3)').click();
    await maya.post(`/change-requests/${ids[1]}/withdraw`);
    await press(desk, 'Approve 3');
    await desk.locator('form.confirm').getByRole('button', { name: 'Approve 3' }).click();
    await desk.getByText('2 decided').waitFor();
    await desk.getByText('1 left out').waitFor();
    await look(desk, '/perubahan', faults);
    await desk.getByText('Nothing waits').waitFor();
    equal((await maya.get('/change-requests?state=approved')).items.length, 3, 'approved');
  });
  await step('a reported death says that payments are held', async () => {
    await maya.post(`/members/${households[6].members[0].id}/death`, { on: '2026-06-01' });
    await visit(desk, '/perubahan');
    await desk.getByText('Open payments are held until this is decided.').waitFor();
    await desk.getByRole('heading', { name: `Death: ${nameOf(6)}` }).waitFor();
  });
  await step('an officer sees at home what was rejected, why and by whom, until he has opened it', async () => {
    const doni = await new Client(registry.base).signIn('doni'), mira = await new Client(registry.base).signIn('mira');
    const { version } = await doni.get(`/households/${households[7].id}`);
    const { change_request_id: id } = await doni.call('PATCH', `/households/${households[7].id}`, { payee: { account: { provider: 'BRI', number: '7770007777', holder: nameOf(7) } } }, { 'If-Match': `"${version}"` });
    await visit(phone, '/');
    equal(await phone.getByText('Your requests that were rejected').count(), 0, 'told before it was rejected');
    await mira.post(`/change-requests/${id}/reject`, { reason: 'The book bears another name' });
    for (const [language, title, words] of [['id', 'Permintaan Anda yang ditolak', ['Ditolak Mira Kusuma', 'Alasan: The book bears another name']], ['en', 'Your requests that were rejected', ['Rejected by Mira Kusuma', 'Reason: The book bears another name']]]) {
      await speak(phone, language);
      await visit(phone, '/');
      const box = phone.locator('section.card', { has: phone.getByRole('heading', { name: title, exact: true }) });
      await box.waitFor();
      const text = await box.innerText();
      for (const word of [nameOf(7), ...words]) truth(text.includes(word), `${word} is not in ${text}`);
      equal(await look(phone, `/ ${language}`, faults), [], 'raw keys');
      await axe(phone, `/ ${language}`, faults);
      if (process.env.SHOTS) await phone.screenshot({ path: `${process.env.SHOTS}/rejected-360-${language}.png`, fullPage: true });
    }
    await phone.getByRole('link', { name: new RegExp(nameOf(7)) }).click();
    await phone.getByText('The book bears another name').waitFor();
    await look(phone, '/perubahan?permintaan=', faults);
    for (let i = 0; i < 40 && (await doni.get(`/change-requests/${id}`)).unseen; i++) await new Promise((done) => setTimeout(done, 100));
    await visit(phone, '/');
    equal(await phone.getByText('Your requests that were rejected').count(), 0, 'told again');
    await visit(desk, '/');
    equal(await desk.getByText('Your requests that were rejected').count(), 0, 'told to who rejected it');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
