import { randomBytes } from 'node:crypto';
import { createCertificates, createClientCertificate } from './certificates.ts';

const USER = 'orders';

/**
 * What a broker needs for TLS with one user, whose password is checked by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, and for a listener
 * that asks for a client's certificate instead; and the settings with which the product reaches each.
 */
export async function secureBroker(folder: string, certificatePort: number) {
  const password = randomBytes(18).toString('base64url');
  const { caFile, serverFile } = await createCertificates(folder);
  const client = await createClientCertificate(folder, USER);
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
  const tls = { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: caFile };
  const login = 'org.apache.kafka.common.security';
  const scramLogin = `${login}.scram.ScramLoginModule required;`;
  const certificateAddress = `127.0.0.1:${certificatePort}`;
  return {
    listeners: { CERTIFICATE: certificateAddress },
    users: scram.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${USER},password=${password}]`]),
    properties: {
      'listener.security.protocol.map': 'CLIENT:SASL_SSL,CERTIFICATE:SSL,PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': serverFile,
      'listener.name.certificate.ssl.client.auth': 'required',
      'listener.name.certificate.ssl.truststore.type': 'PEM',
      'listener.name.certificate.ssl.truststore.location': caFile,
      'sasl.enabled.mechanisms': [...scram, 'PLAIN'].join(','),
      'listener.name.client.scram-sha-256.sasl.jaas.config': scramLogin,
      'listener.name.client.scram-sha-512.sasl.jaas.config': scramLogin,
      'listener.name.client.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${USER}="${password}";`,
    },
    settings: {
      ...tls,
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: USER,
      KAFKA_SASL_PASSWORD: password,
    },
    certificateSettings: {
      ...tls,
      KAFKA_BROKERS: certificateAddress,
      KAFKA_TLS_CERT_FILE: client.certFile,
      KAFKA_TLS_KEY_FILE: client.keyFile,
    },
  };
}
