import { z } from 'zod';

const topicName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** Brokers to ask first, as `host:port`, separated by commas. */
export const brokers = z
  .string()
  .transform((text) => text.split(',').flatMap((broker) => broker.trim() || []))
  .refine((list) => list.length > 0 && list.every(isBroker), 'must be host:port, several separated by commas');

/** The name of a topic. */
export const topic = z
  .string()
  .regex(topicName, 'must be the name of a topic: letters, digits, dots, _ and -, at most 249');

/** The name of a topic, or `none`, which is read as `null`. */
export const topicOrNone = topic.transform((name) => (name === 'none' ? null : name));

/** The ways of signing in to a broker with a name and a password. */
export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** The variables about Kafka, as far as they depend on one another. */
interface KafkaVariables {
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
  readonly KAFKA_TLS: boolean;
  readonly KAFKA_TLS_CA_FILE?: string | undefined;
  readonly KAFKA_TLS_CERT_FILE?: string | undefined;
  readonly KAFKA_TLS_KEY_FILE?: string | undefined;
  readonly KAFKA_SASL_MECHANISM?: (typeof saslMechanisms)[number] | undefined;
  readonly KAFKA_SASL_USERNAME?: string | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
}

/** Reports what is missing beside what is set. */
export function checkKafka(e: KafkaVariables, context: z.core.$RefinementCtx): void {
  if (e.KAFKA_BROKERS === undefined) return;
  const need = (variable: keyof KafkaVariables, wanted: boolean, reason: string) => {
    if (wanted && e[variable] === undefined) context.addIssue({ code: 'custom', path: [variable], message: reason });
  };
  const isSigned = e.KAFKA_SASL_MECHANISM !== undefined;
  need('KAFKA_SASL_USERNAME', isSigned, 'is needed with KAFKA_SASL_MECHANISM');
  need('KAFKA_SASL_PASSWORD', isSigned, 'is needed with KAFKA_SASL_MECHANISM');
  const hasLogin = e.KAFKA_SASL_USERNAME !== undefined || e.KAFKA_SASL_PASSWORD !== undefined;
  need('KAFKA_SASL_MECHANISM', hasLogin, `is needed with a user name or a password: ${saslMechanisms.join(', ')}`);
  need('KAFKA_TLS_KEY_FILE', e.KAFKA_TLS_CERT_FILE !== undefined, 'is needed with KAFKA_TLS_CERT_FILE');
  need('KAFKA_TLS_CERT_FILE', e.KAFKA_TLS_KEY_FILE !== undefined, 'is needed with KAFKA_TLS_KEY_FILE');
  const hasFiles = e.KAFKA_TLS_CA_FILE !== undefined || e.KAFKA_TLS_CERT_FILE !== undefined;
  if (hasFiles && !e.KAFKA_TLS) {
    context.addIssue({ code: 'custom', path: ['KAFKA_TLS'], message: 'must be true for certificates to be used' });
  }
}

function isBroker(text: string): boolean {
  const [, port = ''] = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(text) ?? [];
  return Number(port) >= 1 && Number(port) <= 65_535;
}
