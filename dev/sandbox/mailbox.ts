import { Hono } from 'hono';
import { html } from 'hono/html';
import { isUuid } from '../../src/domain/uuid.ts';
import { notificationMessage, toOrderNotification } from '../../src/gateways/notification-message.ts';
import { composeMail, type Mail } from '../../src/mail/compose-mail.ts';
import type { MessageRenderer } from '../../src/mail/render-message.ts';
import { run, type Pool } from './database.ts';
import { htmlPage } from './html-page.ts';
import { Refusal } from './refusal.ts';
import type { SandboxEnv } from './request.ts';

/** A message as it was sent to the notification service. */
interface MessageRow {
  id: string;
  idempotency_key: string;
  order_id: string;
  customer_id: string;
  type: string;
  message: Record<string, unknown> | null;
  created_at: Date;
}

const newest = {
  name: 'sandbox-mailbox-newest',
  text: 'SELECT * FROM sandbox.notifications ORDER BY id DESC LIMIT 200',
};
const byId = { name: 'sandbox-mailbox-by-id', text: 'SELECT * FROM sandbox.notifications WHERE id = $1' };

const shop = { name: 'The Shop', address: 'orders@shop.example', domain: 'shop.example' };

/** A page runs no scripts and loads nothing, and a mail in it can do nothing at all. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox allow-popups";

/** Pages that show the messages that were sent as the mails that the notifier would make of them. */
export function mailboxRoutes(db: Pool, render: MessageRenderer): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.get('/mailbox', async (c) => {
    const rows = await run<MessageRow>(db, newest, []);
    c.header('content-security-policy', pagePolicy);
    return c.html(htmlPage('Mailbox', rows.length === 0 ? html`<p>No messages yet.</p>` : listOf(rows, render)));
  });

  app.get('/mailbox/:id', async (c) => {
    const row = await findMessage(db, c.req.param('id'));
    const mail = mailOf(row, render);
    c.header('content-security-policy', pagePolicy);
    return c.html(htmlPage(row.type, mail ? viewOf(row, mail) : unreadable));
  });

  app.get('/mailbox/:id/html', async (c) => {
    const mail = mailOf(await findMessage(db, c.req.param('id')), render);
    if (!mail) throw new Refusal(404, 'NOT_FOUND', 'the message is none that a mail is made of');
    c.header('content-security-policy', mailPolicy);
    return c.html(mail.html);
  });

  return app;
}

async function findMessage(db: Pool, id: string): Promise<MessageRow> {
  const [row] = isUuid(id) ? await run<MessageRow>(db, byId, [id]) : [];
  if (!row) throw new Refusal(404, 'NOT_FOUND', `no message ${id}`);
  return row;
}

/** The mail that the notifier would send; `undefined` for a message that has less than a mail takes. */
function mailOf(row: MessageRow, render: MessageRenderer): Mail | undefined {
  const { order_id, customer_id, type, message, idempotency_key: key } = row;
  const parsed = notificationMessage.safeParse({ ...message, order_id, customer_id, type });
  if (!parsed.success) return undefined;
  const notification = toOrderNotification(key, parsed.data);
  const { name = '', email = '' } = notification.recipient;
  return composeMail(key, render(notification), shop, { name, address: email });
}

const unreadable = html`<p>This message has less than a mail is made of.</p>`;

function listOf(rows: readonly MessageRow[], render: MessageRenderer) {
  const lines = rows.map((row) => {
    const mail = mailOf(row, render);
    return html`<tr>
      <td>${row.created_at.toISOString()}</td>
      <td>${mail ? toOf(mail) : ''}</td>
      <td><a href="/mailbox/${row.id}">${mail?.subject ?? row.type}</a></td>
    </tr>`;
  });
  return html`<table>
    <tr>
      <th>Sent</th>
      <th>To</th>
      <th>Subject</th>
    </tr>
    ${lines}
  </table>`;
}

function viewOf(row: MessageRow, mail: Mail) {
  const headers = Object.entries({
    From: `${mail.from.name} <${mail.from.address}>`,
    To: toOf(mail),
    Subject: mail.subject,
    'Message-ID': mail.messageId,
    ...mail.headers,
  });
  return html`<p><a href="/mailbox">All messages</a></p>
    <table>
      ${headers.map(
        ([name, value]) =>
          html`<tr>
            <th>${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </table>
    <h2>HTML</h2>
    <iframe title="The mail as HTML" sandbox="allow-popups" src="/mailbox/${row.id}/html"></iframe>
    <h2>Text</h2>
    <pre>${mail.text}</pre>`;
}

function toOf({ to }: Mail): string {
  return to.address === '' ? `${to.name} (no e-mail address: not sent)` : `${to.name} <${to.address}>`;
}
