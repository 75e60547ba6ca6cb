import {
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
  LegendDisplayMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** What one panel shows. */
export interface Panel {
  readonly title: string;
  /** What it means when the line goes up. */
  readonly description: string;
  /** As Grafana calls it, such as `s`, `short` or `percentunit`. */
  readonly unit: string;
  /** PromQL by the legend of its series. */
  readonly queries: Readonly<Record<string, string>>;
  /** One number each, or lines over time, which is the default; `stacked` adds them up. */
  readonly as?: 'number' | 'lines' | 'stacked';
}

/** A dashboard: its panels in rows. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly rows: Readonly<Record<string, readonly Panel[]>>;
}

/** The dashboard's variable for the data source, which is chosen on import. */
export const DATASOURCE = 'datasource';

const datasource = { type: 'prometheus', uid: `\${${DATASOURCE}}` };

// Grafana's grid is 24 wide: six numbers or three charts in a row.
const NUMBER_SIZE = { span: 4, height: 4 };
const CHART_SIZE = { span: 8, height: 8 };

/** Builds a panel; `id` tells it from the others of its dashboard. */
export function buildPanel(panel: Panel, id: number): StatBuilder | LinesBuilder {
  return (panel.as === 'number' ? buildNumber(panel) : buildLines(panel)).id(id);
}

function buildNumber(panel: Panel): StatBuilder {
  return new StatBuilder()
    .title(panel.title)
    .description(panel.description)
    .unit(panel.unit)
    .datasource(datasource)
    .span(NUMBER_SIZE.span)
    .height(NUMBER_SIZE.height)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .targets(buildTargets(panel));
}

function buildLines(panel: Panel): LinesBuilder {
  const lines = new LinesBuilder()
    .title(panel.title)
    .description(panel.description)
    .unit(panel.unit)
    .min(0)
    .datasource(datasource)
    .span(CHART_SIZE.span)
    .height(CHART_SIZE.height)
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).showLegend(true))
    .targets(buildTargets(panel));
  return panel.as === 'stacked'
    ? lines.stacking(new StackingConfigBuilder().mode(StackingMode.Normal)).fillOpacity(30)
    : lines;
}

function buildTargets({ queries }: Panel): DataqueryBuilder[] {
  return Object.entries(queries).map(([legend, expression], index) =>
    new DataqueryBuilder()
      .refId(String.fromCodePoint('A'.codePointAt(0)! + index))
      .expr(expression)
      .legendFormat(legend),
  );
}

/** The percentiles of a histogram, as queries by their legends; `by` is a label for which each is drawn by itself. */
export function percentiles(
  metric: string,
  { by, of = [0.5, 0.95, 0.99] }: { by?: string; of?: readonly number[] } = {},
) {
  const groups = by === undefined ? 'le' : `le, ${by}`;
  return Object.fromEntries(
    of.map((quantile) => [
      by === undefined ? `p${quantile * 100}` : `{{${by}}} p${quantile * 100}`,
      `histogram_quantile(${quantile}, sum by (${groups}) (rate(${withSuffix(metric)}[$__rate_interval])))`,
    ]),
  );
}

/** `metric{…}` as the histogram's buckets. */
function withSuffix(metric: string): string {
  return metric.replace(/^\w+/, '$&_bucket');
}
