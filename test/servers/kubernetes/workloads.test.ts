import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ms, { type StringValue } from 'ms';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readApiConfig, readConfig, readMigrateConfig } from '../../../src/config.ts';
import { readCodecConfig } from '../../../src/config/codec-config.ts';
import { readNotifierConfig } from '../../../src/config/notifier-config.ts';
import { settingNames } from '../../../src/config/environment.ts';
import { overlays, parseManifests, renderKustomize, type Manifest, type Overlay } from './render.ts';

const labels = z.record(z.string(), z.string());

const variable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({
      secretKeyRef: z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() }).optional(),
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
    })
    .optional(),
});

const workload = z.object({
  kind: z.enum(['Deployment', 'Job']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    selector: z.object({ matchLabels: labels }).optional(),
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.number().optional(),
        securityContext: z.object({
          runAsNonRoot: z.literal(true),
          runAsUser: z.number().min(1),
          seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
        }),
        containers: z.tuple([
          z.object({
            image: z.string().regex(/:\d+\.\d+\.\d+$/),
            command: z.tuple([z.literal('node'), z.string()]),
            env: z.array(variable),
            envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
            resources: z.object({
              requests: z.object({ cpu: z.string(), memory: z.string() }),
              limits: z.object({ memory: z.string() }),
            }),
            securityContext: z.object({
              allowPrivilegeEscalation: z.literal(false),
              readOnlyRootFilesystem: z.literal(true),
              capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
            }),
          }),
        ]),
      }),
    }),
  }),
});

type Workload = z.output<typeof workload>;

const settings = z.object({ kind: z.literal('ConfigMap'), data: z.record(z.string(), z.string()) });

