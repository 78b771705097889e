import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fixOf } from '../src/fixes';
import { heard, IKernelStart, packagesOf, remaining } from '../src/starts';
import { current, headline, phases, short } from '../src/startwords';
import { IKernelEvent } from '../src/wire';

type Told = Partial<IKernelEvent['event']>;

const trans = {
  __: (text: string, ...values: unknown[]) =>
    text.replace(/%(\d)/g, (_, number) => String(values[Number(number) - 1]))
} as Parameters<typeof current>[1];

function after(...steps: (Told & { at?: number })[]): IKernelStart {
  let known: IKernelStart | null = null;
  steps.forEach(({ at, ...told }, number) => {
    known = heard(known, event(told), at ?? number * 100);
  });
  return known!;
}

function event(told: Told, error: IKernelEvent['error'] = null): IKernelEvent {
  return {
    kernel_id: 'k',
    manifest: '/w/pixi.toml',
    environment: 'gpu',
    event: {
      operation: '',
      phase: '',
      label: '',
      done: null,
      total: null,
      unit: '',
      state: 'running',
      level: 'progress',
      ...told
    },
    error
  };
}

const FETCH = {
  phase: 'fetch',
  label: '12/31 libcublas',
  done: 14_000_000,
  total: 48_000_000,
  unit: 'bytes'
};
const LINK = {
  phase: 'link',
  label: 'numpy',
  done: 98,
  total: 148,
  unit: 'packages'
};
const DONE = { state: 'finished' as const };

function shown(start: IKernelStart): string {
  const signs = { past: '', now: '*', next: '.' };
  return phases(start, trans)
    .map(({ text, place }) => signs[place] + text)
    .join(' > ');
}

test('a download is told in packages and bytes', () => {
  const start = after(
    {},
    { phase: 'solve' },
    { phase: 'solve', ...DONE },
    FETCH
  );

  assert.deepEqual(packagesOf(start), [12, 31]);
  assert.equal(
    shown(start),
    'Solved > *Download 12 of 31, 14 of 48 MB > .Link > .Start'
  );
  assert.equal(short(start, trans), '12 of 31');
});

test('steps that were not needed are not told', () => {
  assert.equal(shown(after({})), '*Starting > .Download > .Link > .Start');
  assert.equal(shown(after({}, LINK)), '*Link 98 of 148 > .Start');
  assert.equal(
    shown(after({}, LINK, { ...LINK, done: 148, ...DONE }, DONE)),
    'Linked > *Start'
  );
});

test('what is done never becomes less', () => {
  const shares = [
    {},
    FETCH,
    { ...FETCH, ...DONE },
    LINK,
    { phase: 'compile' },
    DONE
  ].map((_, number, all) => after(...all.slice(0, number + 1)).share);

  assert.deepEqual(
    shares,
    [...shares].sort((one, other) => one - other)
  );
  assert.equal(shares[shares.length - 1], 99);
});

test('the time to go is told when there is enough to judge by', () => {
  const begun = after({}, { ...FETCH, at: 1000 });
  const later = after(
    {},
    { ...FETCH, done: 1_000_000, at: 1000 },
    { ...FETCH, done: 24_000_000, at: 5000 }
  );

  assert.equal(remaining(begun), null);
  assert.equal(remaining(later), 4);
  assert.deepEqual(headline(later, trans), [
    'Installing gpu',
    'About 4 s to go. Cells you run now wait.'
  ]);
});

test('a failure is kept, and another try begins anew', () => {
  const error = {
    code: 'prefix-broken',
    message: 'numpy is broken',
    details: [],
    hints: []
  };
  const failed = heard(
    after({}, FETCH),
    event({ state: 'failed' }, error),
    900
  );
  const again = heard(failed, event({}), 1000);

  assert.equal(failed.error, error);
  assert.equal(again.state, 'running');
  assert.equal(again.error, null);
  assert.equal(again.share, 1);
});

test('a wait for another process is one line of the log', () => {
  const wait = { phase: 'waiting', label: 'add numpy, pid 7, 3 s' };
  const start = after({}, wait, wait, { level: 'warning', label: 'careful' });

  assert.deepEqual(
    start.log.map(({ phase, text }) => [phase, text]),
    [
      ['waiting', 'add numpy, pid 7, 3 s'],
      ['warning', 'careful']
    ]
  );
});

test('a button does what mends the error', () => {
  const fix = (code: string): string | undefined =>
    fixOf({ code, message: '', details: [], hints: [] }, 'gpu', trans)?.label;

  assert.deepEqual(
    ['prefix-broken', 'lock-outdated', 'overlay', 'download'].map(fix),
    ['Repair', 'Update lock', 'Add ipykernel', undefined]
  );
});
