import { type Dashboard, percentiles } from './panels.ts';

/** What Temporal's SDK says of the workers, under its official names. */
export const engineDashboard: Dashboard = {
  uid: 'order-saga-engine',
  title: 'Temporal workers',
  rows: {
    'Workflow tasks': [
      {
        title: 'Schedule to start',
        description: 'How long a workflow task waits for a worker. Rising: add workers.',
        unit: 'ms',
        queries: percentiles('temporal_workflow_task_schedule_to_start_latency', { of: [0.5, 0.95] }),
      },
      {
        title: 'Execution',
        description: 'How long a worker takes for a workflow task.',
        unit: 'ms',
        queries: percentiles('temporal_workflow_task_execution_latency', { of: [0.5, 0.95] }),
      },
      {
        title: 'Failures',
        description: 'Workflow tasks a minute that fail, by reason: their orders do not go on.',
        unit: 'short',
        queries: {
          '{{failure_reason}}':
            'sum by (failure_reason) (rate(temporal_workflow_task_execution_failed[$__rate_interval])) * 60 or vector(0)',
        },
      },
      {
        title: 'Replay',
        description: 'How long it takes to load an order that was not in memory.',
        unit: 'ms',
        queries: percentiles('temporal_workflow_task_replay_latency', { of: [0.5, 0.95] }),
      },
      {
        title: 'Sticky cache',
        description: 'Orders in memory, by process.',
        unit: 'short',
        queries: { '{{instance}}': 'sum by (instance) (temporal_sticky_cache_size)' },
      },
      {
        title: 'Sticky cache hits',
        description: 'The share of workflow tasks whose order was in memory. Low: raise WORKFLOW_CACHE_SIZE.',
        unit: 'percentunit',
        queries: {
          hits: 'sum(rate(temporal_sticky_cache_hit[$__rate_interval])) / (sum(rate(temporal_sticky_cache_hit[$__rate_interval])) + (sum(rate(temporal_sticky_cache_miss[$__rate_interval])) or vector(0)))',
        },
      },
    ],
    Activities: [
      {
        title: 'Steps on the fast path',
        description: 'Local activities: how long they take, by step.',
        unit: 'ms',
        queries: percentiles('temporal_local_activity_execution_latency', { by: 'activity_type', of: [0.95] }),
      },
      {
        title: 'Activities: schedule to start',
        description: 'How long a step that has left the fast path waits for a worker.',
        unit: 'ms',
        queries: percentiles('temporal_activity_schedule_to_start_latency', { of: [0.5, 0.95] }),
      },
      {
        title: 'Activities: execution',
        description: 'How long they take, by type.',
        unit: 'ms',
        queries: percentiles('temporal_activity_execution_latency', { by: 'activity_type', of: [0.95] }),
      },
    ],
    'Slots and polls': [
      {
        title: 'Slots available',
        description:
          'By kind of worker, the least of all processes. 0: WORKER_MAX_WORKFLOW_TASKS or its relatives is reached.',
        unit: 'short',
        queries: { '{{worker_type}}': 'min by (worker_type) (temporal_worker_task_slots_available)' },
      },
      {
        title: 'Slots used',
        description: 'By kind of worker, of all processes.',
        unit: 'short',
        queries: { '{{worker_type}}': 'sum by (worker_type) (temporal_worker_task_slots_used)' },
      },
      {
        title: 'Pollers',
        description: 'Requests that wait for work, by kind.',
        unit: 'short',
        queries: { '{{poller_type}}': 'sum by (poller_type) (temporal_num_pollers)' },
      },
      {
        title: 'Polls',
        description:
          'Polls a minute that brought work, and that ended without. Neither: no worker gets through to Temporal.',
        unit: 'short',
        queries: {
          work: 'sum(rate(temporal_workflow_task_queue_poll_succeed[$__rate_interval])) * 60',
          empty: 'sum(rate(temporal_workflow_task_queue_poll_empty[$__rate_interval])) * 60 or vector(0)',
        },
      },
    ],
    'Calls of Temporal': [
      {
        title: 'Requests',
        description: 'Requests a second, by operation.',
        unit: 'reqps',
        queries: { '{{operation}}': 'sum by (operation) (rate(temporal_request[$__rate_interval]))' },
      },
      {
        title: 'Failures',
        description: 'Requests a second that fail, by operation and status.',
        unit: 'reqps',
        queries: {
          '{{operation}} {{status_code}}':
            'sum by (operation, status_code) (rate(temporal_request_failure[$__rate_interval])) or vector(0)',
        },
      },
      {
        title: 'Latency',
        description: 'What 19 of 20 requests take at most, by operation.',
        unit: 'ms',
        queries: percentiles('temporal_request_latency', { by: 'operation', of: [0.95] }),
      },
    ],
  },
};
