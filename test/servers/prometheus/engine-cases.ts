import { type CasesByAlert, first, grows, stays } from './alert-case.ts';

const polls = (result: string) =>
  `temporal_workflow_task_queue_poll_${result}{job="orders-worker", task_queue="orders"}`;
const failures = (reason: string) => `temporal_workflow_task_execution_failed{failure_reason="${reason}"}`;
const connections = (state: string) =>
  `database_pool_connections{job="orders-api", instance="a:9464", state="${state}"}`;
const calls = (outcome: string, service = 'payment') =>
  `service_request_seconds_count{service="${service}", operation="charge", outcome="${outcome}"}`;

/** The cases of what orders need to go on. */
export const engineCases: CasesByAlert = {
  NoWorkerPolls: {
    fires: [
      {
        when: 'the worker does not get through to Temporal any more',
        series: { [polls('succeed')]: first(900, 10, stays(900)), [polls('empty')]: first(30, 10, stays(30)) },
        at: '17m',
        says: [{ summary: 'No worker asks Temporal for work, so no order goes on' }],
      },
      {
        when: 'the worker is gone',
        series: { [polls('succeed')]: `0+5x40 stale` },
        at: '22m',
        says: [{ summary: 'No worker asks Temporal for work, so no order goes on' }],
      },
      {
        when: 'there is no worker',
        series: {},
        at: '4m',
        says: [{ summary: 'No worker asks Temporal for work, so no order goes on' }],
      },
    ],
    quiet: [
      { when: 'the worker has nothing to do', series: { [polls('empty')]: grows(2) }, at: '30m' },
      ...['2m', '3m'].map((at) => ({
        when: `the first worker has started ${at} ago and has nothing to do`,
        // Its series begin with the first answers to its polls, after a minute.
        series: { [polls('empty')]: '_x4 10+0x3 20+0x3 30+0x3' },
        at,
      })),
      {
        when: 'the worker always has something to do',
        series: { [polls('succeed')]: grows(600), [polls('empty')]: stays(0) },
        at: '30m',
      },
    ],
  },
  WorkflowTasksFailing: {
    fires: [
      {
        when: "an order's tasks fail every ten minutes",
        series: { [failures('NonDeterminismError')]: first(0, 5, '1+0x39 2+0x39 3+0x39 4+0x39 5+0x39') },
        at: '50m',
        says: [
          {
            summary: 'Workflow tasks fail (NonDeterminismError), so their orders do not go on',
            labels: { failure_reason: 'NonDeterminismError' },
          },
        ],
      },
    ],
    quiet: [
      { when: 'one task failed', series: { [failures('WorkflowError')]: first(0, 5, stays(1)) }, at: '20m' },
      { when: 'all succeed', series: { [failures('WorkflowError')]: stays(0) }, at: '30m' },
    ],
  },
  DatabaseConnectionsExhausted: {
    fires: [
      {
        when: 'queries have waited for a connection for two minutes',
        series: { [connections('busy')]: stays(16), [connections('waiting')]: stays(7) },
        at: '3m',
        says: [
          {
            summary: '7 queries of a:9464 wait for a connection to PostgreSQL',
            labels: { job: 'orders-api', instance: 'a:9464' },
          },
        ],
      },
    ],
    quiet: [
      {
        when: 'all are busy and nobody waits',
        series: { [connections('busy')]: stays(16), [connections('waiting')]: stays(0) },
        at: '30m',
      },
      { when: 'a peak is over within a minute', series: { [connections('waiting')]: first(9, 1, stays(0)) }, at: '3m' },
    ],
  },
  DatabaseConnectionsRefused: {
    fires: [
      {
        when: 'connections are refused',
        series: {
          'database_connection_errors_total{reason="refused"}': grows(8),
          'database_connection_errors_total{reason="too_many"}': stays(0),
        },
        at: '5m',
        says: [{ summary: 'Connections to PostgreSQL fail (refused)', labels: { reason: 'refused' } }],
      },
      {
        when: 'PostgreSQL has too many connections',
        series: { 'database_connection_errors_total{reason="too_many"}': grows(1) },
        at: '10m',
        says: [{ summary: 'Connections to PostgreSQL fail (too_many)', labels: { reason: 'too_many' } }],
      },
    ],
    quiet: [
      {
        when: 'there were some an hour ago',
        series: { 'database_connection_errors_total{reason="refused"}': stays(40) },
        at: '30m',
      },
    ],
  },
  ServiceTimeouts: {
    fires: [
      {
        when: 'every fifth call of one service times out',
        series: { [calls('ok')]: grows(8), [calls('timeout')]: grows(2), [calls('ok', 'inventory')]: grows(10) },
        at: '10m',
        says: [{ summary: '20% of the calls of the payment service time out', labels: { service: 'payment' } }],
      },
    ],
    quiet: [
      {
        when: 'one of a thousand times out',
        series: { [calls('ok')]: grows(999), [calls('timeout')]: grows(1) },
        at: '30m',
      },
      {
        when: 'one call timed out',
        series: { [calls('ok')]: stays(0), [calls('timeout')]: first(0, 5, stays(1)) },
        at: '8m',
      },
      {
        when: 'cards are declined',
        series: { [calls('refused')]: grows(10), [calls('timeout')]: stays(0) },
        at: '30m',
      },
    ],
  },
  ServiceUnavailable: {
    fires: [
      {
        when: 'one service is away',
        series: { [calls('ok')]: stays(100), [calls('unavailable')]: grows(10), [calls('ok', 'inventory')]: grows(10) },
        at: '10m',
        says: [{ summary: '100% of the calls of the payment service fail', labels: { service: 'payment' } }],
      },
      {
        when: 'every second reply can not be read',
        series: { [calls('ok')]: grows(2), [calls('unknown')]: grows(2) },
        at: '10m',
        says: [{ summary: '50% of the calls of the payment service fail', labels: { service: 'payment' } }],
      },
    ],
    quiet: [
      { when: 'orders are refused', series: { [calls('ok')]: grows(5), [calls('refused')]: grows(5) }, at: '30m' },
      {
        when: 'one call failed',
        series: { [calls('ok')]: grows(1), [calls('unavailable')]: first(0, 5, stays(1)) },
        at: '8m',
      },
    ],
  },
};
