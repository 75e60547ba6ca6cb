import { readCodecConfig } from './config/codec-config.ts';
import { createCodecServer } from './http/codec-server.ts';
import { authenticator } from './access/authenticate.ts';
import { listen } from './http/listen.ts';
import { createLogger } from './logger.ts';
import { runProcess } from './run-process.ts';
import { createPayloadCodec } from './temporal/payload-codec.ts';

/** What is open after this is cut off: an answer takes milliseconds. */
const CLOSE_LIMIT_MS = 5_000;

/** Decrypts payloads for operators who look at workflows in Temporal's Web UI or with its command line. */
await runProcess(async () => {
  const config = readCodecConfig();
  const logger = createLogger(config.log, 'codec');
  const codec = createPayloadCodec(config.payloadKeys);
  const authenticate = config.isOpen ? undefined : authenticator(config.auth);
  const app = createCodecServer({ codec, authenticate, origins: config.origins, logger });
  const server = await listen(app, config.server);
  logger.info({ port: config.server.port }, 'listening');
  return { stop: () => server.close(CLOSE_LIMIT_MS), stopDelayMs: 0 };
});
