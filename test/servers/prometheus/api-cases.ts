import { type CasesByAlert, first, grows, stays } from './alert-case.ts';

const target = (job: string, instance = `${job}:9464`) => `up{job="${job}", instance="${instance}"}`;

const process = (role: string, instance = 'a:9464') =>
  `order_saga_build_info{job="orders", instance="${instance}", version="0.1.0", role="${role}"}`;

const requests = (status: number, route = '/api/v1/orders/{id}') =>
  `http_request_duration_seconds_count{job="orders-api", method="GET", route="${route}", status="${status}"}`;

const placed = 'http_request_duration_seconds_count{method="POST", route="/api/v1/orders", status="201"}';

/** Requests of which none was faster than `over` seconds and all were within `within`. */
function durations(method: string, route: string, over: number, within: number, perMinute: number) {
  const bucket = (le: string) =>
    `http_request_duration_seconds_bucket{method="${method}", route="${route}", status="201", le="${le}"}`;
  return {
    [bucket(String(over))]: stays(0),
    [bucket(String(within))]: grows(perMinute),
    [bucket('+Inf')]: grows(perMinute),
    [`http_request_duration_seconds_count{method="${method}", route="${route}", status="201"}`]: grows(perMinute),
  };
}

const noApi = [{ summary: 'No API process answers Prometheus' }];

/** The cases of what the callers of the API notice. */
export const apiCases: CasesByAlert = {
  ApiDown: {
    fires: [
      {
        when: 'the only API does not answer',
        series: {
          [target('orders-api')]: first(1, 5, stays(0)),
          [process('api')]: first(1, 5, 'stale'),
          [process('worker')]: stays(1),
        },
        at: '7m',
        says: noApi,
      },
      {
        when: 'no API is among the targets any more',
        series: {
          [target('orders-api')]: first(1, 5, 'stale'),
          [process('api')]: first(1, 5, 'stale'),
          [process('worker')]: stays(1),
        },
        at: '7m',
        says: noApi,
      },
      { when: 'there is no target at all', series: {}, at: '2m', says: noApi },
    ],
    quiet: [
      {
        when: 'one of two APIs answers',
        series: { [process('api', 'a:9464')]: first(1, 5, 'stale'), [process('api', 'b:9464')]: stays(1) },
        at: '10m',
      },
      { when: 'API and worker are one process', series: { [process('all')]: stays(1) }, at: '10m' },
      { when: 'two scrapes failed', series: { [process('api')]: first(1, 5, 'stale', '_', stays(1)) }, at: '5m45s' },
    ],
  },
  ScrapeTargetDown: {
    fires: [
      {
        when: 'one of two workers does not answer',
        series: { [target('orders-worker', 'a:9464')]: stays(0), [target('orders-worker', 'b:9464')]: stays(1) },
        at: '3m',
        says: [
          {
            summary: 'orders-worker at a:9464 does not answer Prometheus',
            labels: { job: 'orders-worker', instance: 'a:9464' },
          },
        ],
      },
    ],
    quiet: [
      {
        when: 'a process restarts within two minutes',
        series: { [target('orders-api')]: first(0, 1, stays(1)) },
        at: '3m',
      },
      { when: 'another product is down', series: { [target('search')]: stays(0) }, at: '10m' },
    ],
  },
  ApiErrorRateHigh: {
    fires: [
      {
        when: 'a tenth of the requests fails',
        series: { [requests(200)]: grows(90), [requests(503)]: grows(10) },
        at: '10m',
        says: [{ summary: '10% of the requests to the API fail (5xx)' }],
      },
      {
        when: 'all of four requests a minute fail',
        series: { [requests(500)]: grows(4) },
        at: '15m',
        says: [{ summary: '100% of the requests to the API fail (5xx)' }],
      },
    ],
    quiet: [
      {
        when: '4 % of the requests fail',
        series: { [requests(200)]: grows(96), [requests(500)]: grows(4) },
        at: '20m',
      },
      {
        when: 'clients make the mistakes',
        series: { [requests(200)]: grows(50), [requests(404)]: grows(50) },
        at: '20m',
      },
      {
        when: 'one of two requests a minute fails',
        series: { [requests(200)]: grows(1), [requests(500)]: grows(1) },
        at: '20m',
      },
      {
        when: 'only probes fail',
        series: { [requests(200)]: grows(90), [requests(503, '/readyz')]: grows(90) },
        at: '20m',
      },
      { when: 'nobody asks', series: { [requests(200)]: stays(900), [requests(500)]: stays(900) }, at: '20m' },
    ],
  },
  ApiResponsesSlow: {
    fires: [
      {
        when: 'every request takes between one and two and a half seconds',
        series: durations('GET', '/api/v1/orders', 1, 2.5, 60),
        at: '15m',
        says: [{ summary: 'One request in twenty takes longer than 2.425s' }],
      },
    ],
    quiet: [
      {
        when: 'every request takes at most a second',
        series: durations('GET', '/api/v1/orders', 0.5, 1, 60),
        at: '30m',
      },
      { when: 'one request a minute is slow', series: durations('GET', '/api/v1/orders', 1, 2.5, 1), at: '30m' },
      { when: 'only uploads and exports are slow', series: durations('POST', '/api/v1/imports', 5, 10, 60), at: '30m' },
    ],
  },
  OrderPlacementSlow: {
    fires: [
      {
        when: 'placing takes between half a second and a second',
        series: durations('POST', '/api/v1/orders', 0.5, 1, 30),
        at: '15m',
        says: [{ summary: 'One order in twenty takes longer than 975ms to place' }],
      },
    ],
    quiet: [
      { when: 'placing takes less', series: durations('POST', '/api/v1/orders', 0.1, 0.25, 30), at: '30m' },
      {
        when: 'reading is slow',
        series: { ...durations('GET', '/api/v1/orders', 0.5, 1, 30), [placed]: grows(30) },
        at: '30m',
      },
      { when: 'one order a minute is slow', series: durations('POST', '/api/v1/orders', 0.5, 1, 1), at: '30m' },
    ],
  },
};
