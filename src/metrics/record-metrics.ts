import type { LabelsOf, MetricName, MetricOf } from './definitions.ts';

/** Where metrics are recorded; without one, recording does nothing. */
export interface MetricsRecorder {
  readonly count: (name: MetricName, labels: Readonly<Record<string, string>>, by: number) => void;
  readonly change: (name: MetricName, labels: Readonly<Record<string, string>>, by: number) => void;
  readonly observe: (name: MetricName, labels: Readonly<Record<string, string>>, seconds: number) => void;
}

/** A process has one set of metrics, as it has one memory and one event loop, so this is not handed through every function. */
let recorder: MetricsRecorder | undefined;

/** Records from now on to `to`, or nowhere; done once at the start of a process that serves metrics. */
export function recordMetricsTo(to: MetricsRecorder | undefined): void {
  recorder = to;
}

/** Adds to a counter. */
export function countMetric<Name extends MetricOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by = 1): void {
  recorder?.count(name, labels, by);
}

/** Adds to a gauge, or takes from it. */
export function changeGauge<Name extends MetricOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, by: number): void {
  recorder?.change(name, labels, by);
}

/** Adds a time to a histogram. */
export function observeSeconds<Name extends MetricOf<'histogram'>>(
  name: Name,
  labels: LabelsOf<Name>,
  seconds: number,
): void {
  recorder?.observe(name, labels, seconds);
}
