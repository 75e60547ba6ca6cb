import type { OrderNotification } from '../domain/order-notification.ts';
import { ConfigError } from '../config.ts';
import { TemplateError } from './compile-template.ts';
import { loadTemplates, type LocaleTemplates, type MessageTemplates } from './load-templates.ts';
import { messageVariables, type MessageVariables } from './message-variables.ts';
import { sampleNotifications } from './sample-notifications.ts';

/** A message as people read it. */
export interface RenderedMessage {
  readonly locale: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What all messages of a shop have in common. */
export interface RenderSettings {
  readonly shopName: string;
  /** By its IANA name. */
  readonly timeZone: string;
  /** For orders without a locale, and for those whose language has no texts. */
  readonly defaultLocale: string;
  /** A folder of templates that replace built-in ones. */
  readonly templateFolder: string | undefined;
}

/** Renders a message in the language of its order; what customers have written is escaped in HTML, and one line long everywhere. */
export type MessageRenderer = (notification: OrderNotification) => RenderedMessage;

/**
 * Loads the templates, and renders every message once in every language before anything is sent. Throws {@link ConfigError} that names the
 * file that is broken.
 */
export function createMessageRenderer(settings: RenderSettings): MessageRenderer {
  try {
    const templates = loadTemplates(settings);
    const render: MessageRenderer = (notification) => renderMessage(templates, settings, notification);
    for (const locale of templates.locales) sampleNotifications(locale).forEach(render);
    return render;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new ConfigError(`MESSAGE_TEMPLATES: ${error.message}`, { cause: error });
  }
}

function renderMessage(
  templates: MessageTemplates,
  settings: RenderSettings,
  notification: OrderNotification,
): RenderedMessage {
  const { locale, words } = templates.wordsFor(notification.locale);
  const variables = messageVariables(notification, { ...settings, locale });
  const { subject, body, link } = words.messages[notification.type];
  const { html, text } = templates.layoutsOf(notification.type);
  const common = {
    ...variables,
    labels: words.labels,
    subject: subject(variables).replaceAll(/\s+/g, ' ').trim(),
    greeting: words.greeting(variables),
    paragraphs: paragraphsOf(body(variables)),
    closing: words.closing(variables).split('\n'),
    link: linkOf(variables, link(variables)),
    facts: factsOf(variables, words.labels),
    sums: sumsOf(variables, words.labels),
  };
  return { locale, subject: common.subject, html: html(common), text: text(common) };
}

/** Variables are single lines, so that only the texts themselves make paragraphs. */
function paragraphsOf(body: string): string[] {
  return body.split(/\n\s*\n/).flatMap((paragraph) => paragraph.trim() || []);
}

function linkOf({ action_url, order_url }: MessageVariables, text: string) {
  const url = action_url ?? order_url;
  return url === null ? null : { url, text };
}

type Labels = LocaleTemplates['labels'];

function factsOf({ carrier, tracking }: MessageVariables, labels: Labels) {
  return labelled([
    [labels.carrier, carrier],
    [labels.tracking, tracking],
  ]);
}

function sumsOf({ type, subtotal, discount, tax, shipping, total }: MessageVariables, labels: Labels) {
  if (type !== 'ORDER_CONFIRMED') return [];
  return labelled([
    [labels.subtotal, subtotal],
    [labels.discount, discount],
    [labels.tax, tax],
    [labels.shipping, shipping],
    [labels.total, total],
  ]);
}

function labelled(pairs: readonly (readonly [label: string, value: string | null])[]) {
  return pairs.flatMap(([label, value]) => (value === null ? [] : { label, value }));
}
