import type { Operations } from '../../client/client.ts';
import { livePart } from '../order/refresh.ts';
import { html, type Html } from '../ui/html.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { ordersTable } from './orders-page.ts';
import { queueTiles } from './queue-page.ts';

type Queues = Operations['listQueues']['answer']['data'];

interface Work {
  readonly queues: Queues;
  readonly newest: Operations['listOrders']['answer']['data'];
}

/** Often enough for who works from it; the counts are shared by everybody who looks. */
const POLL_MS = 10_000;

/** How much waits for somebody, and the newest orders. */
export function homePage(view: View, { queues, newest }: Work): Html {
  return layout(view, {
    title: 'Work',
    area: 'work',
    content: html`<h1>Work</h1>
      <div data-poll="${POLL_MS}">${homeTiles(view, queues)}</div>
      <h2>Newest orders</h2>
      ${ordersTable(view, newest)}`,
  });
}

/** The queues, as they are put in the place of older ones. */
export function homeTiles(view: View, queues: Queues): Html {
  return livePart('queues', queueTiles(view, queues));
}
