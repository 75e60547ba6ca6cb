import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestSystem } from './system.ts';

const command = join(import.meta.dirname, '../../src/cli/orders/bin.js');

/** How a run of `orders` ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings and standard input of a run. */
interface RunOptions {
  readonly env?: Record<string, string>;
  readonly input?: string;
}

/** Runs `orders` as a person does, beside a running system; `said` is what it has printed so far. */
export function runOrders({ dataDir }: TestSystem, args: readonly string[], { env = {}, input }: RunOptions = {}) {
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...pass('PATH'), ...pass('NODE_V8_COVERAGE'), DATA_DIR: dataDir, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return Object.assign(ended, { said: () => stdout });
}

function pass(name: string): Record<string, string> {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
}

/** The options of an order over two packets of the demo tea, EUR 25.00. */
export function describeTea(method = 'tok_ok', customer = 'demo'): string[] {
  const order = ['--customer', customer, '--payment-method', method, '--item', 'TEA-001:2:12.50', '--currency', 'EUR'];
  const name = ['--name', 'Ada', '--line1', '12 St James Square'];
  return [...order, ...name, '--city', 'London', '--postal-code', 'SW1Y', '--country', 'GB'];
}
