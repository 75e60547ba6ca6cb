import type { ImportCounts, ImportStatus } from '../src/domain/import.ts';

/** What the Web UI's current details of an import are made of. */
export interface ImportSituation {
  readonly status: ImportStatus;
  readonly cancelling: boolean;
  readonly total: number;
  /** Of the ranges that are done. */
  readonly counts: ImportCounts;
  /** Orders that took too long to be waited for and are looked at again later. */
  readonly open: number;
  readonly remark: string | undefined;
}

/** Where an import stands, in markdown, for its workflow's current details. */
export function describeImport({ status, cancelling, total, counts, open, remark }: ImportSituation): string {
  const done = counts.CONFIRMED + counts.FAILED + counts.REPEATED + counts.PLACED;
  const share = total === 0 ? 100 : Math.floor((done / total) * 100);
  const lines = [
    `**${cancelling ? 'CANCELLING' : status}**: ${done} of ${total} orders (${share} %)`,
    `confirmed ${counts.CONFIRMED} · failed ${counts.FAILED} · repeated ${counts.REPEATED}`,
    open > 0 ? `${open} order(s) wait for a service or an operator and are looked at again later.` : undefined,
    choices[status],
    remark,
  ];
  return lines.filter((line) => line !== undefined && line !== '').join('\n\n');
}

const choices: Readonly<Record<ImportStatus, string>> = {
  RUNNING: '`pauseImport` stops placing orders until `resumeImport`; `cancelImport` gives up what has not been placed.',
  PAUSED: '`resumeImport` goes on; `cancelImport` gives up what has not been placed.',
  CANCELLED: 'What had not been placed was given up; what was placed stays.',
  COMPLETED: '',
};
