import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCertificates } from '../../../dev/kafka/certificates.ts';
import { startGrpcRig, type GrpcRig } from '../../grpc/grpc-rig.ts';
import { eventually } from '../../setup/eventually.ts';

let rig: GrpcRig;
let folder: string;

beforeAll(async () => {
  rig = await startGrpcRig();
  folder = await mkdtemp(join(tmpdir(), 'order-saga-grpc-'));
  for (const name of ['first', 'second']) await createPair(name);
});
afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createPair(name: string): Promise<void> {
  const own = await mkdtemp(join(folder, name));
  await createCertificates(own);
  await copyFile(join(own, 'server.key'), join(folder, `${name}.key`));
  await copyFile(join(own, 'server.pem'), join(folder, `${name}.pem`));
}

async function install(name: string): Promise<void> {
  await copyFile(join(folder, `${name}.key`), join(folder, 'tls.key'));
  await copyFile(join(folder, `${name}.pem`), join(folder, 'tls.crt'));
}

/** The fingerprint of the certificate that a new connection is shown. */
function certificateAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test('a certificate that is renewed is shown to new connections, and one that can not be read is not', async () => {
  await install('first');
  const port = await getPort({ host: '127.0.0.1' });
  const tls = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  const server = await rig.serve({ port, tls, lookEveryMs: 20 });
  const first = await certificateAt(port);

  await install('second');
  const second = await eventually(async () => {
    const shown = await certificateAt(port);
    expect(shown).not.toBe(first);
    return shown;
  });
  await writeFile(tls.certFile, 'half of it');
  await install('first');
  await eventually(async () => expect(await certificateAt(port)).toBe(first));

  expect(second).toMatch(/^[0-9A-F:]+$/);
  await server.close(1_000);
});
