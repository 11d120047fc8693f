// heading.js: a page that loads or changes under one address: its title follows its heading, and a new part begins at its heading.
import { useEffect, useRef } from './html.js';

// `part` names what is shown; a change of it scrolls to the top and puts the focus on the heading.
export function useHeading(title, part = '') {
  const shown = useRef(null);
  useEffect(() => {
    if (!title) return;
    const heading = document.querySelector('main h1');
    document.title = `${title} · Lumbung`;
    const fresh = shown.current === null, lost = !document.activeElement || document.activeElement === document.body;
    if (!fresh && shown.current !== part) { window.scrollTo(0, 0); heading?.focus({ preventScroll: true }); }
    else if (fresh && lost) heading?.focus({ preventScroll: true });
    shown.current = part;
  }, [title, part]);
}
