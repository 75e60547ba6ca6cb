import { expect, test } from 'vitest';
import { isSameAddress, readApiAddress } from '../../src/cli/local-system/api-address.ts';
import { readRunningSystem } from '../../src/cli/local-system/running-system.ts';

test.each([
  ['http://localhost:3000/api/v1', 'http://localhost:3000'],
  ['http://localhost:3000/api/v1/', 'http://localhost:3000'],
  ['http://localhost:3000/docs', 'http://localhost:3000'],
  ['https://shop.example.com/orders/api/v1', 'https://shop.example.com/orders'],
  ['https://shop.example.com/orders//', 'https://shop.example.com/orders'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['localhost:3000', undefined],
  ['ftp://localhost', undefined],
  ['nowhere', undefined],
])('the address in %s is %s', (text, address) => {
  expect(readApiAddress(text)).toBe(address);
});

test('this machine is the same by each of its names, and no other host or port is', () => {
  const own = 'http://127.0.0.1:3000';
  for (const same of ['http://localhost:3000', 'http://[::1]:3000', 'http://LOCALHOST:3000/', 'http://127.0.0.1:3000'])
    expect(isSameAddress(own, same)).toBe(true);
  for (const other of ['http://localhost:3001', 'https://localhost:3000', 'http://localhost.example.com:3000'])
    expect(isSameAddress(own, other)).toBe(false);
});

test('API_URL may be any of the addresses that npm start prints', () => {
  const env = { DATA_DIR: '/nonexistent', API_URL: 'http://localhost:4711/api/v1' };
  expect(readRunningSystem(env)?.apiUrl).toBe('http://localhost:4711');
});
