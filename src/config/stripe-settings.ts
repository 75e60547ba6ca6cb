import { z } from 'zod';
import type { PaymentCapture } from '../domain/payment-capture.ts';
import { duration, url } from './setting-types.ts';

/** Secrets of Stripe's webhook endpoints, separated by commas: the old one and the new one while one is being replaced. */
const endpointSecrets = z
  .string()
  .transform((text) => text.split(',').flatMap((secret) => secret.trim() || []))
  .refine((list) => list.length > 0 && list.every((secret) => /^whsec_\S{8,}$/.test(secret)), {
    message: 'must be one secret of an endpoint at Stripe, whsec_…, or several separated by commas',
  });

/** Who takes the money, and how Stripe is used. */
export const stripeVariables = {
  PAYMENT_PROVIDER: z.enum(['http', 'stripe']).default('http'),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(
      /^(sk|rk)_(test|live)_\S+$/,
      'must be a secret key of Stripe: sk_test_…, sk_live_… or a restricted one, rk_…',
    )
    .optional(),
  STRIPE_API_URL: url
    .refine((address) => new URL(address).pathname === '/', 'must have no path')
    .default('https://api.stripe.com'),
  // Together with a lookup and the writes it has to fit into the ten seconds of an attempt.
  STRIPE_TIMEOUT: duration
    .refine((limitMs) => limitMs >= 500 && limitMs <= 8_000, 'must be from 500ms to 8s')
    .default(6_000),
  STRIPE_WEBHOOK_SECRETS: endpointSecrets.optional(),
  STRIPE_RETURN_URL: url.optional(),
};

type Environment = z.output<z.ZodObject<typeof stripeVariables>>;

/** Reports what Stripe needs and is not set. */
export function isStripeKeySet({ PAYMENT_PROVIDER: provider, STRIPE_SECRET_KEY: key }: Environment): boolean {
  return provider !== 'stripe' || key !== undefined;
}

/** What is said when {@link isStripeKeySet} is not so. */
export const stripeKeyNotSet = {
  path: ['STRIPE_SECRET_KEY'],
  message:
    'is needed with PAYMENT_PROVIDER=stripe: the secret key of your account, from https://dashboard.stripe.com/apikeys',
};

/** How Stripe is used; `undefined`: not at all. */
export function toStripeConfig(e: Environment & { readonly PAYMENT_CAPTURE?: PaymentCapture | undefined }) {
  if (e.PAYMENT_PROVIDER !== 'stripe' || e.STRIPE_SECRET_KEY === undefined) return undefined;
  return {
    secretKey: e.STRIPE_SECRET_KEY,
    apiUrl: e.STRIPE_API_URL,
    timeoutMs: e.STRIPE_TIMEOUT,
    returnUrl: e.STRIPE_RETURN_URL,
    isCapturedInParts: e.PAYMENT_CAPTURE === 'shipment',
    webhookSecrets: e.STRIPE_WEBHOOK_SECRETS ?? [],
  };
}
