import { describe, expect, test } from 'vitest';
import { holdsCardNumber } from '../../src/domain/card-number.ts';

describe('a card number', () => {
  test.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    'tok_4242424242424242',
    'my card: 5555.5555.5555.4444!',
    'room 12 3782 822463 10005 thanks',
    '6011 1111 1111 1117',
    '4222222222222',
    '6304000000000000000',
  ])('is noticed in "%s"', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
  });

  test.each([
    'tok_ok',
    '4242424242424241',
    '0000000000000000',
    '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11',
    '2010-12-01 08:26:00',
    '+44 20 7946 0958',
    '42424242424242424242424242',
    '4242 4242',
    '',
  ])('is not seen in "%s"', (text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });
});
