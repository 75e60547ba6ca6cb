import { environment } from './environment.ts';
import { refuseKnownSecrets } from './known-secrets.ts';
import { readVariables } from './read-variables.ts';
import { canTokensBeChecked, tokensNotChecked } from './token-settings.ts';

/** The settings of the codec server, which decrypts for whoever has a token of an operator. */
export function readCodecConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = environment
    .pick({
      LOG_LEVEL: true,
      LOG_FORMAT: true,
      PAYLOAD_KEYS: true,
      CODEC_HOST: true,
      CODEC_PORT: true,
      CODEC_ORIGINS: true,
      CODEC_WITHOUT_TOKEN: true,
      JWT_SECRET: true,
      JWKS_URL: true,
      JWT_ISSUER: true,
      JWT_AUDIENCE: true,
      ALLOW_KNOWN_SECRETS: true,
    })
    .required({ PAYLOAD_KEYS: true })
    .refine((given) => given.CODEC_WITHOUT_TOKEN || canTokensBeChecked(given), tokensNotChecked)
    .refine(({ CODEC_WITHOUT_TOKEN: open, CODEC_HOST: host }) => !open || loopback.includes(host), codecIsOpen)
    .superRefine(refuseKnownSecrets);
  const e = readVariables(variables, env);
  return {
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    payloadKeys: e.PAYLOAD_KEYS,
    server: { host: e.CODEC_HOST, port: e.CODEC_PORT, variable: 'CODEC_PORT' },
    origins: e.CODEC_ORIGINS,
    isOpen: e.CODEC_WITHOUT_TOKEN,
    auth: { secret: e.JWT_SECRET, jwksUrl: e.JWKS_URL, issuer: e.JWT_ISSUER, audience: e.JWT_AUDIENCE },
  };
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

const codecIsOpen = {
  path: ['CODEC_WITHOUT_TOKEN'],
  message: 'lets whoever reaches the codec server read everything: it goes with CODEC_HOST=127.0.0.1 only',
};
