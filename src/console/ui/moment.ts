import { html, type Html } from './html.ts';

/** A moment, in UTC until the browser shows it in its own zone; UTC stays in the title. */
export function moment(at: string, form: 'full' | 'short' = 'full'): Html {
  const utc = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  return html`<time datetime="${at}" title="${utc}" data-form="${form}">${utc}</time>`;
}

/** How long something took, such as `340 ms`, `12 s` or `3 h 5 min`. */
export function formatSpan(spanMs: number): string {
  if (spanMs < 1_000) return `${Math.max(0, Math.round(spanMs))} ms`;
  const seconds = Math.round(spanMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
