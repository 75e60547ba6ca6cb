import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** A page of the documentation, taken apart. */
export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  /** What its links lead to, as written. */
  readonly links: readonly string[];
  /** What it shows as code: each span within a line, and each block. */
  readonly code: readonly string[];
}

const paths = ['*.md', 'docs/**/*.md', 'src/**/*.md', 'test/**/*.md'];

/** Every page of the documentation. */
export function readPages(): Page[] {
  return globSync(paths, { cwd: root }).toSorted().map(readPage);
}

function readPage(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = [...text.matchAll(/^ *```\w*\n([^]*?)^ *```$/gm)].map(([, block = '']) => block);
  const prose = text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return { path, folder: dirname(path), text, links, code: [...spans, ...blocks] };
}

/** The name by which a link finds a heading, as GitHub makes it. */
export function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Every match of `pattern` in what the page shows as code; of its groups, the first ones that matched. */
export function mentions({ code }: Page, pattern: RegExp): string[][] {
  return code.flatMap((text) => [...text.matchAll(pattern)].map((match) => match.slice(1).map((group) => group ?? '')));
}
