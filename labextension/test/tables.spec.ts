import assert from 'node:assert/strict';
import { test } from 'node:test';

import { specOf, typed } from '../src/specs';
import {
  OWN_TABLE,
  requestOf,
  tableChoices,
  tableOf,
  usualTable
} from '../src/tables';
import { IEnvironment } from '../src/wire';

function environment(name: string, features: string[]): IEnvironment {
  return {
    name,
    features,
    platforms: [],
    solve_group: null,
    state: 'none',
    reason: '',
    runs_here: true,
    size: null,
    packages: null,
    kernel: '',
    display_name: '',
    operation: null
  };
}

test('a table is read from where a package is asked for', () => {
  const own = { feature: null, environment: null, platform: null };
  assert.deepEqual(tableOf('[dependencies], pixi.toml:14'), own);
  assert.deepEqual(tableOf(null), own);
  assert.deepEqual(tableOf('[feature.test.dependencies], pixi.toml:3'), {
    ...own,
    feature: 'test'
  });
  assert.deepEqual(
    tableOf('[feature."py3.12".target.linux-64.pypi-dependencies], x:1'),
    { ...own, feature: 'py3.12', platform: 'linux-64' }
  );
  assert.deepEqual(tableOf('[environments.docs.dependencies], pixi.toml:3'), {
    ...own,
    environment: 'docs'
  });
});

test('a request names only what is not the own table', () => {
  assert.deepEqual(requestOf(OWN_TABLE), {});
  assert.deepEqual(requestOf({ ...OWN_TABLE, platform: 'win-64' }), {
    platforms: ['win-64']
  });
});

test('the tables of a workspace are its own, of features, of environments', () => {
  const choices = tableChoices(
    ['default', 'test', 'py3.12'],
    [
      environment('default', ['default']),
      environment('test', ['test', 'default'])
    ],
    false
  );
  assert.deepEqual(
    choices.map(each => [each.title, each.environments.join()]),
    [
      ['[dependencies]', 'default,test'],
      ['[feature.test.dependencies]', 'test'],
      ['[feature."py3.12".dependencies]', ''],
      ['[environments.test.dependencies]', 'test']
    ]
  );
});

test("an environment's own feature is the usual table, if it has one", () => {
  const features = ['default', 'test', 'gpu'];
  const of = (names: string[]): string | null =>
    usualTable(features, environment('e', names)).feature;
  assert.equal(of(['test', 'default']), 'test');
  assert.equal(of(['default']), null);
  assert.equal(of(['test', 'gpu', 'default']), null);
});

test('what was typed is a name and what is asked of it', () => {
  assert.deepEqual(typed(' numpy >=2, <3 '), {
    name: 'numpy',
    requirement: '>=2, <3'
  });
  assert.deepEqual(typed('httpx[http2]==0.27'), {
    name: 'httpx[http2]',
    requirement: '==0.27'
  });
});

test('a spec is written as its kind of package has it', () => {
  assert.equal(specOf('numpy', '', 'conda'), 'numpy');
  assert.equal(specOf('numpy', '>=2, <3', 'conda'), 'numpy >=2,<3');
  assert.equal(specOf('httpx', '0.27', 'pypi'), 'httpx==0.27');
});
