import { type Dashboard, percentiles } from './panels.ts';

/** How the steps of sagas go, and what their services answer. */
export const sagasDashboard: Dashboard = {
  uid: 'order-saga-sagas',
  title: 'Sagas',
  rows: {
    'What waits': [
      {
        title: 'Need attention',
        description: 'Orders that wait for a decision of an operator.',
        unit: 'short',
        queries: { orders: 'max(orders_needs_attention)' },
      },
      {
        title: 'Retrying, by step',
        description: 'Orders whose step failed and is tried again: its service is away or slow.',
        unit: 'short',
        as: 'stacked',
        queries: { '{{step}}': 'max by (step) (orders_retrying)' },
      },
      {
        title: 'Stuck, by step',
        description: 'Orders that wait in a step for longer than STUCK_AFTER.',
        unit: 'short',
        as: 'stacked',
        queries: { '{{step}}': 'max by (step) (orders_stuck)' },
      },
    ],
    Steps: [
      {
        title: 'Attempts, by step',
        description: 'Attempts a second of steps and compensations.',
        unit: 'short',
        queries: { '{{step}}': 'sum by (step) (rate(saga_step_seconds_count[$__rate_interval]))' },
      },
      {
        title: 'Duration, by step',
        description: 'What 19 of 20 attempts take at most.',
        unit: 's',
        queries: percentiles('saga_step_seconds', { by: 'step', of: [0.95] }),
      },
      {
        title: 'Attempts, by outcome',
        description: 'refused: out of stock or declined. failed: tried again.',
        unit: 'short',
        as: 'stacked',
        queries: { '{{outcome}}': 'sum by (outcome) (rate(saga_step_seconds_count[$__rate_interval]))' },
      },
      {
        title: 'Failures, by step',
        description: 'Attempts a second that fail and are tried again.',
        unit: 'short',
        queries: {
          '{{step}}': 'sum by (step) (rate(saga_step_seconds_count{outcome="failed"}[$__rate_interval])) or vector(0)',
        },
      },
      {
        title: 'Compensations',
        description: 'Compensations a second; failed ones leave money or stock behind until they succeed.',
        unit: 'short',
        queries: {
          '{{step}} {{outcome}}': 'sum by (step, outcome) (rate(saga_compensations_total[$__rate_interval]))',
        },
      },
      {
        title: 'Parked an hour, by step',
        description: 'Steps that were put before an operator.',
        unit: 'short',
        queries: { '{{step}}': 'sum by (step) (increase(saga_parked_total[1h]))' },
      },
    ],
    Services: [
      {
        title: 'Calls, by service and outcome',
        description:
          'Calls a second. refused is a business outcome; unauthorized is a fault of our credentials; unavailable, timeout and unknown are faults of the service.',
        unit: 'short',
        queries: {
          '{{service}} {{outcome}}':
            'sum by (service, outcome) (rate(service_request_seconds_count[$__rate_interval]))',
        },
      },
      {
        title: 'Duration, by service',
        description: 'What 19 of 20 calls take at most.',
        unit: 's',
        queries: percentiles('service_request_seconds', { by: 'service', of: [0.95] }),
      },
      {
        title: 'Faults, by service',
        description: 'The share of calls that are not reached, time out or can not be read.',
        unit: 'percentunit',
        queries: {
          '{{service}}':
            '(sum by (service) (rate(service_request_seconds_count{outcome=~"unauthorized|unavailable|timeout|unknown"}[$__rate_interval])) or 0 * sum by (service) (rate(service_request_seconds_count[$__rate_interval]))) / sum by (service) (rate(service_request_seconds_count[$__rate_interval]))',
        },
      },
    ],
    'Starts and repairs': [
      {
        title: 'Start limiter',
        description: 'Sagas under way, how many there may be, and orders that wait for a slot.',
        unit: 'short',
        queries: {
          'under way': 'sum(saga_starts_in_flight)',
          limit: 'sum(saga_starts_limit)',
          waiting: 'sum(saga_starts_waiting)',
        },
      },
      {
        title: 'Since the last pass of the reconciler',
        description: 'It passes every minute, unless RECONCILE_INTERVAL says otherwise.',
        unit: 's',
        queries: { seconds: 'time() - max(reconciler_last_pass_timestamp_seconds)' },
      },
      {
        title: 'Passes of the reconciler an hour',
        description: 'By outcome.',
        unit: 'short',
        queries: { '{{outcome}}': 'sum by (outcome) (increase(reconciler_passes_total[1h]))' },
      },
    ],
  },
};
