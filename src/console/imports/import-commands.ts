import type { Operations, OrdersClient } from '../../client/client.ts';

type Import = Operations['getImport']['answer'];

/** Something that can be done to an import. */
export interface ImportCommand {
  /** In its address. */
  readonly name: string;
  readonly title: string;
  /** What the import is once it is done. */
  readonly outcome: string;
  readonly isDone: (after: Import) => boolean;
  readonly isFinal: boolean;
  readonly isOffered: (job: Import) => boolean;
  /** A sentence for each effect. */
  readonly effects: (job: Import) => readonly string[];
  readonly give: (client: OrdersClient, request: Operations['pauseImport']['request']) => Promise<Import>;
}

/** Everything that can be done to an import. */
export const importCommands: readonly ImportCommand[] = [
  {
    name: 'pause',
    title: 'Pause',
    outcome: 'paused',
    isDone: ({ status }) => status === 'PAUSED',
    isFinal: false,
    isOffered: ({ status }) => status === 'RUNNING',
    effects: () => ['No more orders are placed until it is resumed. Orders that were placed go on.'],
    give: (client, request) => client.pauseImport(request),
  },
  {
    name: 'resume',
    title: 'Resume',
    outcome: 'running',
    isDone: ({ status }) => status === 'RUNNING',
    isFinal: false,
    isOffered: ({ status }) => status === 'PAUSED',
    effects: () => ['It goes on placing orders where it stopped.'],
    give: (client, request) => client.resumeImport(request),
  },
  {
    name: 'cancel',
    title: 'Cancel',
    outcome: 'cancelled',
    isDone: ({ status }) => status === 'CANCELLED',
    isFinal: true,
    isOffered: ({ status }) => status === 'RUNNING' || status === 'PAUSED',
    effects: (job) => [
      'What has not been placed is not placed any more, and stands in the errors file, from which it can be sent again.',
      `Orders that were placed stay as they are: ${job.placed} so far.`,
    ],
    give: (client, request) => client.cancelImport(request),
  },
  {
    name: 'acknowledge',
    title: 'Acknowledge',
    outcome: 'acknowledged',
    isDone: ({ acknowledged_at: at }) => at !== null,
    isFinal: false,
    isOffered: ({ failed, completed_at: ended, acknowledged_at: at }) => failed > 0 && ended !== null && at === null,
    effects: ({ failed }) => [
      `It leaves the queue of imports with errors, with its ${failed} ${failed === 1 ? 'order that' : 'orders that'} failed.`,
      'Its errors file stays, and its rows can still be corrected and sent again.',
    ],
    give: (client, { id, body }) => client.acknowledgeImport({ id, ...(body && { body }) }),
  },
];
