import type { ServerHttp2Session } from 'node:http2';

/** Proxies close a connection that is silent for half a minute; a client that has vanished is noticed after two of these. */
const PING_MS = 15_000;

/** Pings the connections until told to stop, and ends those that don't answer: their streams would stay open for an hour. */
export function keepAlive(sessions: ReadonlySet<ServerHttp2Session>): () => void {
  const unanswered = new WeakSet<ServerHttp2Session>();
  const timer = setInterval(() => {
    for (const session of sessions) {
      if (unanswered.has(session)) session.destroy();
      else ping(session, unanswered);
    }
  }, PING_MS).unref();
  return () => {
    clearInterval(timer);
  };
}

function ping(session: ServerHttp2Session, unanswered: WeakSet<ServerHttp2Session>): void {
  if (session.destroyed) return;
  unanswered.add(session);
  session.ping(() => {
    unanswered.delete(session);
  });
}
