import type { Operations } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { formatTime } from './output.ts';
import { formatTable, type Column } from './table.ts';

type Note = Operations['listNotes']['answer']['data'][number];

/** `orders note`: writes down an internal note about an order; without a text, lists those that there are. */
export async function runNoteCommand(
  { client, json, print, printJson, note }: Cli,
  id: string,
  text?: string,
): Promise<void> {
  if (text !== undefined) {
    const written = await client.addNote({ id, body: { text } });
    if (json) printJson(written);
    else print(formatTable(columns, [written]));
    return;
  }
  const notes = await client.listNotes({ id });
  if (json) printJson(notes);
  else if (notes.data.length === 0) note('no notes');
  else print(formatTable(columns, notes.data));
}

const columns: readonly Column<Note>[] = [
  { title: 'WHEN', of: ({ at }) => formatTime(at) },
  { title: 'BY', of: ({ author }) => author },
  { title: 'NOTE', of: ({ text }) => text },
];
