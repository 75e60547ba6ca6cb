import { expect, test } from 'vitest';
import { startApiRig } from '../http/api-rig.ts';
import { clientContract } from './client-contract.ts';

test("the client's types are those of the document that the API serves", async () => {
  const rig = await startApiRig();
  await rig.stop();
  await expect(await clientContract(rig.document)).toMatchFileSnapshot('../../src/client/contract.ts');
});
