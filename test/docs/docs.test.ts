import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/orders/program.ts';
import { routes } from '../../src/client/contract.ts';
import { documentedRoutes } from '../dev/sandbox/hold-to-documents.ts';
import { anchorsOf, mentions, readPages, root } from './read-pages.ts';

const pages = readPages();
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('the README takes at most 150 lines', () => {
  expect(pages.find(({ path }) => path === 'README.md')?.text.split('\n').length).toBeLessThanOrEqual(150);
});

test('every page in docs/ can be reached from the README', () => {
  const reached = new Set(['README.md']);
  // A set grows while it is walked.
  for (const path of reached) {
    const page = pages.find((one) => one.path === path);
    for (const link of page?.links ?? []) if (!link.includes(':')) reached.add(join(page!.folder, link.split('#')[0]!));
  }
  expect([...reached]).toEqual(expect.arrayContaining(globSync('docs/**/*.md', { cwd: root })));
});

describe.each(pages)('$path', (page) => {
  test('links to files and headings that exist', () => {
    const broken = page.links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const path = file === '' ? join(root, page.path) : join(root, page.folder, file);
      return !existsSync(path) || (anchor !== undefined && !anchorsOf(readFileSync(path, 'utf8')).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const folders = 'src|dev|test|bench|workflows|activities|migrations|deploy|docs|temporal-config|\\.config|\\.ci';
    const inTree = mentions(page, new RegExp(`(?<![\\w./-])((?:${folders})/[\\w./*-]*)`, 'g'));
    const bare = mentions(page, /^([\w.-]+\.(?:ts|md|yml|yaml|json|sh)|\.env\.example)$/g);
    const missing = [...inTree, ...bare].filter(([name = '']) => {
      const here = [join(root, name), join(root, page.folder, name)];
      return here.every((path) => globSync(path).length === 0);
    });
    expect(missing).toEqual([]);
  });

  test('names npm scripts that exist, with their own options', () => {
    const wrong = mentions(page, /\bnpm (?:run (?:-s )?([\w:-]+)|(test|start)\b)(?: -- ([^\n|#]*))?/g).filter(
      ([script = '', short = '', options = '']) => {
        const command = scripts[script || short];
        const [, file] = /\bnode ([\w./-]+\.ts)/.exec(command ?? '') ?? [];
        if (command === undefined || file === undefined) return command === undefined;
        const folder = globSync(join(root, file, '..', '**/*.ts')).map((path) => readFileSync(path, 'utf8'));
        return [...options.matchAll(/--[\w-]+/g)].some(([option]) => !folder.some((source) => source.includes(option)));
      },
    );
    expect(wrong).toEqual([]);
  });

  test('names commands of `orders` that exist, with their own options', () => {
    const program = createProgram(
      () => Promise.resolve(),
      () => Promise.resolve(),
    );
    const wrong = mentions(page, /\bnpx orders (--help|[a-z][a-z-]*)((?:[^\n]|\\\n)*)/g).filter(
      ([name = '', rest = '']) => {
        if (name === '--help') return false;
        const group = program.commands.find((one) => one.name() === name);
        const [word = ''] = rest.trim().split(' ');
        const command = group?.commands.find((one) => one.name() === word) ?? group;
        const known = [...program.options, ...(command?.options ?? [])].map(({ long }) => long);
        const used = [...rest.matchAll(/(?<= )--[\w-]+/g)].map(([option]) => option);
        return command === undefined || used.some((option) => !known.includes(option));
      },
    );
    expect(wrong).toEqual([]);
  });

  test('names routes that exist', () => {
    const known = knownRoutes();
    const named = mentions(page, /\b(GET|POST|PUT|PATCH|DELETE) (\/[\w/{}.-]*)/g);
    expect(named.filter(([method, path = '']) => !known.some((route) => route.isNamed(method, path)))).toEqual([]);
    const asked = mentions(page, /localhost:3000(\/[\w/.<>-]+)/g);
    expect(asked.filter(([path = '']) => !known.some((route) => route.pattern.test(path)))).toEqual([]);
  });

  test('names settings, codes and states that exist', () => {
    const known = knownWords();
    const named = mentions(page, /(?<![\w-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w-])/g);
    expect(named.filter(([word = '']) => !known.has(word))).toEqual([]);
  });
});

function knownRoutes() {
  const others = [
    ['GET', '/api/v1/orders/{id}/events'],
    ['POST', '/api/v1/webhooks/payments'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/metrics'],
    ['GET', '/docs'],
    ['GET', '/openapi.json'],
  ] as const;
  return [...Object.values(routes), ...others, ...documentedRoutes()].map(([method, path]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    /** The pages leave out the base. */
    isNamed: (given: string | undefined, short: string) =>
      method === given && (path === short || path === `/api/v1${short}`),
  }));
}

/** Everything in capitals that the sources or the list of settings know. */
function knownWords(): Set<string> {
  const sources = globSync(
    ['{src,workflows,activities,dev,bench,test}/**/*.ts', '.env.example', 'docker-compose.yml', 'temporal-config/*'],
    { cwd: root },
  );
  const text = sources.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
  return new Set(text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g));
}
