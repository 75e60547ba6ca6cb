import type { CasesByAlert } from './alert-case.ts';

// Days of samples, one every five minutes.
const INTERVAL = '5m';
const SAMPLES = 12 * 24 * 4;

const requests = (status: number) =>
  `http_request_duration_seconds_count{route="/api/v1/orders/{id}", status="${status}"}`;

/** Requests every five minutes for four days, of which so many fail, in total and for a time at their end. */
function traffic(perInterval: number, failing: number, since = 0) {
  const quiet = since === 0 ? '' : `0+0x${since - 1} `;
  return {
    [requests(200)]: `0+${perInterval - failing}x${SAMPLES}`,
    [requests(500)]: `${quiet}0+${failing}x${SAMPLES - since}`,
  };
}

const fast = (ratio: string) => [
  { summary: `${ratio} of the requests fail: the error budget of 30 days is gone in less than five days` },
];
const slow = (ratio: string) => [
  { summary: `${ratio} of the requests fail: the error budget of 30 days will not last` },
];

/** The cases of the objective's error budget. */
export const burnRateCases: CasesByAlert = {
  ApiErrorBudgetBurnsFast: {
    fires: [
      {
        when: '2 % have failed for two hours',
        series: traffic(10_000, 200, 12),
        at: '3h',
        interval: INTERVAL,
        says: fast('2%'),
      },
      {
        when: '0.4 % have failed for a day',
        series: traffic(10_000, 40),
        at: '1d',
        interval: INTERVAL,
        says: fast('0.4%'),
      },
    ],
    quiet: [
      { when: '0.02 % fail', series: traffic(10_000, 2), at: '2d', interval: INTERVAL },
      {
        when: 'the failures are over',
        series: { [requests(200)]: `0+10000x${SAMPLES}`, [requests(500)]: `0+500x36 18000+0x${SAMPLES}` },
        at: '5h',
        interval: INTERVAL,
      },
      {
        when: 'both of two requests in an hour fail',
        series: { [requests(500)]: `0+0x11 1+0x11 2+0x${SAMPLES}` },
        at: '3h',
        interval: INTERVAL,
      },
      {
        when: 'nobody asks',
        series: { [requests(200)]: `9+0x${SAMPLES}`, [requests(500)]: `9+0x${SAMPLES}` },
        at: '1d',
        interval: INTERVAL,
      },
    ],
  },
  ApiErrorBudgetBurnsSlowly: {
    fires: [
      {
        when: '0.2 % have failed for two days',
        series: traffic(10_000, 20),
        at: '2d',
        interval: INTERVAL,
        says: slow('0.2%'),
      },
      {
        when: '0.08 % have failed for four days',
        series: traffic(10_000, 8),
        at: '4d',
        interval: INTERVAL,
        says: slow('0.08%'),
      },
    ],
    quiet: [
      { when: '0.04 % have failed for four days', series: traffic(10_000, 4), at: '4d', interval: INTERVAL },
      {
        when: 'all of five requests in a day fail',
        series: { [requests(500)]: `0+0x11 5+0x${SAMPLES}` },
        at: '2h',
        interval: INTERVAL,
      },
    ],
  },
};