/** Secrets as an installation would have them. */
const secrets: Readonly<Record<string, string>> = {
  'database-url': 'postgres://orders:a-password@postgres:5432/orders',
  'jwt-secret': 'a secret that nobody knows, of 32 letters',
  'payment-webhook-secret': `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
  'inventory-webhook-secret': `whsec_${Buffer.alloc(24, 4).toString('base64')}`,
  'shipping-webhook-secret': `whsec_${Buffer.alloc(24, 5).toString('base64')}`,
  'inventory-token': 'a-credential-of-its-own',
  'inventory-oauth-client-secret': 'a-credential-of-its-own',
  'payment-token': 'a-credential-of-its-own',
  'payment-oauth-client-secret': 'a-credential-of-its-own',
  'customer-token': 'a-credential-of-its-own',
  'customer-oauth-client-secret': 'a-credential-of-its-own',
  'notification-token': 'a-credential-of-its-own',
  'notification-oauth-client-secret': 'a-credential-of-its-own',
  'review-token': 'a-credential-of-its-own',
  'review-oauth-client-secret': 'a-credential-of-its-own',
  'stripe-secret-key': 'sk_live_a_key_of_its_own',
  'stripe-webhook-secrets': 'whsec_a_secret_of_its_own',
  'events-secret': `whsec_${Buffer.alloc(24, 2).toString('base64')}`,
  'kafka-sasl-password': 'a-password-of-its-own',
  'payload-keys': `k1=${Buffer.alloc(32, 3).toString('base64')}`,
  'database-read-url': 'postgres://orders:a-password@replica:5432/orders',
  'oidc-client-secret': 'a-client-secret-of-its-own',
  'rabbitmq-url': 'amqp://orders:a-password@rabbitmq',
  'smtp-url': 'smtp://orders:a-password@mail.example.com',
  'redis-url': 'redis://:a-password@redis:6379',
  'analytics-database-url': 'postgres://analyst:another-password@postgres:5432/orders',
  'analytics-key': 'another secret that nobody knows, of 40 letters',
  'temporal-api-key': 'a-key',
};

const root = join(import.meta.dirname, '../../..');

/** A process that stops ends itself by then, counted from the end of STOP_DELAY. */
const STOP_LIMIT_MS = 10_000;

describe.each(overlays)('%s', (overlay) => {
  test('every container runs a program that the build writes, and may do nothing else', async () => {
    const { workloads } = await read(overlay);
    expect(workloads.length).toBeGreaterThan(1);
    for (const { spec } of workloads) {
      const [, program] = spec.template.spec.containers[0].command;
      expect(existsSync(join(root, program.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
    }
  });

  test('every process takes the settings that it is given, and is given no others', async () => {
    const { workloads, data } = await read(overlay);
    const readers = {
      api: readApiConfig,
      worker: readConfig,
      migrate: readMigrateConfig,
      codec: readCodecConfig,
      notifier: readNotifierConfig,
    };
    for (const { spec } of workloads) {
      const given = resolveSettings(spec.template, data);
      const component = z
        .enum(['api', 'worker', 'migrate', 'codec', 'notifier'])
        .parse(spec.template.metadata.labels[COMPONENT]);
      // A system with JWKS_URL takes no JWT_SECRET.
      if (given['JWKS_URL'] !== undefined) delete given['JWT_SECRET'];
      // A mail server is for whoever has a sender.
      if (given['SMTP_FROM'] === undefined) delete given['SMTP_URL'];
      // A service is called with a token or as a client of an OAuth server.
      for (const name of Object.keys(given)) if (name.endsWith('_OAUTH_CLIENT_SECRET')) delete given[name];
      expect(() => readers[component](given)).not.toThrow();
      const names = Object.keys(given).filter((name) => !name.startsWith('TEMPORAL_'));
      expect(names.filter((name) => !settingNames.includes(name))).toEqual([]);
    }
  });

  test('nothing secret stands in a manifest', async () => {
    const { workloads, data } = await read(overlay);
    expect(Object.keys(data).filter(isSecret)).toEqual([]);
    const variables = workloads.flatMap(({ spec }) => spec.template.spec.containers[0].env);
    const written = variables.filter(({ name, value }) => isSecret(name) && value !== undefined);
    expect(written).toEqual([]);
  });

  test('a process that stops has the time that it takes, whatever it is told', async () => {
    const { workloads } = await read(overlay);
    for (const { spec, kind } of workloads) {
      if (kind === 'Job') continue;
      const delay = spec.template.spec.containers[0].env.find(({ name }) => name === 'STOP_DELAY')?.value ?? '0s';
      expect(spec.template.spec.terminationGracePeriodSeconds).toBe(15);
      expect(ms(delay as StringValue) + STOP_LIMIT_MS).toBeLessThan(15_000);
    }
  });

  test('whatever points to pods finds some', async () => {
    const { manifests, workloads } = await read(overlay);
    const pods = workloads.map(({ spec }) => spec.template.metadata.labels);
    const pointers = manifests.flatMap(({ kind, metadata, spec }) => {
      const found = selector.safeParse(spec);
      return found.success ? [{ name: `${kind} ${metadata.name}`, ...found.data }] : [];
    });
    expect(pointers.length).toBeGreaterThan(4);
    const lost = pointers.filter(({ labels: wanted }) => !pods.some((own) => matches(own, wanted)));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  test('no two Deployments share pods', async () => {
    const { workloads } = await read(overlay);
    const deployments = workloads.filter(({ kind }) => kind === 'Deployment');
    for (const one of deployments) {
      const own = deployments.filter(({ spec }) =>
        matches(spec.template.metadata.labels, one.spec.selector?.matchLabels ?? {}),
      );
      expect(own).toEqual([one]);
    }
  });
});

function isSecret(name: string): boolean {
  return /SECRET|_TOKEN$|PASSWORD|(DATABASE|REDIS|RABBITMQ|SMTP)_URL|API_KEY|PAYLOAD_KEYS|_KEY$/.test(name);
}

const COMPONENT = 'app.kubernetes.io/component';

/** The labels by which a service, a budget, a monitor, a Deployment or a policy finds pods. */
const selector = z
  .union([
    z.object({ selector: z.object({ matchLabels: labels }) }),
    z.object({ podSelector: z.object({ matchLabels: labels }) }),
    z.object({ selector: labels }),
  ])
  .transform((spec) => {
    if ('podSelector' in spec) return { labels: spec.podSelector.matchLabels };
    const { matchLabels, ...own } = spec.selector;
    return { labels: typeof matchLabels === 'object' ? matchLabels : labels.parse(own) };
  });

function matches(own: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => own[name] === value);
}

async function read(overlay: Overlay): Promise<{
  manifests: Manifest[];
  workloads: Workload[];
  data: Record<string, string>;
}> {
  const manifests = parseManifests(await renderKustomize(overlay));
  const workloads = manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map((manifest) => workload.parse(manifest));
  const { data } = settings.parse(manifests.find(({ kind }) => kind === 'ConfigMap'));
  return { manifests, workloads, data };
}

/** What the process finds in its environment. */
function resolveSettings(
  { metadata, spec }: Workload['spec']['template'],
  data: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const [{ env, envFrom }] = spec.containers;
  const own = env.map(({ name, value, valueFrom }): [string, string | undefined] => {
    const field = /^metadata\.labels\['(.+)'\]$/.exec(valueFrom?.fieldRef?.fieldPath ?? '')?.[1];
    return [name, value ?? secrets[valueFrom?.secretKeyRef?.key ?? ''] ?? metadata.labels[field ?? '']];
  });
  expect(own.filter(([, value]) => value === undefined)).toEqual([]);
  return { ...(envFrom.length > 0 && data), ...Object.fromEntries(own) };
}
