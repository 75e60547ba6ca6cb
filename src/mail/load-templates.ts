import { notificationTypes, type NotificationType } from '../domain/order-notification.ts';
import { compileTemplate, TemplateError, type Template } from './compile-template.ts';
import { htmlLayout, textLayout } from './layout.ts';
import { readOverrides, type Overrides } from './read-overrides.ts';
import { builtInWords } from './words/index.ts';
import type { LocaleWords } from './words/message-words.ts';

/** The texts of one language, ready to be filled. */
export interface LocaleTemplates {
  readonly greeting: Template;
  readonly closing: Template;
  readonly labels: LocaleWords['labels'];
  readonly messages: Readonly<Record<NotificationType, Readonly<Record<'subject' | 'body' | 'link', Template>>>>;
}

/** The templates of every message in every language. */
export interface MessageTemplates {
  /** Those that have texts of their own. */
  readonly locales: readonly string[];
  /** The locale that a message is written in, and its texts: those of `locale`, of its language, or of the default. */
  readonly wordsFor: (locale: string | null) => { readonly locale: string; readonly words: LocaleTemplates };
  readonly layoutsOf: (type: NotificationType) => Readonly<Record<'html' | 'text', Template>>;
}

/** The built-in templates, with what the folder replaces. Throws {@link TemplateError} that names the file and says what is wrong with it. */
export function loadTemplates({
  templateFolder,
  defaultLocale,
}: {
  readonly templateFolder: string | undefined;
  readonly defaultLocale: string;
}): MessageTemplates {
  const overrides = templateFolder === undefined ? { words: {}, layouts: {} } : readOverrides(templateFolder);
  const words = compileWords(overrides);
  const layoutsOf = compileLayouts(overrides);
  const find = (locale: string | null) => {
    const [canonical, language] = namesOf(locale);
    const found =
      canonical === undefined || language === undefined ? undefined : (words.get(canonical) ?? words.get(language));
    return canonical === undefined || found === undefined ? undefined : { locale: canonical, words: found };
  };
  const fallback = find(defaultLocale);
  if (!fallback)
    throw new TemplateError(
      `MESSAGE_LOCALE: there are no texts in "${defaultLocale}", only in ${[...words.keys()].join(', ')}`,
    );
  return { locales: [...words.keys()], wordsFor: (locale) => find(locale) ?? fallback, layoutsOf };
}

/** A locale in its canonical form, and its language; nothing when it is none. */
function namesOf(locale: string | null): [canonical?: string, language?: string] {
  if (locale === null) return [];
  try {
    const { baseName, language } = new Intl.Locale(locale);
    return [baseName, language];
  } catch {
    return [];
  }
}

function compileWords(overrides: Overrides): Map<string, LocaleTemplates> {
  const locales = new Set([...Object.keys(builtInWords), ...Object.keys(overrides.words)]);
  return new Map([...locales].map((locale) => [locale, compileLocale(locale, overrides)]));
}

function compileLocale(locale: string, { words }: Overrides): LocaleTemplates {
  const given = words[locale];
  const file = given ? `${locale}.json` : locale;
  const builtIn = builtInWords[locale] ?? builtInWords[namesOf(locale)[1] ?? ''];
  const merged = mergeWords(builtIn, given, file);
  const compile = (name: string, source: string) => compileTemplate(`${file}: ${name}`, source, 'text');
  const messages = Object.entries(merged.messages).map(([type, { subject, body, link }]) => [
    type,
    {
      subject: compile(`messages.${type}.subject`, subject),
      body: compile(`messages.${type}.body`, body),
      link: compile(`messages.${type}.link`, link),
    },
  ]);
  return {
    greeting: compile('greeting', merged.greeting),
    closing: compile('closing', merged.closing),
    labels: merged.labels,
    messages: Object.fromEntries(messages) as LocaleTemplates['messages'],
  };
}

function mergeWords(builtIn: LocaleWords | undefined, given: Overrides['words'][string], file: string): LocaleWords {
  const messages = Object.fromEntries(
    notificationTypes.map((type) => [type, { ...builtIn?.messages[type], ...given?.messages?.[type] }]),
  );
  const merged = {
    greeting: given?.greeting ?? builtIn?.greeting,
    closing: given?.closing ?? builtIn?.closing,
    labels: { ...builtIn?.labels, ...given?.labels },
    messages,
  };
  const missing = listMissing(merged);
  if (missing.length > 0)
    throw new TemplateError(`${file}: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing`);
  return merged as LocaleWords;
}

const labelNames = Object.keys(builtInWords['en']?.labels ?? {});

/** What a language that isn't built in has to have. */
function listMissing(words: {
  readonly greeting: string | undefined;
  readonly closing: string | undefined;
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly messages: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
}): string[] {
  const parts = Object.entries(words.messages).flatMap(([type, message]) =>
    ['subject', 'body', 'link'].map((part) => [`messages.${type}.${part}`, message[part]] as const),
  );
  const all = [
    ['greeting', words.greeting] as const,
    ['closing', words.closing] as const,
    ...labelNames.map((name) => [`labels.${name}`, words.labels[name]] as const),
    ...parts,
  ];
  return all.flatMap(([name, text]) => (text === undefined ? [name] : []));
}

function compileLayouts({ layouts }: Overrides): MessageTemplates['layoutsOf'] {
  const layoutOf = (type: NotificationType, form: 'html' | 'text', builtIn: string) => {
    const suffix = form === 'html' ? 'html' : 'txt';
    const names = [`${type}.${suffix}.hbs`, `layout.${suffix}.hbs`];
    const name = names.find((candidate) => layouts[candidate] !== undefined);
    return compileTemplate(name ?? `layout.${suffix}.hbs (built in)`, (name && layouts[name]) ?? builtIn, form);
  };
  const compiled = new Map(
    notificationTypes.map((type) => [
      type,
      { html: layoutOf(type, 'html', htmlLayout), text: layoutOf(type, 'text', textLayout) },
    ]),
  );
  return (type) => {
    const found = compiled.get(type);
    if (!found) throw new TemplateError(`there is no layout for ${type}`);
    return found;
  };
}
