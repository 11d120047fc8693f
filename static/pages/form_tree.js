// form_tree.js: a questionnaire as a tree that is edited: where a question stands, how it moves, what a new one looks like. Nothing here draws.
export const holds = (question) => question.type === 'group' || question.type === 'repeat';

// [{path, question, depth}] in the order of the page; a path is an index at each depth.
export function rows(questions, path = [], depth = 0) {
  return questions.flatMap((question, i) => [{ path: [...path, i], question, depth }, ...(holds(question) ? rows(question.questions || [], [...path, i], depth + 1) : [])]);
}
export const same = (a, b) => a && b && a.length === b.length && a.every((entry, i) => entry === b[i]);
export const at = (questions, path) => path.reduce(({ questions: list }, index) => list[index], { questions });

// The list at a path's parent replaced by what `change` makes of it.
function within(questions, parents, change) {
  if (!parents.length) return change(questions);
  const [first, ...rest] = parents;
  return questions.map((question, i) => (i === first ? { ...question, questions: within(question.questions || [], rest, change) } : question));
}
const parentsOf = (path) => path.slice(0, -1);
export const replace = (questions, path, question) => within(questions, parentsOf(path), (list) => list.map((old, i) => (i === path.at(-1) ? question : old)));
export const remove = (questions, path) => within(questions, parentsOf(path), (list) => list.filter((_, i) => i !== path.at(-1)));
export const insert = (questions, path, question) => within(questions, parentsOf(path), (list) => [...list.slice(0, path.at(-1)), question, ...list.slice(path.at(-1))]);

// Up and down among its neighbours, into the group above it, out behind the group around it: what became of the tree and of the path; null when it cannot.
export function move(questions, path, way) {
  const question = at(questions, path), index = path.at(-1), parents = parentsOf(path), list = parents.length ? at(questions, parents).questions : questions;
  let to = null;
  if (way === 'up' && index > 0) to = [...parents, index - 1];
  if (way === 'down' && index < list.length - 1) to = [...parents, index + 1];
  if (way === 'in' && index > 0 && holds(list[index - 1])) to = [...parents, index - 1, (list[index - 1].questions || []).length];
  if (way === 'out' && parents.length && list.length > 1) to = [...parents.slice(0, -1), parents.at(-1) + 1];
  return to && { questions: insert(remove(questions, path), to, question), path: to };
}

export function newQuestion(questions, type, languages) {
  const names = new Set(rows(questions).map(({ question }) => question.name));
  let number = names.size + 1;
  while (names.has(`q${number}`)) number++;
  const words = (text) => Object.fromEntries(languages.map((language) => [language, text]));
  const question = { name: `q${number}`, type, label: words(`… ${number}`) };
  if (['select_one', 'select_multiple', 'rank'].includes(type)) question.choices = ['a', 'b'].map((name) => ({ name, label: words(name.toUpperCase()) }));
  if (type === 'calculated') Object.assign(question, { result: 'integer', calculation: '0' });
  if (holds(question)) question.questions = [newQuestion([...questions, question], 'text', languages)];
  return question;
}

// "yes | Ya | Yes": a choice a line, its name and its words in each language.
export const choiceLines = (choices, languages) => (choices || []).map((choice) => [choice.name, ...languages.map((language) => choice.label?.[language] ?? '')].join(' | ')).join('\n');
export function readChoices(text, languages, old = []) {
  return text.split('\n').filter((line) => line.trim()).map((line) => {
    const [name, ...words] = line.split('|').map((part) => part.trim()), before = old.find((choice) => choice.name === name);
    return { ...before, name, label: Object.fromEntries(languages.map((language, i) => [language, words[i] || words[0] || name])) };
  });
}

// The question that a fault's pointer means, as a path: /questions/2/questions/0/relevant is [2, 0].
export const pathOf = (pointer) => [...pointer.matchAll(/\/questions\/(\d+)/g)].map(([, index]) => Number(index));
