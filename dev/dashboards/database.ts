import type { Dashboard } from './panels.ts';

/** What PostgreSQL and the outbox are asked for. */
export const databaseDashboard: Dashboard = {
  uid: 'order-saga-database',
  title: 'Database and outbox',
  rows: {
    Database: [
      {
        title: 'Connections',
        description: 'By state; `waiting` are queries that wait for one.',
        unit: 'short',
        queries: { '{{instance}} {{state}}': 'max by (instance, state) (database_pool_connections)' },
      },
      {
        title: 'Connections in use',
        description: 'The share of DATABASE_POOL_MAX that is busy, by process.',
        unit: 'percentunit',
        queries: {
          '{{instance}}':
            'max by (instance) (database_pool_connections{state="busy"}) / max by (instance) (database_pool_max)',
        },
      },
      {
        title: 'Statements',
        description: 'Statements a second, by process.',
        unit: 'short',
        queries: { '{{instance}}': 'sum by (instance) (rate(database_statements_total[$__rate_interval]))' },
      },
      {
        title: 'Connections that failed',
        description: 'Statements a minute that failed because of their connection, by reason.',
        unit: 'short',
        queries: { '{{reason}}': 'sum by (reason) (rate(database_connection_errors_total[$__rate_interval])) * 60' },
      },
      {
        title: 'Age of the figures over all orders',
        description: 'Grows while they can not be read.',
        unit: 's',
        queries: { '{{instance}}': 'max by (instance) (orders_figures_age_seconds)' },
      },
    ],
    Outbox: [
      {
        title: 'Events that wait',
        description: 'Events not published, by sink.',
        unit: 'short',
        queries: { '{{sink}}': 'max by (sink) (outbox_unpublished)' },
      },
      {
        title: 'Age of the oldest',
        description: 'By sink; rising: the receiver is away, or no worker publishes.',
        unit: 's',
        queries: { '{{sink}}': 'max by (sink) (outbox_oldest_seconds)' },
      },
      {
        title: 'Dead letters',
        description: 'Events that a sink has refused for good.',
        unit: 'short',
        queries: { '{{sink}}': 'max by (sink) (outbox_dead_letters)' },
      },
      {
        title: 'Published',
        description: 'Events a minute, by sink.',
        unit: 'short',
        queries: { '{{sink}}': 'sum by (sink) (rate(events_published_total[$__rate_interval])) * 60' },
      },
      {
        title: 'Not delivered',
        description: 'Deliveries a minute that failed and are tried again, by sink.',
        unit: 'short',
        queries: { '{{sink}}': 'sum by (sink) (rate(events_failed_total[$__rate_interval])) * 60 or vector(0)' },
      },
    ],
    'Webhook endpoints and inbox': [
      {
        title: 'Webhook endpoints',
        description: 'By how they stand; a failing one accepts nothing, and its events wait.',
        unit: 'short',
        queries: { '{{state}}': 'max by (state) (webhook_endpoints)' },
      },
      {
        title: 'Deliveries to endpoints',
        description: 'Attempts a minute, by outcome.',
        unit: 'short',
        queries: {
          '{{outcome}}': 'sum by (outcome) (rate(webhook_deliveries_total[$__rate_interval])) * 60 or vector(0)',
        },
      },
      {
        title: 'Events of other services',
        description: 'Not applied yet, and those that wait for a decision.',
        unit: 'short',
        queries: { open: 'max(inbox_open)', dead: 'max(inbox_dead_letters)' },
      },
    ],
    'Messages to customers': [
      {
        title: 'Messages',
        description: 'Still to be sent, and those that could not be sent.',
        unit: 'short',
        queries: { pending: 'max(messages_pending)', failed: 'max(messages_failed)' },
      },
      {
        title: 'Attempts to send messages',
        description: 'A minute, by outcome; without confirmations of orders.',
        unit: 'short',
        queries: { '{{outcome}}': 'sum by (outcome) (rate(messages_total[$__rate_interval])) * 60 or vector(0)' },
      },
      {
        title: 'Mails in the broker',
        description: 'With RabbitMQ: to be sent, to be tried again, and given up.',
        unit: 'short',
        queries: { '{{queue}}': 'max by (queue) (mail_queue_messages) or vector(0)' },
      },
      {
        title: 'Mails',
        description: 'A minute, by outcome; `refused`: by the mail server for good, `failed`: tried again later.',
        unit: 'short',
        queries: { '{{outcome}}': 'sum by (outcome) (rate(mails_total[$__rate_interval])) * 60' },
      },
    ],
  },
};
