// flag_words.js: how a flag is called: ours by the dictionary, the agency's by its own label.
import { t, has, lang } from '../app/i18n.js';

export const flagName = (flag) => flag.label?.[lang()] || flag.label?.id || (has(`flag.${flag.name}`) ? t(`flag.${flag.name}`) : flag.name);
