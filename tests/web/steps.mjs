// steps.mjs: one line a step; a fault heard meanwhile fails the step.
export function makeSteps(faults) {
  const count = { passed: 0, failed: 0 };
  const step = async (name, work) => {
    try {
      await work();
      if (faults.length) throw new Error(faults.splice(0).join('\n  '));
      count.passed++;
      console.log(`ok ${name}`);
    } catch (error) {
      count.failed++;
      faults.length = 0;
      console.log(`not ok ${name}\n  ${error.message.split('\n').slice(0, 8).join('\n  ')}`);
    }
  };
  const end = () => {
    console.log(`${count.passed} passed, ${count.failed} failed`);
    process.exit(count.failed ? 1 : 0);
  };
  return { step, end };
}

export const truth = (value, what) => { if (!value) throw new Error(what); };
export const equal = (found, wanted, what) => truth(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
export const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click();
export const put = (page, pointer, value) => page.fill(`[id="f${pointer}"]`, value);
export async function putDate(page, pointer, [day, month, year]) {
  await put(page, pointer, day);
  await put(page, `${pointer}-1`, month);
  await put(page, `${pointer}-2`, year);
}
