import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where the configuration of Prometheus and Alertmanager is. */
export const prometheusFolder = join(import.meta.dirname, '../../../deploy/prometheus');

const ruleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
          labels: z.record(z.string(), z.string()).default({}),
          annotations: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

/** Every alert by its name, with the files that have it and what it is recorded from. */
export function readAlerts() {
  const rules = readRules();
  return new Map(
    rules.flatMap(({ alert, path, ...rule }) => {
      if (alert === undefined) return [];
      const recorded = rules.filter(({ record }) => record !== undefined && rule.expr.includes(record));
      return [[alert, { ...rule, files: [...new Set([path, ...recorded.map((one) => one.path)])] }] as const];
    }),
  );
}

/** Every rule of every file, with the absolute path of its file. */
export function readRules() {
  return globSync(join(prometheusFolder, 'rules/*.yml'))
    .toSorted()
    .flatMap((path) =>
      ruleFile
        .parse(parse(readFileSync(path, 'utf8')))
        .groups.flatMap(({ rules }) => rules.map((rule) => ({ ...rule, path }))),
    );
}
