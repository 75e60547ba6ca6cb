import type { Operations, OrdersClient } from '../../client/client.ts';

type Import = Operations['getImport']['answer'];

/** Something that can be done to an import. */
export interface ImportCommand {
  /** In its address. */
  readonly name: string;
  readonly title: string;
  /** The status that it leads to. */
  readonly status: Import['status'];
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
    status: 'PAUSED',
    isFinal: false,
    isOffered: ({ status }) => status === 'RUNNING',
    effects: () => ['No more orders are placed until it is resumed. Orders that were placed go on.'],
    give: (client, request) => client.pauseImport(request),
  },
  {
    name: 'resume',
    title: 'Resume',
    status: 'RUNNING',
    isFinal: false,
    isOffered: ({ status }) => status === 'PAUSED',
    effects: () => ['It goes on placing orders where it stopped.'],
    give: (client, request) => client.resumeImport(request),
  },
  {
    name: 'cancel',
    title: 'Cancel',
    status: 'CANCELLED',
    isFinal: true,
    isOffered: ({ status }) => status === 'RUNNING' || status === 'PAUSED',
    effects: (job) => [
      'What has not been placed is not placed any more, and stands in the errors file, from which it can be sent again.',
      `Orders that were placed stay as they are: ${job.placed} so far.`,
    ],
    give: (client, request) => client.cancelImport(request),
  },
];
