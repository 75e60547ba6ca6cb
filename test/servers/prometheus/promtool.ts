import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findDebianProgram } from '../setup/find-program.ts';
import type { AlertCase, FiringCase } from './alert-case.ts';
import { readAlerts } from './read-rules.ts';

/** A case of an alert, and what it says then; nothing where it is quiet. */
export interface JudgedCase {
  readonly alert: string;
  readonly given: AlertCase;
  readonly says: FiringCase['says'];
}

/**
 * Lets promtool evaluate each case's alert over its samples, all in one process: its start takes longer than a case. Resolves with what promtool
 * objects to in each, in their order, or nothing where the alert fires as the case says.
 */
export async function findDifferences(cases: readonly JudgedCase[]): Promise<(string | undefined)[]> {
  const promtool = await findDebianProgram('promtool', 'prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'alert-cases-'));
  try {
    const files = cases.map((_, n) => join(folder, `${n}.yml`));
    await Promise.all(cases.map((one, n) => writeFile(files[n]!, stringify(describeTest(one)))));
    // It names a file on one stream and tells its failures on the other: only in one file do they keep their order.
    await using said = await open(join(folder, 'said'), 'a+');
    await once(spawn(promtool, ['test', 'rules', ...files], { stdio: ['ignore', said.fd, said.fd] }), 'exit');
    const blocks = (await readFile(join(folder, 'said'), 'utf8')).split(/^Unit Testing: +/m).slice(1);
    const byFile = new Map(blocks.map((block) => [block.split('\n')[0]?.trim(), block]));
    return files.map((file) => {
      const block = byFile.get(file);
      if (block === undefined) return 'promtool did not come to this case';
      return /^\s*SUCCESS\s*$/.test(block.slice(block.indexOf('\n'))) ? undefined : block;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function describeTest({ alert, given: { series, at, interval = '15s' }, says }: JudgedCase) {
  const rule = readAlerts().get(alert);
  if (rule === undefined) throw new Error(`There is no alert ${alert}`);
  return {
    rule_files: rule.files,
    evaluation_interval: interval,
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: at,
            alertname: alert,
            exp_alerts: says.map(({ summary, labels }) => ({
              exp_labels: { ...rule.labels, ...labels },
              exp_annotations: { ...rule.annotations, summary },
            })),
          },
        ],
      },
    ],
  };
}
