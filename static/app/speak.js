// speak.js: reads a text aloud for people who do not read, with a voice of the device that speaks the language of the page; without one there is no button.
import { html, useState, useEffect } from './html.js';
import { t, lang } from './i18n.js';
import { Button } from './parts.js';

const NAMES = { id: /^(id|in)\b/i, en: /^en\b/i }; // "in" is what older Androids call Indonesian
const findVoice = () => globalThis.speechSynthesis?.getVoices().find((voice) => NAMES[lang()].test(voice.lang.replace('_', '-')));

// Many browsers hand out their voices only a moment after they were asked.
function useVoice() {
  const [voice, setVoice] = useState(findVoice);
  useEffect(() => {
    if (!globalThis.speechSynthesis) return undefined;
    const look = () => setVoice(findVoice);
    speechSynthesis.addEventListener?.('voiceschanged', look);
    return () => { speechSynthesis.removeEventListener?.('voiceschanged', look); speechSynthesis.cancel(); };
  }, []);
  return voice;
}

export function Aloud({ text }) {
  const voice = useVoice();
  if (!voice) return null;
  const speak = () => {
    speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, { lang: voice.lang.replace('_', '-'), rate: 0.9 });
    speechSynthesis.speak(words);
  };
  return html`<${Button} onClick=${speak}>${t('aloud')}<//><${Button} kind="quiet" onClick=${() => speechSynthesis.cancel()}>${t('aloud.stop')}<//>`;
}
