import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { notificationTypes } from '../domain/order-notification.ts';
import { TemplateError } from './compile-template.ts';

/** What a folder of templates replaces. */
export interface Overrides {
  /** By locale; what is left out stays as it is built in. */
  readonly words: Readonly<Record<string, z.output<typeof wordsFile> | undefined>>;
  /** By file name. */
  readonly layouts: Readonly<Record<string, string | undefined>>;
}

const messageWords = z.strictObject({ subject: z.string(), body: z.string(), link: z.string() }).partial();

const wordsFile = z
  .strictObject({
    greeting: z.string(),
    closing: z.string(),
    labels: z
      .strictObject({
        subtotal: z.string(),
        discount: z.string(),
        tax: z.string(),
        shipping: z.string(),
        total: z.string(),
        address: z.string(),
        carrier: z.string(),
        tracking: z.string(),
      })
      .partial(),
    messages: z.partialRecord(z.enum(notificationTypes), messageWords),
  })
  .partial();

const layoutNames = new Set(
  ['layout', ...notificationTypes].flatMap((name) => [`${name}.html.hbs`, `${name}.txt.hbs`]),
);

/**
 * Reads a folder of templates: `<locale>.json`, `layout.html.hbs`, `layout.txt.hbs`, and `<TYPE>.html.hbs` or `<TYPE>.txt.hbs` for one type.
 * Throws {@link TemplateError} that names the file, also for one that has another name. Hidden files and Markdown are left alone.
 */
export function readOverrides(folder: string): Overrides {
  const words: Record<string, z.output<typeof wordsFile>> = {};
  const layouts: Record<string, string> = {};
  for (const name of listFiles(folder)) {
    if (name.startsWith('.') || name.endsWith('.md')) continue;
    const locale = localeOf(name);
    if (locale !== undefined) words[locale] = readWords(name, read(folder, name));
    else if (layoutNames.has(name)) layouts[name] = read(folder, name);
    else {
      throw new TemplateError(
        `${name}: is no template: a folder of templates has <locale>.json, layout.html.hbs, layout.txt.hbs, <TYPE>.html.hbs and <TYPE>.txt.hbs`,
      );
    }
  }
  return { words, layouts };
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new TemplateError(`"${folder}" can't be read`, { cause: error });
  }
}

function read(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    throw new TemplateError(`${name}: can't be read`, { cause: error });
  }
}

/** The canonical locale that a file has the texts of. */
function localeOf(name: string): string | undefined {
  if (!name.endsWith('.json')) return undefined;
  try {
    return new Intl.Locale(name.slice(0, -'.json'.length)).baseName;
  } catch {
    return undefined;
  }
}

function readWords(name: string, json: string): z.output<typeof wordsFile> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new TemplateError(`${name}: is not JSON: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
  const parsed = wordsFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new TemplateError(`${name}: ${faults.join('; ')}`);
}
