// expr.js: the part of CEL that questionnaires use, over their answers: literals, names, . [] in has() size(), ! - * / % + comparisons && || and ?:
// An answer that is not there makes the whole unknown (undefined) unless && or || decide without it. Nothing of the page can be reached.
const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/%<>!?:().,[\]]))/y;
const LEVELS = [['||'], ['&&'], ['==', '!=', '<', '<=', '>', '>=', 'in'], ['+', '-'], ['*', '/', '%']];

function lex(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex, found = TOKEN.exec(text);
    if (!found) throw new SyntaxError(`unexpected "${text.slice(at).trim()[0]}" at ${at + 1}`);
    const [, digits, quoted, name, mark] = found;
    if (digits !== undefined) tokens.push({ kind: 'literal', value: Number(digits) });
    else if (quoted !== undefined) tokens.push({ kind: 'literal', value: quoted.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (name === 'true' || name === 'false') tokens.push({ kind: 'literal', value: name === 'true' });
    else if (name === 'null') tokens.push({ kind: 'literal', value: null });
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
      const yes = this.choice();
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
        node = this.take('(') ? { kind: 'call', name: token.text, items: [node, ...this.items(')')] } : { kind: 'member', of: node, name: token.text };
      } else if (this.take('[')) {
        node = { kind: 'index', of: node, at: this.choice() };
        this.want(']');
      } else return node;
    }
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

const CALLS = {
  size: (value) => value.length,
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  int: (value) => Math.trunc(Number(value)),
  double: Number,
  string: String,
};
const SAME = (a, b) => (Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((entry, i) => SAME(entry, b[i])) : a === b);
const MARKS = {
  '==': SAME, '!=': (a, b) => !SAME(a, b), '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b,
  in: (a, b) => b.includes(a), '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? undefined : a / b), '%': (a, b) => (b === 0 ? undefined : a % b),
};
const own = (of, name) => (of !== null && typeof of === 'object' && Object.hasOwn(of, name) ? of[name] : undefined);

function run(node, answers) {
  switch (node.kind) {
    case 'literal': return node.value;
    case 'name': return own(answers, node.name);
    case 'member': return own(run(node.of, answers), node.name);
    case 'index': return own(run(node.of, answers), String(run(node.at, answers)));
    case 'list': return node.items.map((item) => run(item, answers));
    case 'not': { const value = run(node.of, answers); return value === undefined ? undefined : !value; }
    case 'minus': { const value = run(node.of, answers); return value === undefined ? undefined : -value; }
    case 'choice': { const test = run(node.test, answers); return test === undefined ? undefined : run(test ? node.yes : node.no, answers); }
    case 'call': {
      if (node.name === 'has') return node.items.length === 1 && run(node.items[0], answers) !== undefined;
      if (!Object.hasOwn(CALLS, node.name)) throw new SyntaxError(`no function ${node.name}`);
      const items = node.items.map((item) => run(item, answers));
      return items.some((item) => item === undefined || item === null) ? undefined : CALLS[node.name](...items);
    }
    default: {
      const left = run(node.left, answers);
      if (node.mark === '&&') { if (left === false) return false; const right = run(node.right, answers); return right === false ? false : left === undefined || right === undefined ? undefined : true; }
      if (node.mark === '||') { if (left === true) return true; const right = run(node.right, answers); return right === true ? true : left === undefined || right === undefined ? undefined : false; }
      const right = run(node.right, answers);
      return left === undefined || right === undefined ? undefined : MARKS[node.mark](left, right);
    }
  }
}

const parsed = new Map();
// The value of an expression over answers; undefined when an answer that it needs is missing. Throws SyntaxError on a text that is no expression.
export function evaluate(text, answers) {
  if (!parsed.has(text)) parsed.set(text, new Parser(text).whole());
  return run(parsed.get(text), answers);
}
// For relevance: an unknown answer hides; for constraints: an unknown one does not refuse.
export const holds = (text, answers) => !text || evaluate(text, answers) === true;
export const breaks = (text, answers) => Boolean(text) && evaluate(text, answers) === false;
