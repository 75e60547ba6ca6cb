import { expect, test } from 'vitest';
import { createKillPace } from '../../../dev/chaos/pace-kills.ts';

test('kills come as planned where restarts are quick, and as much later as restarts take longer', () => {
  let now = 0;
  const pace = createKillPace(() => now);
  expect(pace.factor()).toBe(1);

  pace.killed('api');
  now += 2_000;
  pace.restarted('api');
  expect(pace.factor()).toBe(1);

  pace.killed('worker');
  pace.killed('postgres');
  now += 1_000;
  pace.restarted('postgres');
  now += 5_000;
  // The worker is not back yet.
  expect(pace.factor()).toBe(2);
  pace.killed('worker');
  now += 6_000;
  pace.restarted('worker');
  expect(pace.factor()).toBe(4);

  // A machine that is quick again is forgiven.
  for (let n = 0; n < 5; n += 1) {
    pace.killed('api');
    now += 1_500;
    pace.restarted('api');
  }
  expect(pace.factor()).toBe(1);
});
