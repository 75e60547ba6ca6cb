import { type Dashboard, percentiles } from './panels.ts';

/** How orders go: how many, how far, how fast, for how much. */
export const ordersDashboard: Dashboard = {
  uid: 'order-saga-orders',
  title: 'Orders',
  rows: {
    Now: [
      {
        title: 'Accepted a minute',
        description: 'Orders accepted, averaged over five minutes.',
        unit: 'short',
        as: 'number',
        queries: { accepted: 'sum(rate(orders_created_total[5m])) * 60' },
      },
      {
        title: 'Confirmed a minute',
        description:
          'Orders paid and taken from stock, averaged over five minutes. Far below accepted: something holds them.',
        unit: 'short',
        as: 'number',
        queries: { confirmed: 'sum(rate(orders_transitions_total{to="CONFIRMED"}[5m])) * 60' },
      },
      {
        title: 'Need attention',
        description: 'Orders that wait for a decision of an operator.',
        unit: 'short',
        as: 'number',
        queries: { orders: 'max(orders_needs_attention)' },
      },
      {
        title: 'Stuck',
        description: 'Orders that wait in a step for longer than STUCK_AFTER.',
        unit: 'short',
        as: 'number',
        queries: { orders: 'sum(max by (step) (orders_stuck))' },
      },
      {
        title: 'Wait to start',
        description: 'Accepted orders whose workflow has not started.',
        unit: 'short',
        as: 'number',
        queries: { orders: 'max(orders_waiting_to_start)' },
      },
      {
        title: 'Payments that fail',
        description: 'Declined, of unknown outcome, or not reached; over ten minutes.',
        unit: 'percentunit',
        as: 'number',
        queries: {
          failed:
            'sum(increase(payments_total{outcome=~"declined|unknown|unavailable"}[10m])) / sum(increase(payments_total{outcome=~"captured|declined|unknown|unavailable"}[10m]))',
        },
      },
    ],
    Flow: [
      {
        title: 'Orders accepted',
        description: 'Orders a minute, by where they came from.',
        unit: 'short',
        as: 'stacked',
        queries: { '{{source}}': 'sum by (source) (rate(orders_created_total[$__rate_interval])) * 60' },
      },
      {
        title: 'Changes of status',
        description: 'Orders a minute that became CONFIRMED, SHIPPED, CANCELLED and so on.',
        unit: 'short',
        queries: { '{{to}}': 'sum by (to) (rate(orders_transitions_total[$__rate_interval])) * 60' },
      },
      {
        title: 'Orders by status',
        description: 'How many orders have each status now.',
        unit: 'short',
        as: 'stacked',
        queries: { '{{status}}': 'max by (status) (orders_current)' },
      },
      {
        title: 'Value confirmed an hour',
        description: 'Totals of confirmed orders, in units of each currency.',
        unit: 'short',
        queries: { '{{currency}}': 'sum by (currency) (increase(orders_value_total[1h]))' },
      },
      {
        title: 'Payments',
        description: 'Payments a minute, by outcome.',
        unit: 'short',
        queries: { '{{outcome}}': 'sum by (outcome) (rate(payments_total[$__rate_interval])) * 60' },
      },
      {
        title: 'Orders that wait to start',
        description: 'A peak that Temporal works off, or Temporal is away.',
        unit: 'short',
        queries: {
          orders: 'max(orders_waiting_to_start)',
          'age of the oldest, s': 'max(orders_oldest_waiting_seconds)',
        },
      },
    ],
    Times: [
      {
        title: 'From acceptance to confirmation',
        description: 'What a customer waits for. Services that retry lift the upper percentiles.',
        unit: 's',
        queries: percentiles('orders_confirm_seconds'),
      },
      {
        title: 'From confirmation to shipping',
        description: 'What the warehouse takes.',
        unit: 's',
        queries: percentiles('orders_ship_seconds', { of: [0.5, 0.95] }),
      },
    ],
  },
};
