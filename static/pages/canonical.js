// canonical.js: the bytes that a manifest's signature covers: its JSON without the signature, compact, keys sorted at every depth.
const TOKEN = /\s*([{}[\]:,]|"(?:[^"\\]|\\.)*"|-?\d+|true|false|null)/y;
const quote = (text) => JSON.stringify(text).replaceAll('\u007f', '\\u007f');

// Numbers stay as they are written, since a sum may be beyond what a number of this language can hold. Throws SyntaxError for anything else.
export function canonical(text, without) {
  let at = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError('not the JSON of a manifest');
    at = TOKEN.lastIndex;
    return found[1];
  };
  const must = (token, wanted) => { if (token !== wanted) throw new SyntaxError(`${wanted} expected`); };
  const sequence = (end, take) => {
    let token = next();
    while (token !== end) {
      take(token);
      token = next();
      if (token === end) break;
      must(token, ',');
      token = next();
      if (token === end) throw new SyntaxError('a comma at the end');
    }
  };
  const value = (token, depth) => {
    if (depth > 16) throw new SyntaxError('too deep');
    if (token === '{') {
      const members = new Map();
      sequence('}', (name) => {
        if (name[0] !== '"') throw new SyntaxError('a name expected');
        must(next(), ':');
        const key = JSON.parse(name);
        if (members.has(key)) throw new SyntaxError('a name twice');
        members.set(key, value(next(), depth + 1));
      });
      if (depth === 0) members.delete(without);
      return `{${[...members.keys()].sort().map((key) => `${quote(key)}:${members.get(key)}`).join(',')}}`;
    }
    if (token === '[') {
      const items = [];
      sequence(']', (first) => items.push(value(first, depth + 1)));
      return `[${items.join(',')}]`;
    }
    if (token[0] === '"') return quote(JSON.parse(token));
    if (/^[}\]:,]$/.test(token)) throw new SyntaxError('a value expected');
    return token;
  };
  const result = value(next(), 0);
  if (text.slice(at).trim()) throw new SyntaxError('more than one value');
  return result;
}
