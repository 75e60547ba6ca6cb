import { type Dashboard, percentiles } from './panels.ts';

const WITHOUT_PROBES = 'route!~"/(healthz|readyz|metrics)"';

/** How requests are answered. */
export const apiDashboard: Dashboard = {
  uid: 'order-saga-api',
  title: 'API',
  rows: {
    Now: [
      {
        title: 'Requests a second',
        description: 'Without probes, averaged over five minutes.',
        unit: 'short',
        as: 'number',
        queries: { requests: 'orders_api:requests:rate5m' },
      },
      {
        title: 'Errors',
        description: 'The share of requests answered with a 5xx, over five minutes.',
        unit: 'percentunit',
        as: 'number',
        queries: { errors: '(orders_api:errors:rate5m or vector(0)) / orders_api:requests:rate5m' },
      },
      {
        title: 'Error budget left',
        description: 'Of 30 days at 99.95 %: 100 % is all of it, below 0 the objective is missed.',
        unit: 'percentunit',
        as: 'number',
        queries: {
          left: `1 - (sum(increase(http_request_duration_seconds_count{status=~"5..", ${WITHOUT_PROBES}}[30d])) or vector(0)) / sum(increase(http_request_duration_seconds_count{${WITHOUT_PROBES}}[30d])) / 0.0005`,
        },
      },
      {
        title: '19 of 20 within',
        description: 'Over five minutes, without uploads and exports.',
        unit: 's',
        as: 'number',
        queries: {
          p95: 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{route!~"none|/(healthz|readyz|metrics)|.*/(imports|export|events)"}[5m])))',
        },
      },
      {
        title: 'Orders placed within',
        description: 'What 19 of 20 took at most, over five minutes.',
        unit: 's',
        as: 'number',
        queries: {
          p95: 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{method="POST", route="/api/v1/orders"}[5m])))',
        },
      },
      {
        title: 'Processes',
        description: 'That answer Prometheus, by role.',
        unit: 'short',
        as: 'number',
        queries: { '{{role}}': 'count by (role) (order_saga_build_info)' },
      },
    ],
    Requests: [
      {
        title: 'Requests, by status',
        description: 'Requests a second.',
        unit: 'reqps',
        as: 'stacked',
        queries: {
          '{{status}}': `sum by (status) (rate(http_request_duration_seconds_count{${WITHOUT_PROBES}}[$__rate_interval]))`,
        },
      },
      {
        title: 'Requests, by route',
        description: 'Requests a second, the ten most frequent.',
        unit: 'reqps',
        queries: {
          '{{method}} {{route}}': `topk(10, sum by (method, route) (rate(http_request_duration_seconds_count{${WITHOUT_PROBES}}[$__rate_interval])))`,
        },
      },
      {
        title: 'Errors, by route',
        description: 'Answers a second with a 5xx.',
        unit: 'reqps',
        queries: {
          '{{method}} {{route}} {{status}}':
            'sum by (method, route, status) (rate(http_request_duration_seconds_count{status=~"5.."}[$__rate_interval])) or vector(0)',
        },
      },
      {
        title: 'Latency',
        description: 'Of all requests without probes.',
        unit: 's',
        queries: percentiles(`http_request_duration_seconds{${WITHOUT_PROBES}}`),
      },
      {
        title: 'Latency, by route',
        description: 'What 19 of 20 requests take at most. Placing an order waits for its outcome, up to ORDER_WAIT.',
        unit: 's',
        queries: percentiles(`http_request_duration_seconds{${WITHOUT_PROBES}}`, { by: 'route', of: [0.95] }),
      },
      {
        title: 'Refused, by route',
        description: 'Answers a second with a 4xx.',
        unit: 'reqps',
        queries: {
          '{{method}} {{route}} {{status}}':
            'topk(10, sum by (method, route, status) (rate(http_request_duration_seconds_count{status=~"4.."}[$__rate_interval]))) or vector(0)',
        },
      },
    ],
    Processes: [
      {
        title: 'Requests being answered',
        description: 'By process.',
        unit: 'short',
        queries: { '{{instance}}': 'sum by (instance) (http_requests_in_flight)' },
      },
      {
        title: 'Processors in use',
        description: 'By process; one whole processor is what JavaScript can use, and some more for its helpers.',
        unit: 'short',
        queries: { '{{instance}}': 'max by (instance) (rate(process_cpu_seconds_total[$__rate_interval]))' },
      },
      {
        title: 'Event loop lag',
        description: 'How late a process gets to what is due; over 100 ms it is overloaded.',
        unit: 's',
        queries: { '{{instance}} p99': 'max by (instance) (nodejs_eventloop_lag_p99_seconds)' },
      },
      {
        title: 'Memory',
        description: 'Resident memory, by process.',
        unit: 'bytes',
        queries: { '{{instance}}': 'max by (instance) (process_resident_memory_bytes)' },
      },
    ],
  },
};
