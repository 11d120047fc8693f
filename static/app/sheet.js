// sheet.js: a style sheet that only some pages need; resolves when it is there, or when it cannot be had (the page still reads without it).
const loaded = new Map();
export function sheet(href) {
  if (!loaded.has(href))
    loaded.set(href, new Promise((done) => {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload: done, onerror: done });
      document.head.append(link);
    }));
  return loaded.get(href);
}
