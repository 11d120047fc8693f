// story.mjs: steps of a story in the browser: each is told as ok or not ok, with what the page complained of.
export function story() {
  let passed = 0, failed = 0;
  const faults = [];
  return {
    faults,
    truth(value, what) { if (!value) throw new Error(what); },
    async step(name, work) {
      try {
        await work();
        if (faults.length) throw new Error(faults.splice(0).join('\n  '));
        passed++;
        console.log(`ok ${name}`);
      } catch (error) {
        failed++;
        faults.length = 0;
        console.log(`not ok ${name}\n  ${error.message.split('\n').slice(0, 8).join('\n  ')}`);
      }
    },
    close() {
      console.log(`${passed} passed, ${failed} failed`);
      process.exit(failed ? 1 : 0);
    },
  };
}
