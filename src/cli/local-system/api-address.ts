/**
 * The address of an API, as a browser or `npm start` shows one of its pages: without `/api/v1`, `/docs` and a slash at its end.
 * Returns `undefined` for what is no HTTP address.
 */
export function readApiAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return origin + pathname.replace(/\/+$/, '').replace(/(\/api\/v1|\/docs|\/openapi\.json)$/, '');
}

/** Whether two addresses are the same, by whichever name this machine calls itself. */
export function isSameAddress(one: string, other: string): boolean {
  return describeTarget(one) === describeTarget(other);
}

function describeTarget(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  const isLoopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(hostname);
  return `${protocol}//${isLoopback ? 'localhost' : hostname}:${port}`;
}
