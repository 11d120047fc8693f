// expr.js: the part of CEL that questionnaires use, over their answers, as the server runs it: literals, names, . [] in has(), lists with their loops,
// ! - * / % + comparisons && || ?: and the functions below. An int is a BigInt, a double a Number, so that 7 / 2 is 3 and 7.0 / 2.0 is 3.5 on both
// sides. What cannot be evaluated (a missing answer, a wrong type) is undefined, unless && or || decide without it. Nothing of the page can be reached.
const TOKEN = /\s*(?:(\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)|(\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/%<>!?:().,[\]]))/y;
const LEVELS = [['||'], ['&&'], ['==', '!=', '<', '<=', '>', '>=', 'in'], ['+', '-'], ['*', '/', '%']];
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const ESCAPES = { n: '\n', t: '\t', r: '\r' };
const WORDS = new Map([['true', true], ['false', false], ['null', null]]);

function unquote(text) {
  return text.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code, sign) => (code ? String.fromCharCode(parseInt(code, 16)) : ESCAPES[sign] ?? sign));
}

function lex(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex, found = TOKEN.exec(text);
    if (!found) throw new SyntaxError(`unexpected "${text.slice(at).trim()[0]}" at ${at + 1}`);
    const [, real, digits, quoted, name, mark] = found;
    if (real !== undefined) tokens.push({ kind: 'literal', value: Number(real) });
    else if (digits !== undefined) tokens.push({ kind: 'literal', value: BigInt(digits) });
    else if (quoted !== undefined) tokens.push({ kind: 'literal', value: unquote(quoted) });
    else if (WORDS.has(name)) tokens.push({ kind: 'literal', value: WORDS.get(name) });
    else if (name === 'in') tokens.push({ kind: 'mark', text: 'in' });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

class Parser {
  constructor(text) { this.tokens = lex(text); this.at = 0; this.depth = 0; }
  is(text) { const token = this.tokens[this.at]; return token?.kind === 'mark' && token.text === text; }
  take(text) { if (!this.is(text)) return false; this.at++; return true; }
  want(text) { if (!this.take(text)) throw new SyntaxError(`expected "${text}"`); }
  whole() {
    const node = this.choice();
    if (this.at < this.tokens.length) throw new SyntaxError('text after the expression');
    return node;
  }
  choice() {
    if (++this.depth > 60) throw new SyntaxError('nested too deep');
    const test = this.level(0);
    let node = test;
    if (this.take('?')) {
      const yes = this.level(0);
      this.want(':');
      node = { kind: 'choice', test, yes, no: this.choice() };
    }
    this.depth--;
    return node;
  }
  level(depth) {
    if (depth === LEVELS.length) return this.unary();
    let left = this.level(depth + 1);
    for (;;) {
      const mark = LEVELS[depth].find((text) => this.is(text));
      if (!mark) return left;
      this.at++;
      left = { kind: 'binary', mark, left, right: this.level(depth + 1) };
    }
  }
  unary() {
    if (this.take('!')) return { kind: 'not', of: this.unary() };
    if (this.take('-')) return { kind: 'minus', of: this.unary() };
    let node = this.primary();
    for (;;) {
      if (this.take('.')) {
        const token = this.tokens[this.at++];
        if (token?.kind !== 'name') throw new SyntaxError('expected a name after "."');
        node = this.take('(') ? this.method(node, token.text) : { kind: 'member', of: node, name: token.text };
      } else if (this.take('[')) {
        node = { kind: 'index', of: node, at: this.choice() };
        this.want(']');
      } else return node;
    }
  }
  method(of, name) {
    const items = this.items(')');
    if (!LOOPS.has(name) || items[0]?.kind !== 'name') return { kind: 'call', name, items: [of, ...items] };
    return { kind: 'loop', name, of, variable: items[0].name, items: items.slice(1) };
  }
  items(end) {
    const items = [];
    if (this.take(end)) return items;
    do items.push(this.choice()); while (this.take(','));
    this.want(end);
    return items;
  }
  primary() {
    if (this.take('(')) { const node = this.choice(); this.want(')'); return node; }
    if (this.take('[')) return { kind: 'list', items: this.items(']') };
    const token = this.tokens[this.at++];
    if (token?.kind === 'literal') return token;
    if (token?.kind !== 'name') throw new SyntaxError('expected a value');
    return this.take('(') ? { kind: 'call', name: token.text, items: this.items(')') } : { kind: 'name', name: token.text };
  }
}

// --- values
const isNumber = (value) => typeof value === 'bigint' || typeof value === 'number';
const int64 = (value) => (BigInt.asIntN(64, value) === value ? value : undefined);
function same(a, b) {
  if (isNumber(a) && isNumber(b)) return a == b; // eslint-disable-line eqeqeq -- 1n and 1 are equal
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((entry, i) => same(entry, b[i]));
  return a === b;
}
function order(a, b, holds) {
  return (isNumber(a) && isNumber(b)) || (typeof a === typeof b && (typeof a === 'string' || typeof a === 'boolean')) ? holds(a, b) : undefined;
}
function arithmetic(a, b, ints, reals) {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(ints(a, b));
  return typeof a === 'number' && typeof b === 'number' ? reals?.(a, b) : undefined;
}
function add(a, b) {
  if ((typeof a === 'string' && typeof b === 'string')) return a + b;
  return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : arithmetic(a, b, (x, y) => x + y, (x, y) => x + y);
}
const MARKS = {
  '==': same, '!=': (a, b) => !same(a, b),
  '<': (a, b) => order(a, b, (x, y) => x < y), '<=': (a, b) => order(a, b, (x, y) => x <= y),
  '>': (a, b) => order(a, b, (x, y) => x > y), '>=': (a, b) => order(a, b, (x, y) => x >= y),
  in: (a, b) => (Array.isArray(b) ? b.some((entry) => same(entry, a)) : undefined),
  '+': add, '-': (a, b) => arithmetic(a, b, (x, y) => x - y, (x, y) => x - y), '*': (a, b) => arithmetic(a, b, (x, y) => x * y, (x, y) => x * y),
  '/': (a, b) => arithmetic(a, b, (x, y) => (y === 0n ? undefined : x / y), (x, y) => x / y), '%': (a, b) => arithmetic(a, b, (x, y) => (y === 0n ? undefined : x % y)),
};
const own = (of, name) => (of !== null && typeof of === 'object' && Object.hasOwn(of, name) ? of[name] : undefined);
const text = (test) => (a, b) => (typeof a === 'string' && typeof b === 'string' ? test(a, b) : undefined);
const extreme = (better) => (...values) => {
  const items = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
  return items.length && items.every(isNumber) ? items.reduce((best, item) => (better(item, best) ? item : best)) : undefined;
};
function toInt(value) {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? int64(BigInt(Math.trunc(value))) : undefined;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? int64(BigInt(value)) : undefined;
}
function toDouble(value) {
  if (isNumber(value)) return Number(value);
  return typeof value === 'string' && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value) ? Number(value) : undefined;
}
function years(birth, on) {
  if (!/^\d{4}-\d\d-\d\d$/.test(birth) || !on) return undefined;
  return BigInt(Number(on.slice(0, 4)) - Number(birth.slice(0, 4)) - (on.slice(5) < birth.slice(5) ? 1 : 0));
}
const CALLS = {
  size: (value) => (typeof value === 'string' ? BigInt([...value].length) : Array.isArray(value) ? BigInt(value.length) : undefined),
  contains: text((a, b) => a.includes(b)), startsWith: text((a, b) => a.startsWith(b)), endsWith: text((a, b) => a.endsWith(b)),
  matches: text((a, pattern) => new RegExp(pattern, 'u').test(a)),
  int: toInt, double: toDouble,
  string: (value) => (isNumber(value) || ['string', 'boolean'].includes(typeof value) ? String(value) : undefined),
  sum: (list) => (Array.isArray(list) && list.every(isNumber) ? (list.length ? list.reduce((a, b) => (a === undefined ? a : add(a, b))) : 0n) : undefined),
  least: extreme((a, b) => a < b), greatest: extreme((a, b) => a > b),
  top: (list, count) => (Array.isArray(list) && list.every((item) => typeof item === 'bigint') && count >= 0n ? [...list].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)).slice(0, Number(count)) : undefined),
  round: (value, digits) => (typeof value === 'number' && digits >= 0n && digits <= 6n ? Math.floor(value * 10 ** Number(digits) + 0.5) / 10 ** Number(digits) : undefined),
  dyn: (value) => value,
};

