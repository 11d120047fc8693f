// speak.js: reads a text aloud with the voice of the device, for people who do not read.
import { lang } from './i18n.js';

export const canSpeak = () => 'speechSynthesis' in window;

export function speak(text) {
  if (!canSpeak()) return;
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(text);
  words.lang = lang() === 'id' ? 'id-ID' : 'en-GB';
  words.rate = 0.9;
  speechSynthesis.speak(words);
}

export const hush = () => { if (canSpeak()) speechSynthesis.cancel(); };
