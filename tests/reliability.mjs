// reliability.mjs: the reliability figures that need a server: tried N, lost 0. Each is run once more against its mutant, a server with that one mistake,
// and holds only when the same count sees it. Usage: reliability.mjs BUILD FIGURE [SIZE], 1 being the whole figure.
import { join } from 'node:path';
import { approve } from './reliability/approve.mjs';
import { budget } from './reliability/budget.mjs';
import { idem } from './reliability/idem.mjs';
import { outage } from './reliability/outage.mjs';

const [, , build, figure, size = '1'] = process.argv;
const server = join(build, 'lumbung'), mutant = (name) => join(build, 'mutant', `lumbung-${name}`);
const times = (whole, least) => Math.max(least, Math.round(whole * Number(size)));
const EARLY = ['--mutant', 'ack-before-commit'];
const STOP_MS_MAX = 10500; // the server gives its clients ten seconds

const FIGURES = {
  async kill9() {
    const rounds = times(200, 3);
    const real = await outage(server, rounds, 'SIGKILL');
    const broken = await outage(server, 12, 'SIGKILL', { extra: EARLY, untilLost: true });
    return [`kill9 rounds=${rounds} acked=${real.acked} resent=${real.resent} lost=${real.lost} dup=${real.dup} verified=${real.verified} mutant: acked=${broken.acked} lost=${broken.lost}`,
      real.lost === 0 && real.dup === 0 && real.verified && real.acked > rounds && real.resent > 0 && broken.lost > 0];
  },
  async sigterm() {
    const rounds = times(20, 2);
    const real = await outage(server, rounds, 'SIGTERM', { refusals: true });
    const broken = await outage(mutant('sigterm'), 12, 'SIGTERM', { extra: EARLY, untilLost: true });
    const exits = [...real.codes].join(',');
    return [`sigterm rounds=${rounds} acked=${real.acked} refused=${real.refused} lost=${real.lost} kept=${real.kept} dup=${real.dup} exit=${exits} slowest_ms=${real.slowest} verified=${real.verified} mutant: acked=${broken.acked} lost=${broken.lost}`,
      real.lost === 0 && real.kept === 0 && real.dup === 0 && real.verified && real.acked > rounds && real.refused > 0 && exits === '0' && real.slowest < STOP_MS_MAX && broken.lost > 0];
  },
  async idem() {
    const real = await idem(server, times(1000, 50));
    const broken = await idem(mutant('idem'), 40);
    return [`idem keys=${real.keys} submits=${real.submits} effects=${real.effects} doubles=${real.doubles} resent=${real.resent} other_body_refused=${real.other_body} mutant: keys=${broken.keys} effects=${broken.effects} doubles=${broken.doubles}`,
      real.effects === real.keys && real.doubles === 0 && real.other_body === real.keys && broken.effects > broken.keys && broken.doubles > 0];
  },
  async approve() {
    const real = await approve(server, times(500, 25));
    const broken = await approve(mutant('approve'), 40), duties = await approve(mutant('duties'), 40);
    const none = real.illegal === 0 && real.unreachable === 0 && real.twice_released === 0 && real.self_approved === 0;
    return [`approve races=${real.races} released=${real.released} illegal=${real.illegal} unreachable=${real.unreachable} twice_released=${real.twice_released} self_approved=${real.self_approved} verified=${real.verified} mutant: races=${broken.races} illegal=${broken.illegal} unreachable=${broken.unreachable} twice_released=${broken.twice_released} mutant duties: races=${duties.races} self_approved=${duties.self_approved}`,
      none && real.verified && real.released > 0 && broken.illegal > 0 && broken.unreachable > 0 && broken.twice_released > 0 && duties.self_approved > 0];
  },
  async budget() {
    const real = await budget(server, times(50, 3));
    const broken = await budget(mutant('budget'), 2);
    const none = real.overspent === 0 && real.drift === 0 && real.sum === 0 && real.fitting_refused === 0;
    return [`budget rounds=${real.rounds} batches=${real.batches} released=${real.released} refused=${real.refused} overspent=${real.overspent} fitting_refused=${real.fitting_refused} drift=${real.drift} sum=${real.sum} verified=${real.verified} mutant: batches=${broken.batches} overspent=${broken.overspent} drift=${broken.drift}`,
      none && real.verified && real.released > 0 && real.refused > 0 && broken.overspent > 0 && broken.drift > 0];
  },
};

const [line, holds] = await FIGURES[figure]();
console.log(line);
process.exit(holds ? 0 : 1);