// --- running
function loop(node, scope) {
  const list = run(node.of, scope);
  if (!Array.isArray(list)) return undefined;
  const at = (item, items) => run(items, { ...scope, locals: { ...scope.locals, [node.variable]: item } });
  const tests = node.name === 'map' && node.items.length === 1 ? [] : list.map((item) => at(item, node.items[0]));
  const unknown = tests.some((test) => typeof test !== 'boolean');
  if (node.name === 'exists') return tests.includes(true) ? true : unknown ? undefined : false;
  if (node.name === 'all') return tests.includes(false) ? false : unknown ? undefined : true;
  if (unknown) return undefined;
  if (node.name === 'exists_one') return tests.filter(Boolean).length === 1;
  const kept = list.filter((_, i) => tests[i] ?? true);
  if (node.name === 'filter') return kept;
  const made = kept.map((item) => at(item, node.items.at(-1)));
  return made.includes(undefined) ? undefined : made;
}

function call(node, scope) {
  if (node.name === 'has') { const of = run(node.items[0].of, scope); return of === undefined ? undefined : own(of, node.items[0].name) !== undefined; }
  if (node.name === 'today') return scope.on;
  const items = node.items.map((item) => run(item, scope));
  if (items.includes(undefined) || items.includes(null)) return undefined;
  return node.name === 'age' ? years(items[0], scope.on) : CALLS[node.name](...items);
}

