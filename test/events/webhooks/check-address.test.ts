import { expect, test } from 'vitest';
import { faultOfAddress } from '../../../src/events/webhooks/check-address.ts';

const never = [
  '169.254.169.254',
  '169.254.0.1',
  'fe80::1',
  'fd00:ec2::254',
  '100.100.100.200',
  '0.0.0.0',
  '::',
  '224.0.0.1',
  'ff02::1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '2001:db8::1',
  'fec0::1',
  '::ffff:8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '::127.0.0.1',
  '::7f00:1',
  '::a9fe:a9fe',
  '1::1',
  '4000::1',
  '168.63.129.16',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001::1',
  'localhost',
  '',
];

const privateOnes = [
  '127.0.0.1',
  '127.1.2.3',
  '::1',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  'fc00::1',
  'fd12::1',
];

const publicOnes = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'];

test.each(never)('%s is never sent to', (address) => {
  for (const allowPrivate of [false, true]) expect(faultOfAddress(address, { allowPrivate })).toContain(address);
});

test.each(privateOnes)('%s is sent to only where private addresses are allowed', (address) => {
  expect(faultOfAddress(address, { allowPrivate: false })).toContain('WEBHOOK_ALLOW_PRIVATE');
  expect(faultOfAddress(address, { allowPrivate: true })).toBeUndefined();
});

test.each(publicOnes)('%s is sent to', (address) => {
  expect(faultOfAddress(address, { allowPrivate: false })).toBeUndefined();
});
