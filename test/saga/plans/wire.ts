import { defaultPayloadConverter } from '@temporalio/common';
import type { Job, WorkflowCommand } from './workflow-runtime.ts';

interface WirePayload {
  readonly data: Uint8Array;
}

/** A value as jobs carry it. */
export function toPayload(value: unknown): unknown {
  return defaultPayloadConverter.toPayload(value);
}

/** A value out of a command. */
export function fromPayload(payload: unknown): unknown {
  const text = textOf(payload);
  return text === '' ? undefined : JSON.parse(text);
}

/** Milliseconds of a duration; none for a limit that is not set. */
export function toMs(duration: unknown): number | undefined {
  if (duration == null) return undefined;
  const { seconds, nanos } = duration as { seconds?: { toString: () => string }; nanos?: number };
  return Number(seconds?.toString() ?? 0) * 1_000 + (nanos ?? 0) / 1_000_000;
}

/** What a command shows to whoever looks at the timeline. */
export function summaryOf(body: Record<string, unknown>): string | undefined {
  const { summary } = (body['userMetadata'] ?? {}) as { readonly summary?: unknown };
  const text: unknown = summary && fromPayload(summary);
  return typeof text === 'string' ? text : undefined;
}

/** A command's name and content. */
export function open(command: WorkflowCommand): [name: string, body: Record<string, unknown>] {
  const { userMetadata } = command as { readonly userMetadata?: unknown };
  for (const [name, body] of Object.entries(command)) {
    if (body != null && name !== 'userMetadata' && name !== 'eventGroupMarkers')
      return [name, userMetadata ? { ...body, userMetadata } : body];
  }
  throw new Error('a command without content');
}

/** What has to be the same when a workflow's history is replayed; refusals of updates, which no history has, are left out. */
export function digest(commands: readonly WorkflowCommand[]): string {
  const lines: string[] = [];
  for (const command of commands) {
    const [name, body] = open(command);
    if (name === 'updateResponse' && body['rejected'] != null) continue;
    const payloads = (body['arguments'] ?? []) as unknown[];
    const named = [body['seq'], body['protocolInstanceId'], body['activityType']] as (string | number | undefined)[];
    const what = [...named, ...payloads.map(textOf)];
    lines.push([name, ...what.filter((part) => part != null)].join(' '));
  }
  return lines.join('\n');
}

/** The job that settles an activity. */
export function resolveActivity(
  seq: number,
  isLocal: boolean,
  result: { completed: unknown } | { failed: unknown } | { cancelled: unknown },
): Job {
  return { variant: 'resolveActivity', resolveActivity: { seq, isLocal, result } };
}

function textOf(payload: unknown): string {
  const { data } = payload as Partial<WirePayload>;
  return data ? Buffer.from(data).toString() : '';
}
