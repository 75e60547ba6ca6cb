import type { Guard } from './guard.ts';

/** What keeps events from being lost, or coming in another sequence. What stands in a migration can't be taken out: tests share a migrated database. */
export const eventGuards: readonly Guard[] = [
  {
    name: 'a cursor moves only once its events are delivered',
    file: 'src/events/deliver-events.ts',
    find: '  const report = await deliver(sink, free);\n',
    replace:
      '  await advanceSink(db, { sink: sink.name, from: last.cursor, to: last.position }, []);\n  const report = await deliver(sink, free);\n',
    test: [
      'test/events/publish-outbox.test.ts',
      'a sink that is away > gets everything again later under the same ids, though it may have it already, and holds up no other sink',
    ],
  },
  {
    name: "an order's later events wait behind one that was rejected",
    file: 'src/events/deliver-events.ts',
    find: '    if (isHeld || held.has(subjectId)) {\n',
    replace: '    if (isHeld && held.has(subjectId)) {\n',
    test: [
      'test/events/publish-outbox.test.ts',
      'an event that a sink rejects > is tried again before any later one of its order, and other orders go on',
    ],
  },
];
