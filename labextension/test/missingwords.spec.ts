import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addCommand, lastLine, missingOf } from '../src/missingwords';

const SAID = { module: 'sklearn', package: 'scikit-learn', text: 'sklearn …' };

test('a package is added to the table that it belongs to', () => {
  const command = (more: object): string =>
    addCommand(missingOf({ ...SAID, ...more })!);

  assert.equal(command({}), '%pixi add scikit-learn');
  assert.equal(
    command({ pypi: true, feature: 'ml' }),
    '%pixi add --pypi --feature ml scikit-learn'
  );
});

test('an output that is no name of a package gets no button', () => {
  for (const bad of ['a; rm -rf /', '-e x', 'a\nb', '', 7, null, 'a b']) {
    assert.equal(missingOf({ ...SAID, package: bad }), null);
    assert.equal(
      bad === null ? null : missingOf({ ...SAID, feature: bad }),
      null
    );
  }
  assert.equal(missingOf(null), null);
});

test('the newest line is the one to be read', () => {
  assert.equal(lastLine('%pixi add x\n  link 3 of 9\n\n'), 'link 3 of 9');
});
