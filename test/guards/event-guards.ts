import type { Guard } from './guard.ts';

const publishing = 'test/events/publish-outbox.test.ts';

/** Gives positions as `sequence_events` does, without its lock and without asking who has the lease. */
const sequenceWithoutLock = `with s as (select position from event_sequence),
    n as (select o.id, s.position + row_number() over (order by o.id) as position from outbox o, s where o.position is null limit \${limit}),
    q as (update event_sequence e set position = e.position + (select count(*) from n)),
    given as (update outbox o set position = n.position, sequenced_at = clock_timestamp() from n where o.id = n.id returning o.id, o.subject_id)
    select id, subject_id as "subjectId" from given where \${process}::text is not null\``;

/** What keeps events from being lost, or coming in another sequence. What stands in a migration can't be taken out, as tests share a migrated database: its call is replaced. */
export const eventGuards: readonly Guard[] = [
  {
    name: 'the receiver of the settings is on record before events are given their positions',
    file: 'src/events/outbox-publisher.ts',
    find: '    addReceivers,\n',
    replace: '',
    test: [
      'test/events/webhooks/configured-endpoint.test.ts',
      'the receiver of the settings gets what was written before it could be put on record',
    ],
  },
  {
    name: 'a cursor moves only once its events are delivered',
    file: 'src/events/deliver-events.ts',
    find: '  const report = await deliver(sink, free);\n',
    replace:
      '  await advanceSink(db, { sink: sink.name, from: last.cursor, to: last.position }, []);\n  const report = await deliver(sink, free);\n',
    test: [
      publishing,
      'a sink that is away > gets everything again later under the same ids, though it may have it already, and holds up no other sink',
    ],
  },
  {
    name: "an order's later events wait behind one that was rejected",
    file: 'src/events/deliver-events.ts',
    find: '    if (isHeld || held.has(subjectId)) {\n',
    replace: '    if (isHeld && held.has(subjectId)) {\n',
    test: [
      publishing,
      'an event that a sink rejects > is tried again before any later one of its order, and other orders go on',
    ],
  },
  {
    name: 'who gives events their positions has the sequence to itself',
    file: 'src/repositories/outbox.ts',
    find: 'select id, subject_id as "subjectId" from sequence_events(${process}, ${limit})`',
    replace: sequenceWithoutLock,
    test: [
      publishing,
      'of processes that give positions at the same moment only one does: none is given twice, and none is left out',
    ],
  },
  {
    name: 'while a process has the lease no other one publishes',
    file: 'src/repositories/outbox.ts',
    find: 'where leased_by = ${process} or leased_until < clock_timestamp() returning',
    replace: 'where leased_by is distinct from ${process} || random() returning',
    test: [
      publishing,
      'while a process publishes no other one does, and one that has died is replaced when its time is over',
    ],
  },
];
