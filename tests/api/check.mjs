// check.mjs: the few words that API stories are told with.
let passed = 0, failed = 0;

export async function step(name, work) {
  try {
    await work();
    passed++;
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}\n  ${error.stack.split('\n').slice(0, 4).join('\n  ')}`);
  }
}

export function equal(found, wanted, what = 'value') {
  const left = JSON.stringify(found), right = JSON.stringify(wanted);
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`);
}

export function truth(value, what) {
  if (!value) throw new Error(what);
}

// The call must be refused with this status and code; gives the problem document.
export async function refused(promise, status, code, pointer) {
  try {
    await promise;
  } catch (error) {
    if (error.status !== status) throw new Error(`refused with ${error.status} instead of ${status}: ${error.message}`);
    if (code && error.data?.code !== code) throw new Error(`code ${error.data?.code} instead of ${code}`);
    if (pointer && !error.data?.errors?.some((fault) => fault.pointer === pointer)) throw new Error(`no fault at ${pointer}: ${JSON.stringify(error.data?.errors)}`);
    return error.data;
  }
  throw new Error(`it was accepted instead of refused with ${status} ${code || ''}`);
}

export function close() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
