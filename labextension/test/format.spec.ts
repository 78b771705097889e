import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bytes, clock, number, seconds, share } from '../src/format';

test('bytes are decimal, with two figures where they say something', () => {
  assert.deepEqual(
    [0, 999, 9_400_000, 412_300_000, 2_100_000_000, 999_600].map(bytes),
    ['0 B', '999 B', '9.4 MB', '412 MB', '2.1 GB', '1 MB']
  );
});

test('both parts of a share are in the unit of the greater one', () => {
  assert.equal(share(14_000_000, 48_000_000), '14 of 48 MB');
  assert.equal(share(900_000, 48_000_000), '0.9 of 48 MB');
  assert.equal(share(5_800_000_000, 9_400_000_000), '5.8 of 9.4 GB');
});

test('a duration that ended is short', () => {
  assert.deepEqual([0.42, 12.2, 125, 3720].map(seconds), [
    '0.4 s',
    '12 s',
    '2 min 5 s',
    '1 h 2 min'
  ]);
});

test('a duration that runs is a clock', () => {
  assert.deepEqual([0, 12.9, 3723, -1].map(clock), [
    '0:00',
    '0:12',
    '1:02:03',
    '0:00'
  ]);
});

test('thousands have commas', () => {
  assert.equal(number(3012), '3,012');
});
