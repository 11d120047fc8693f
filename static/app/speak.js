// speak.js: reads a text aloud for people who do not read, with a voice of the device that speaks its language; without one there is no button.
import { html, useState, useEffect } from './html.js';
import { t, lang } from './i18n.js';
import { Button } from './parts.js';

const OLDER = { id: 'in', jv: 'jw' }; // what older Androids call them
function findVoice(language) {
  const [wanted] = language.toLowerCase().split('-');
  return globalThis.speechSynthesis?.getVoices().find((voice) => [wanted, OLDER[wanted]].includes(voice.lang.toLowerCase().split(/[-_]/)[0]));
}

// Many browsers hand out their voices only a moment after they were asked.
function useVoice(language) {
  const [voice, setVoice] = useState(null);
  useEffect(() => {
    if (!globalThis.speechSynthesis) return undefined;
    const look = () => setVoice(findVoice(language));
    look();
    speechSynthesis.addEventListener?.('voiceschanged', look);
    return () => { speechSynthesis.removeEventListener?.('voiceschanged', look); speechSynthesis.cancel(); };
  }, [language]);
  return voice;
}

export function Aloud({ text, language = lang() }) {
  const voice = useVoice(language);
  if (!voice) return null;
  const speak = () => {
    speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, { lang: voice.lang.replace('_', '-'), rate: 0.9 });
    speechSynthesis.speak(words);
  };
  return html`<${Button} onClick=${speak}>${t('aloud')}<//><${Button} kind="quiet" onClick=${() => speechSynthesis.cancel()}>${t('aloud.stop')}<//>`;
}
