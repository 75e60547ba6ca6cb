import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { findDebianProgram } from '../setup/find-program.ts';
import type { AlertCase, FiringCase } from './alert-case.ts';
import { readAlerts } from './read-rules.ts';

/** Lets promtool evaluate the alert over the samples of a case. Resolves with what promtool objects to, or nothing when `alert` fires as `says`. */
export async function findDifference(
  alert: string,
  given: AlertCase,
  says: FiringCase['says'],
): Promise<string | undefined> {
  const promtool = await findDebianProgram('promtool', 'prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'alert-case-'));
  try {
    const file = join(folder, 'case.yml');
    await writeFile(file, stringify(describeTest(alert, given, says)));
    const { exitCode, stdout, stderr } = await execa(promtool, ['test', 'rules', file], { reject: false });
    return exitCode === 0 ? undefined : `${stdout}\n${stderr}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function describeTest(alert: string, { series, at, interval = '15s' }: AlertCase, says: FiringCase['says']) {
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
