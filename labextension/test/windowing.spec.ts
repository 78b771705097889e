import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  heightOf,
  IList,
  mounted,
  revealed,
  rowAt,
  topOf
} from '../src/windowing';

const LIST: IList = { count: 3000, row: 24, open: -1, detail: 0 };

test('of 3,000 packages about 40 rows are mounted', () => {
  const rows = mounted(LIST, 24_000, 480);
  assert.equal(rows[0], 990);
  assert.ok(rows.length >= 40 && rows.length <= 42, String(rows.length));
});

test('at the ends of a list only rows that are there are mounted', () => {
  assert.equal(mounted(LIST, 0, 240)[0], 0);
  assert.equal(mounted(LIST, 72_000, 240).at(-1), 2999);
  assert.deepEqual(mounted({ ...LIST, count: 0 }, 0, 240), []);
});

test('the row that has the focus stays mounted wherever one scrolls', () => {
  assert.ok(mounted(LIST, 48_000, 240, [3]).includes(3));
  assert.ok(!mounted(LIST, 48_000, 240, [-1, 9999]).includes(9999));
});

test('an open row pushes those behind it down', () => {
  const list = { ...LIST, open: 2, detail: 100 };
  assert.equal(topOf(list, 2), 48);
  assert.equal(topOf(list, 3), 172);
  assert.equal(heightOf(list), 3000 * 24 + 100);
  assert.equal(rowAt(list, 47), 1);
  assert.equal(rowAt(list, 100), 2);
  assert.equal(rowAt(list, 172), 3);
});

test('a row is scrolled to only if it is out of sight', () => {
  assert.equal(revealed(LIST, 5, 100, 240), 100);
  assert.equal(revealed(LIST, 1, 100, 240), 24);
  assert.equal(revealed(LIST, 20, 100, 240), 20 * 24 + 24 - 240);
});
