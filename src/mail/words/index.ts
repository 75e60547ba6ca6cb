import { english } from './en.ts';
import { french } from './fr.ts';
import { german } from './de.ts';
import { japanese } from './ja.ts';
import type { LocaleWords } from './message-words.ts';

/** What messages say, by language. */
export const builtInWords: Readonly<Record<string, LocaleWords>> = {
  en: english,
  de: german,
  fr: french,
  ja: japanese,
};
