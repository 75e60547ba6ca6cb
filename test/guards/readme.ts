import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FormatConfig, format } from 'oxfmt';
import { guards } from './guards.ts';

const file = join(import.meta.dirname, 'README.md');
const BEGIN = '<!-- the table is written by `npm run guards -- --write` -->\n\n';

/** The table of the guards as Markdown. */
function guardTable(): string {
  const rows = guards.map(({ name, file: source, test: [testFile, title] }) => [
    name,
    `\`${source}\``,
    `\`${testFile}\`: ${title}`,
  ]);
  const lines = [['guard', 'where', 'test that fails without it'], ['---', '---', '---'], ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** Whether the table for people says the same as the one for the machine; if not, what to do. */
export async function readmeFault(): Promise<string | undefined> {
  const [, table] = (await readFile(file, 'utf8')).split(BEGIN);
  return table !== undefined && unaligned(table) === unaligned(guardTable())
    ? undefined
    : 'The table in test/guards/README.md is out of date: npm run guards -- --write';
}

/** A table as it was before it was formatted. */
function unaligned(table: string): string {
  return table.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

/** Replaces the table in the README, formatted by the project's formatter. */
export async function writeReadme(): Promise<void> {
  const [text] = (await readFile(file, 'utf8')).split(BEGIN);
  const settings = JSON.parse(
    await readFile(join(import.meta.dirname, '../../.config/oxfmt.json'), 'utf8'),
  ) as FormatConfig;
  const { code } = await format(file, `${text}${BEGIN}${guardTable()}`, settings);
  await writeFile(file, code);
}
