import { DashboardBuilder, DatasourceVariableBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { apiDashboard } from './api.ts';
import { databaseDashboard } from './database.ts';
import { engineDashboard } from './engine.ts';
import { ordersDashboard } from './orders.ts';
import { buildPanel, DATASOURCE, type Dashboard } from './panels.ts';
import { sagasDashboard } from './sagas.ts';

/** Every dashboard, by the name of its file. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  'orders.json': ordersDashboard,
  'sagas.json': sagasDashboard,
  'api.json': apiDashboard,
  'engine.json': engineDashboard,
  'database.json': databaseDashboard,
};

/** Returns a dashboard as Grafana imports it. */
export function renderDashboard({ uid, title, rows }: Dashboard): string {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(['order-saga'])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder(DATASOURCE).label('Data source').type('prometheus'));
  let id = 0;
  for (const [heading, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(heading).id((id += 1)));
    for (const panel of panels) builder.withPanel(buildPanel(panel, (id += 1)));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}
