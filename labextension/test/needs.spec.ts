import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Needs } from '../src/needs';
import { IPackage } from '../src/wire';

/** An environment, each package with what it needs; a star marks what was asked for. */
function made(wanted: Record<string, string[]>): Needs {
  const plain = (name: string): string => name.replace('*', '');
  const names = Object.keys(wanted);
  return new Needs(
    names.map((key): IPackage => ({
      name: plain(key),
      version: '1.0',
      build: null,
      kind: 'conda',
      source: 'channel',
      size: null,
      is_explicit: key.endsWith('*'),
      requested: null,
      where: null,
      line: null,
      needs: wanted[key]!,
      needed_by: names
        .filter(each => wanted[each]!.includes(plain(key)))
        .map(plain)
    }))
  );
}

const SCIENCE = made({
  'numpy*': ['openblas'],
  'scipy*': ['numpy', 'openblas'],
  'rich*': ['pygments'],
  openblas: [],
  pygments: []
});

test('what was asked for and leads to a package is found through others', () => {
  assert.deepEqual(SCIENCE.reasons('openblas'), ['numpy', 'scipy']);
  assert.deepEqual(SCIENCE.reasons('numpy'), ['scipy']);
  assert.deepEqual(SCIENCE.reasons('rich'), []);
});

test('a removal takes what nothing else needs', () => {
  assert.deepEqual(SCIENCE.goneWithout(['rich']), ['pygments']);
  assert.deepEqual(SCIENCE.goneWithout(['numpy']), []);
  assert.deepEqual(SCIENCE.goneWithout(['numpy', 'scipy']), ['openblas']);
});

test('a circle is gone around once', () => {
  const round = made({ 'a*': ['b'], b: ['c'], c: ['b'] });
  assert.deepEqual(round.reasons('c'), ['a']);
  assert.deepEqual(round.goneWithout(['a']), ['b', 'c']);
});

test('names are found however they are written', () => {
  assert.equal(
    made({ 'Typing_Extensions*': [] }).get('typing-extensions')?.name,
    'Typing_Extensions'
  );
});
