// story_shapes.mjs: outlines of regions from the console: both kinds of file, what is refused and why, who reads them, and that they outlive a restart.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client } from './registry.mjs';

const binary = process.argv[2], shared = new URL('../../../shared/data/idn-boundaries/', import.meta.url);
const registry = await startRegistry(binary);
const square = (x, y) => [[[x, y], [x + 1, y], [x + 1, y - 1], [x, y - 1], [x, y]]];
const feature = (code, coordinates, type = 'Polygon') => ({ type: 'Feature', properties: { code }, geometry: { type, coordinates } });
const write = (name, content) => { const path = join(registry.folder, name); writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content)); return path; };
const load = (path, ...words) => spawnSync(binary, ['import', 'shapes', '--db', registry.db, path, ...words], { encoding: 'utf8' });
const collection = (...features) => ({ type: 'FeatureCollection', features });
try {
  const rina = await new Client(registry.base).signIn('rina'), maya = await new Client(registry.base).signIn('maya');

  await step('without any, the answer is an empty list', async () => equal((await maya.get('/shapes?region=15')).items, []));
  await step('a file is taken while the registry serves', async () => {
    const done = load(write('two.geojson', collection(feature('15.01', square(101, -2)), feature('15.02', square(102, -2)))), '--level', '2');
    equal([done.status, done.stdout.trim()], [0, '2 regions drawn, 0 unknown']);
    const { unit, items } = await maya.get('/shapes?region=15');
    equal(items.map((item) => [item.code, item.source, item.rings.length]), [['15.01', 'two.geojson', 1], ['15.02', 'two.geojson', 1]]);
    truth(Math.abs(items[0].rings[0][0] / unit - 101) < 0.01, 'where it lies');
  });
  await step('what is refused names the feature, says why, and leaves what was there', async () => {
    for (const [content, words, said] of [
      [collection(feature('15.09', square(101, -2))), ['--level', '2'], /feature 1, property code.*15\.09, level 2/],
      [collection(feature('15.01', [square(101, -2)[0].slice(0, 4)])), ['--level', '2'], /feature 1, ring 1: The ring is open/],
      [collection(feature('15.01', [[[101, -2], [102, -2], [103, -2], [101, -2]]])), ['--level', '2'], /encloses nothing/],
      [collection(feature('15.01', square(179.5, -2))), ['--level', '2'], /between -180 \(longitude\) and 180/],
      [collection(feature('15.01', square(101, -89.5))), ['--level', '2'], /between -90 \(latitude\) and 90/],
      [collection(feature('15.01', square(101, -2)), feature('15.01', square(102, -2))), ['--level', '2'], /feature 2, property code: .*twice/],
      [collection(feature('15.01', square(101, -2))), ['--level', '3'], /15\.01, level 3/],
      [collection(feature('15.01', square(101, -2))), ['--level', 'two'], /--level N/],
      [collection(feature('15.01', square(101, -2))), ['--level', '2', '--code', 'kode'], /property kode/],
      [collection(feature('15.01', square(101, -2))), [], /--level N/],
      ['{', ['--level', '2'], /JSON/], [{ type: 'Topology' }, ['--level', '2'], /objects and arcs/],
      [`${'['.repeat(40)}${']'.repeat(40)}`, ['--level', '2'], /nested too deeply/], [`[${'0,'.repeat(1600000)}0]`, ['--level', '2'], /too many values/],
      [' '.repeat(24 * 1024 * 1024 + 1), ['--level', '2'], /24 MB/],
    ]) {
      const done = load(write('bad.geojson', content), ...words);
      truth(done.status === 2 && said.test(done.stderr), `${done.status}: ${done.stderr} instead of ${said}`);
    }
    truth(load(join(registry.folder, 'nowhere.geojson'), '--level', '2').status === 2, 'no file');
    equal((await maya.get('/shapes?region=15')).items.map((item) => item.source), ['two.geojson', 'two.geojson']);
  });
  await step('another area than one\'s own has no parts, and neither has one that is unknown', async () => {
    equal((await rina.get('/shapes?region=15')).items, []);
    equal((await rina.get('/shapes?region=15.02')).items, (await rina.get('/shapes?region=99')).items);
    await refused(new Client(registry.base).get('/shapes'), 401);
    await refused(maya.get('/shapes?level=2'), 400, 'query');
  });
  if (existsSync(shared))
    await step('the country\'s files: those of other provinces are passed over, names tell a region as well', async () => {
      const topology = new URL('indonesia-38-provinces.topo.json', shared).pathname;
      equal(load(new URL('kabkota.geojson', shared).pathname, '--level', '2', '--skip-unknown').stdout.trim(), '2 regions drawn, 512 unknown');
      equal(load(topology, '--level', '1', '--name', 'PROVINSI', '--skip-unknown').stdout.trim(), '1 regions drawn, 37 unknown');
      truth(/appears twice|does not exist/.test(load(topology, '--level', '1', '--code', 'KODE_PROV').stderr), 'old codes');
      const { items } = await maya.get('/shapes');
      truth(JSON.stringify(items).length < readFileSync(topology).length, 'simplified');
    });
  await step('after a restart they are there', async () => {
    const before = await maya.get('/shapes?region=15');
    await registry.pause();
    await registry.resume();
    equal(await maya.get('/shapes?region=15'), before);
  });
} finally {
  await registry.stop();
}
close();
