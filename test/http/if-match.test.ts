import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
let path: string;
let current: string;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  const { body, headers } = await rig.place();
  path = `/api/v1/orders/${body.id}`;
  current = headers.get('etag') ?? '';
});

const edit = (ifMatch: string) =>
  rig.request('PATCH', path, { body: { notes: 'ring twice' }, headers: { 'If-Match': ifMatch } });

describe('If-Match', () => {
  test.each([
    ['the current tag', () => current],
    ['a list that has it', () => `"97", ${current}, "99"`],
    ['a list without blanks', () => `"97",${current}`],
    ['a list with empty entries and tags of other kinds', () => `, "abc",, W/"98" ,\t${current} ,`],
    ['a strong tag beside the same weak one', () => `W/${current}, ${current}`],
    ['any', () => ' * '],
  ])('lets %s change the order', async (_, ifMatch) => {
    expect((await edit(ifMatch())).status).toBe(200);
  });

  test.each([
    ['another tag', () => '"98"'],
    ['a list of others', () => '"97", "98"'],
    ['a tag that is no version', () => '"abc"'],
    ['an empty tag', () => '""'],
    ['a weak tag, whatever its version', () => `W/${current}`],
    ['a tag that only contains the version', () => current.replace(/\d+/, '0$&')],
  ])('refuses %s with 412', async (_, ifMatch) => {
    const { status, body } = await edit(ifMatch());
    expect([status, body.code]).toEqual([412, 'VERSION_CONFLICT']);
    expect(body.details).toMatchObject([{ header: 'If-Match', version: Number(current.slice(1, -1)) }]);
  });

  test.each(['3', '"3', 'w/"3"', '"3" "4"', '*, "3"', '""3', ','])('refuses %s with 400', async (ifMatch) => {
    const { status, body } = await edit(ifMatch);
    expect([status, body.code, body.details[0].header]).toEqual([400, 'VALIDATION', 'If-Match']);
  });

  test.each([
    ['"97", TAG', 202],
    ['*', 202],
    ['"97", "98"', 412],
    ['W/TAG', 412],
  ])('of an amendment is %s and answered with %i', async (ifMatch, status) => {
    rig.commands.mode = 'silent';
    const answer = await rig.request('POST', `${path}/items`, {
      body: { sku: 'MUG', quantity: 1 },
      headers: { 'If-Match': ifMatch.replace('TAG', current) },
    });
    rig.commands.mode = 'up';
    expect(answer.status).toBe(status);
  });
});
