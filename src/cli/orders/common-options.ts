import type { Command } from 'commander';
import type { Cli } from './connect.ts';
import type { Output } from './output.ts';

/** Runs a command with a connected client; the token is empty if none is known and `needsToken` is false. */
export type Run = (command: (cli: Cli) => Promise<void>, options?: { needsToken: boolean }) => Promise<void>;

/** Runs a command that talks to Temporal, and to no API. */
export type RunAlone = (command: (output: Output) => Promise<void>) => Promise<void>;

/** Adds the filters of a list of orders. */
export function addFilters(command: Command): Command {
  return command
    .option('--status <status>')
    .option('--payment-status <status>')
    .option('--saga-state <state>', 'where the saga stands, such as COMPENSATING')
    .option('--step <name>', 'only orders that wait in this step')
    .option('--waiting-since <time>', 'only orders that have waited since this time or longer')
    .option('--customer <id>')
    .option('--from <time>', 'created at or after, such as 2026-11-01')
    .option('--to <time>', 'created before')
    .option('--q <text>', 'the beginning of a number, reference, name, e-mail address, tracking number or payment id')
    .option('--reference <number>', "the shop's own number")
    .option('--email <address>', "the customer's or recipient's")
    .option('--tracking <number>', 'the tracking number of a shipment')
    .option('--source <name>', 'the system or shop that they came from, such as shopify')
    .option('--batch <import>', 'only orders of this import')
    .option('--needs-attention', 'only orders whose saga needs attention')
    .option('--sort <order>', 'created_at or -created_at');
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
