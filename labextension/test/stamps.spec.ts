import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Asked, markOf, stampOf, withStamp } from '../src/stamps';

const STAMP = {
  environment: '0123456789abcdef',
  name: 'default',
  platform: 'linux-64',
  packages: 'c$'
};
const OTHER = 'f'.repeat(16);
const KNOWN = { name: 'default', platform: 'linux-64', packages: 'c$' };

test('what a kernel says is read, and nothing else', () => {
  assert.deepEqual(stampOf({ 'pixi-jupyter': STAMP }), STAMP);
  for (const wrong of [
    null,
    {},
    { 'pixi-jupyter': 7 },
    { 'pixi-jupyter': { ...STAMP, environment: '../x' } },
    { 'pixi-jupyter': { ...STAMP, packages: 7 } }
  ]) {
    assert.equal(stampOf(wrong), null);
  }
  assert.equal(markOf({ environment: OTHER }), OTHER);
  assert.equal(markOf({ environment: 'x' }), null);
  assert.equal(markOf(undefined), null);
});

test('a notebook keeps what marks mean that some cell has', () => {
  const own = { version: 1, workspace: 'climate', outputs: { [OTHER]: KNOWN } };

  assert.deepEqual(withStamp(own, STAMP, new Set([STAMP.environment])), {
    version: 1,
    workspace: 'climate',
    outputs: { [STAMP.environment]: KNOWN }
  });
  assert.deepEqual(withStamp(undefined, STAMP, new Set([STAMP.environment])), {
    version: 1,
    outputs: { [STAMP.environment]: KNOWN }
  });
});

test('a notebook whose marks mean the same is left alone', () => {
  const own = { version: 1, outputs: { [STAMP.environment]: KNOWN } };

  assert.equal(withStamp(own, STAMP, new Set([STAMP.environment])), null);
  assert.equal(withStamp(undefined, null, new Set()), null);
});

test('an answer is for the cell that asked, and only once', () => {
  const asked = new Asked();
  asked.sent('one', 'a');
  asked.sent('two', undefined);

  assert.equal(asked.answered('two'), null);
  assert.equal(asked.answered(undefined), null);
  assert.equal(asked.answered('one'), 'a');
  assert.equal(asked.answered('one'), null);
});
