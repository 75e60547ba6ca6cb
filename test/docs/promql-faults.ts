import { metricDefinitions } from '../../src/metrics/definitions.ts';

/** What a query can ask for: a metric's type, and its labels with the values that each may have, if they are listed. */
interface Known {
  readonly type: string;
  readonly labels: Readonly<Record<string, readonly string[] | 'open'>>;
}

const definitions: Readonly<Record<string, Known>> = metricDefinitions;

/** Labels that Prometheus itself sets. */
const targetLabels = ['job', 'instance', 'le'];

/** Metrics of others: Prometheus itself, prom-client and Temporal's SDK; that they exist is seen where a real process is scraped. */
const others = /^(up$|process_|nodejs_|temporal_)/;

const selector = /(?<![\w:"])([a-z]\w*(?::\w+)*)(?:\{([^}]*)\})?(?![\w:(]|\s*\()/g;
const keywords = /^(by|without|and|or|unless|on|ignoring|bool|offset|le)$/;

/** Finds the metrics, labels and values that a PromQL expression asks for and that don't exist; `recorded` are names of recording rules. */
export function findPromqlFaults(expression: string, recorded: readonly string[] = []): string[] {
  // What stands in the brackets of an aggregation are labels.
  const grouped = /\b(?:by|without)\s*\(([^)]*)\)/g;
  const faults = [...expression.replaceAll(grouped, '').matchAll(selector)].flatMap(([, name = '', matchers = '']) => {
    if (keywords.test(name) || recorded.includes(name) || others.test(name)) return [];
    const known = findDefinition(name);
    if (known === undefined) return [`no metric ${name}`];
    return [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(
      ([, label = '', operator = '', value = '']) => findMatcherFaults(name, known, label, operator, value),
    );
  });
  return faults;
}

function findDefinition(name: string): Known | undefined {
  const exact = definitions[name];
  if (exact !== undefined) return exact.type === 'histogram' ? undefined : exact;
  const histogram = definitions[name.replace(/_(bucket|count|sum)$/, '')];
  return histogram?.type === 'histogram' ? histogram : undefined;
}

function findMatcherFaults(name: string, { labels }: Known, label: string, operator: string, value: string): string[] {
  if (targetLabels.includes(label)) return [];
  const values = labels[label];
  if (values === undefined) return [`${name} has no label ${label}`];
  if (values === 'open') return [];
  const wanted = operator.includes('~') ? value.split('|') : [value];
  return wanted.filter((one) => !values.includes(one)).map((one) => `${name} has no ${label}="${one}"`);
}
