// hand.js: a search handed from page to page in memory: names and numbers of people never stand in an address.
let query = '';
export const handQuery = (text) => { query = text; };
export const takeQuery = () => { const text = query; query = ''; return text; };
