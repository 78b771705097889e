import assert from 'node:assert/strict';
import { test } from 'node:test';

import { download, folded, grouped, onPlatform, uneven } from '../src/changes';
import { IChange } from '../src/wire';

function change(name: string, more: Partial<IChange> = {}): IChange {
  return {
    kind: 'added',
    type: 'conda',
    name,
    environment: 'default',
    platform: 'linux-64',
    before: null,
    after: '1.0',
    location: null,
    size: 100,
    is_explicit: false,
    ...more
  };
}

test('a change of several environments and platforms is one line', () => {
  const [line, ...rest] = grouped([
    change('icu'),
    change('icu', { environment: 'test' }),
    change('icu', { platform: 'osx-arm64' })
  ]);
  assert.deepEqual(rest, []);
  assert.deepEqual(line?.environments, ['default', 'test']);
  assert.deepEqual(line?.platforms, ['linux-64', 'osx-arm64']);
});

test('what differs between platforms is told apart', () => {
  const lines = grouped([
    change('icu', { after: '75.1' }),
    change('icu', { after: '76.1', platform: 'win-64' })
  ]);
  assert.deepEqual(
    lines.map(line => line.after),
    ['75.1', '76.1']
  );
});

test('lines are read in the order asked, removed, downgraded, upgraded, added', () => {
  const lines = grouped(
    [
      change('a-added'),
      change('b-upgraded', { kind: 'upgraded', before: '0.9' }),
      change('c-downgraded', { kind: 'downgraded', before: '2.0' }),
      change('d-removed', { kind: 'removed', before: '1.0', after: null }),
      change('E_asked')
    ],
    ['e-asked']
  );
  assert.deepEqual(
    lines.map(line => line.name),
    ['E_asked', 'd-removed', 'c-downgraded', 'b-upgraded', 'a-added']
  );
});

test('what was removed or downgraded is never folded', () => {
  const lines = grouped(
    [
      change('asked'),
      change('down', { kind: 'downgraded', before: '2' }),
      change('gone', { kind: 'removed', before: '1', after: null }),
      ...Array.from({ length: 20 }, (_, n) => change(`more-${n}`))
    ],
    ['asked']
  );
  const found = folded(lines);
  assert.deepEqual(
    found.shown.map(line => line.name),
    ['asked', 'gone', 'down']
  );
  assert.equal(found.folded.length, 20);
  assert.equal(download(found.folded), 2000);
});

test('eight lines are not folded', () => {
  const lines = grouped(Array.from({ length: 8 }, (_, n) => change(`p${n}`)));
  assert.equal(folded(lines).folded.length, 0);
});

test('an unknown size stays unknown', () => {
  assert.equal(download(grouped([change('a', { size: null })])), null);
});

test('the download is that of one platform', () => {
  const changes = [change('a'), change('b', { platform: 'win-64' })];
  assert.deepEqual(
    onPlatform(changes, 'win-64').map(each => each.name),
    ['b']
  );
  assert.equal(onPlatform(changes, 'osx-64').length, 2);
});

test('what changes on some platforms only is found', () => {
  const lines = grouped([
    change('everywhere'),
    change('everywhere', { platform: 'win-64' }),
    change('icu')
  ]);
  assert.deepEqual(
    uneven(lines).map(line => line.name),
    ['icu']
  );
});