// && and || are decided by one side when it decides, whatever the other is.
function joined(node, scope, decides) {
  const left = run(node.left, scope);
  if (left === decides) return decides;
  const right = run(node.right, scope);
  if (right === decides) return decides;
  return typeof left === 'boolean' && typeof right === 'boolean' ? !decides : undefined;
}

function run(node, scope) {
  switch (node.kind) {
    case 'literal': return node.value;
    case 'name': return Object.hasOwn(scope.locals, node.name) ? scope.locals[node.name] : scope.look(node.name);
    case 'member': return own(run(node.of, scope), node.name);
    case 'index': {
      const of = run(node.of, scope), at = run(node.at, scope);
      return Array.isArray(of) ? (typeof at === 'bigint' ? own(of, String(at)) : undefined) : own(of, String(at));
    }
    case 'list': { const items = node.items.map((item) => run(item, scope)); return items.includes(undefined) ? undefined : items; }
    case 'not': { const value = run(node.of, scope); return typeof value === 'boolean' ? !value : undefined; }
    case 'minus': { const value = run(node.of, scope); return isNumber(value) ? (typeof value === 'bigint' ? int64(-value) : -value) : undefined; }
    case 'choice': { const test = run(node.test, scope); return typeof test === 'boolean' ? run(test ? node.yes : node.no, scope) : undefined; }
    case 'loop': return loop(node, scope);
    case 'call': return call(node, scope);
    default: {
      if (node.mark === '&&') return joined(node, scope, false);
      if (node.mark === '||') return joined(node, scope, true);
      const left = run(node.left, scope), right = run(node.right, scope);
      return left === undefined || right === undefined ? undefined : MARKS[node.mark](left, right);
    }
  }
}

const isChild = (node) => node && typeof node === 'object' && node.kind;
// Refused when it is read, not when it is run: an unknown function, has() of anything but a field.
function check(node) {
  if (node.kind === 'call' && node.name === 'has') { if (node.items.length !== 1 || node.items[0].kind !== 'member') throw new SyntaxError('has() takes one field'); } else if (node.kind === 'call' && !Object.hasOwn(CALLS, node.name) && node.name !== 'today' && node.name !== 'age') throw new SyntaxError(`no function ${node.name}`);
  for (const child of Object.values(node)) for (const inner of Array.isArray(child) ? child : [child]) if (isChild(inner)) check(inner);
}

// Names that an expression reads: "floor", "answers.floor", "member.age".
function namesOf(node, inside, names) {
  if (node.kind === 'name') { if (!inside.includes(node.name)) names.add(node.name); return names; }
  if (node.kind === 'member' && node.of.kind === 'name' && !inside.includes(node.of.name)) return names.add(`${node.of.name}.${node.name}`);
  const within = node.kind === 'loop' ? [...inside, node.variable] : inside;
  for (const child of Object.values(node)) for (const inner of Array.isArray(child) ? child : [child]) if (isChild(inner)) namesOf(inner, within, names);
  return names;
}

const parsed = new Map();
// Throws SyntaxError on a text that is no expression.
export function compile(source) {
  if (!parsed.has(source)) {
    const node = new Parser(source).whole();
    check(node);
    parsed.set(source, { node, names: [...namesOf(node, [], new Set())] });
  }
  return parsed.get(source);
}
// `look(name)` gives the value of a name, undefined without; `on` is the day of the interview.
export function evaluate(source, look, on) {
  const { node } = compile(source);
  try { return run(node, { look, on, locals: {} }); } catch (failure) { if (failure instanceof SyntaxError || failure instanceof RangeError || failure instanceof TypeError) return undefined; throw failure; }
}
