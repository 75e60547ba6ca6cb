import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dashboards, renderDashboard } from './build-dashboards.ts';

/** Writes the dashboards into deploy/grafana, from where Grafana imports them. */
const folder = join(import.meta.dirname, '../../deploy/grafana');
await Promise.all(
  Object.entries(dashboards).map(([name, dashboard]) => writeFile(join(folder, name), renderDashboard(dashboard))),
);
