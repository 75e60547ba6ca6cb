#!/usr/bin/env node
// The command `orders`: from the sources in a checkout, from `dist` where the package is installed. It is plain JavaScript for any
// Node, and goes on with the one that the package brings along when this one is too old for the code.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_NODE = 24;

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'main.ts');
// Compiled code is kept, so that every command but the first starts in half the time; where nobody else can write.
const compiled = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'order-saga', 'compiled');
const main = existsSync(source) ? source : join(here, '../../../dist/src/cli/orders/main.js');

if (Number(process.versions.node.split('.')[0]) >= NEEDED_NODE) {
  module.enableCompileCache(compiled);
  await import(pathToFileURL(main).href);
} else {
  const node = ownNode();
  if (node === undefined) {
    process.stderr.write(`orders needs Node ${NEEDED_NODE} or newer, and this is ${process.versions.node}.\n`);
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  });
  // Ctrl-C reaches the child by itself, which decides how to end; a signal to this process alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

/** The Node among the package's optional dependencies, which is that of this platform. */
function ownNode() {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`));
      const node = join(folder, 'bin', platform === 'win' ? 'node.exe' : 'node');
      if (existsSync(node)) return node;
    } catch {
      // Not installed: not of this platform, or left out.
    }
  }
  return undefined;
}
