import assert from 'node:assert/strict';
import { test } from 'node:test';

import { latest, merged, withLines } from '../src/operations';
import { ILogLine, IOperation } from '../src/wire';
import { operation } from './samples';

function line(number: number): ILogLine {
  return { number, level: 'output', text: `${number}`, node: null };
}

function ids(operations: readonly IOperation[]): string[] {
  return operations.map(each => each.id);
}

test('operations are kept newest first', () => {
  const old = operation('a', { started: '2026-01-01T10:00:00Z' });
  const now = operation('b', { started: '2026-01-01T11:00:00Z' });
  assert.deepEqual(ids(merged([old], now)), ['b', 'a']);
  assert.deepEqual(ids(latest([old, now], [])), ['b', 'a']);
});

test('what has ended stays so, whatever comes late', () => {
  const over = operation('a', { state: 'succeeded' });
  const late = operation('a', { state: 'running' });
  assert.equal(merged([over], late)[0]?.state, 'succeeded');
  assert.equal(latest([late], [over])[0]?.state, 'succeeded');
});

test('an event moves an operation on', () => {
  const before = operation('a', { state: 'queued' });
  const after = operation('a', { state: 'running', phase: 'solve' });
  assert.deepEqual(merged([before], after), [after]);
});

test('what the server has forgotten goes', () => {
  const gone = operation('gone', { state: 'succeeded' });
  assert.deepEqual(ids(latest([operation('a')], [gone])), ['a']);
});

test('lines that come twice stand once, in order', () => {
  const known = [line(0), line(1)];
  assert.deepEqual(
    withLines(known, [line(1), line(2)]).map(each => each.number),
    [0, 1, 2]
  );
  assert.deepEqual(
    withLines([line(5)], known).map(each => each.number),
    [0, 1, 5]
  );
});

test('of too many lines the oldest go', () => {
  const lines = Array.from({ length: 12 }, (_, n) => line(n));
  assert.deepEqual(
    withLines(lines.slice(0, 6), lines.slice(6), 3).map(each => each.number),
    [9, 10, 11]
  );
});
