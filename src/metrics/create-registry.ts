import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { open } from './definition.ts';
import { metricDefinitions, type LabelsOf, type MetricName, type MetricOf } from './definitions.ts';
import type { MetricsRecorder } from './record-metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** Sets the values of gauges; a gauge that is set to nothing is left out of the answer. */
export interface GaugeWriter {
  readonly set: <Name extends MetricOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, value: number) => void;
  /** Forgets all values of a gauge. */
  readonly clear: (name: MetricOf<'gauge'>) => void;
}

/** The metrics of a process. */
export interface MetricsRegistry {
  readonly recorder: MetricsRecorder;
  readonly gauges: GaugeWriter;
  /** Sets a counter that is kept elsewhere; it must not go down. */
  readonly setCounter: <Name extends MetricOf<'counter'>>(name: Name, labels: LabelsOf<Name>, value: number) => void;
  /** Every metric in Prometheus' text format. */
  readonly render: () => Promise<string>;
  readonly contentType: string;
}

/** A registry of every metric that the product has, with those of Node.js and the process. Counters whose labels are listed start at 0. */
export function createRegistry(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<MetricName, Counter>();
  const gauges = new Map<MetricName, Gauge>();
  const histograms = new Map<MetricName, Histogram>();
  const clear = (name: MetricName) => {
    const gauge = gauges.get(name);
    gauge?.reset();
    // One without labels has the value 0 after a reset.
    if (Object.keys(metricDefinitions[name].labels).length === 0) gauge?.remove();
  };
  for (const [key, definition] of Object.entries(metricDefinitions)) {
    const name = key as MetricName;
    const common = { name, help: definition.help, labelNames: Object.keys(definition.labels), registers: [registry] };
    if (definition.type === 'gauge') gauges.set(name, new Gauge(common));
    else if (definition.type === 'histogram') {
      histograms.set(name, new Histogram({ ...common, buckets: [...definition.buckets] }));
    } else {
      const counter = new Counter(common);
      for (const labels of combine(definition.labels)) counter.inc(labels, 0);
      counters.set(name, counter);
    }
  }
  // Until it has a value, nobody must take 0 for one.
  for (const name of gauges.keys()) clear(name);
  return {
    recorder: {
      count: (name, labels, by) => counters.get(name)?.inc(labels, by),
      observe: (name, labels, seconds) => histograms.get(name)?.observe(labels, seconds),
      change: (name, labels, by) => gauges.get(name)?.inc(labels, by),
    },
    gauges: {
      set: (name, labels, value) => gauges.get(name)?.set(labels, value),
      clear,
    },
    setCounter: (name, labels, value) => {
      const counter = counters.get(name);
      counter?.remove(labels);
      counter?.inc(labels, value);
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Every combination of listed values; none when a label's values aren't listed. */
function combine(labels: Readonly<Record<string, readonly string[] | typeof open>>): Labels[] {
  return Object.entries(labels).reduce<Labels[]>(
    (combined, [label, values]) =>
      values === open ? [] : combined.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}
