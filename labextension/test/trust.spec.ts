import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TranslationBundle } from '@jupyterlab/translation';

import {
  bringsItsOwn,
  carries,
  isOf,
  KERNEL_NAME,
  questionOf,
  unreadable,
  workspaceOf
} from '../src/trustwords';
import { IFacts, ISharedNotebook, ITrustEntry } from '../src/wire';

const trans = {
  __: (text: string, ...values: string[]) =>
    text.replace(/%(\d)/g, (_, number) => values[Number(number) - 1] ?? '')
} as TranslationBundle;

const CHANNELS: ITrustEntry = {
  label: 'Channels',
  lines: ['conda-forge'],
  note: 'allowed by your settings',
  flagged: false
};

function shared(
  more: Partial<IFacts> = {},
  list: ITrustEntry[] = [CHANNELS]
): ISharedNotebook {
  const facts = {
    digest: 'a',
    refusals: [],
    forbidden: [],
    flagged: false,
    ...more
  } as unknown as IFacts;
  return {
    notebook: 'a/heat.ipynb',
    state: 'not_trusted',
    trusted: false,
    new: false,
    list,
    facts
  };
}

test('what is usual is asked about without an alarm', () => {
  const found = questionOf('heat.ipynb', shared(), trans);

  assert.equal(found.accept, 'Trust and install');
  assert.equal(found.isFlagged, false);
  assert.equal(found.rows[0]?.icon, 'globe');
  assert.match(found.intro, /^heat\.ipynb came from elsewhere/);
});

test('one flag is enough for an alarm', () => {
  const unknown = { ...CHANNELS, label: 'Unknown channel', flagged: true };
  const found = questionOf('x', shared({}, [CHANNELS, unknown]), trans);

  assert.equal(found.isFlagged, true);
  assert.deepEqual(
    found.rows.map(row => row.icon),
    ['globe', 'warn']
  );
  assert.equal(
    questionOf('x', shared({ flagged: true }), trans).isFlagged,
    true
  );
});

test('what nobody can agree to has reasons and no button', () => {
  const refusals = [{ code: 'path', text: 'a name leads out of it' }];
  const forbidden = ['https://conda.uni.example is not allowed'];
  const broken = {
    code: 'notebook-metadata',
    message: 'the digest is another one',
    details: ['heat.ipynb'],
    hints: []
  };
  for (const found of [
    questionOf('x', shared({ refusals }), trans),
    questionOf('x', shared({ forbidden, refusals }), trans),
    unreadable('x', broken, trans)
  ]) {
    assert.equal(found.accept, '');
    assert.deepEqual(found.rows, []);
    assert.ok(found.reasons.length);
  }
  assert.deepEqual(
    questionOf('x', shared({ forbidden, refusals }), trans).reasons,
    forbidden
  );
});

test('words of a stranger are not taken for a text with places', () => {
  const strange = { ...CHANNELS, lines: ['%1'], note: '%1 <b>' };
  const [row] = questionOf('x', shared({}, [strange]), trans).rows;

  assert.deepEqual([row?.lines, row?.note], [['%1'], '%1 <b>']);
});

test('a kernel is held back only where the notebook would run in its own', () => {
  const brings = { version: 1, manifest: ['[workspace]'] };

  assert.ok(bringsItsOwn(null, { kernel: KERNEL_NAME, isKnown: true }));
  assert.ok(bringsItsOwn(brings, { kernel: 'theirs', isKnown: false }));
  assert.ok(!bringsItsOwn(brings, { kernel: 'python3', isKnown: true }));
  assert.ok(!bringsItsOwn(null, { kernel: 'theirs', isKnown: false }));
  assert.ok(carries(brings));
  assert.ok(!carries(undefined));
  assert.equal(workspaceOf({ workspace: 'heat' }), 'heat');
  assert.equal(workspaceOf({ workspace: 7 }), '');
});

test('a kernel belongs to the notebook whose path ends so', () => {
  assert.ok(isOf('/home/u/a/heat.ipynb', 'a/heat.ipynb'));
  assert.ok(isOf('C:\\u\\a\\heat.ipynb', 'a/heat.ipynb'));
  assert.ok(!isOf('/home/u/preheat.ipynb', 'heat.ipynb'));
});
