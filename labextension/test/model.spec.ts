import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PixiModel } from '../src/model';
import { CHANGE_EVENT, OPERATION_EVENT, OUTPUT_EVENT } from '../src/wire';
import { operation, Server, workspace } from './samples';

/** Wait until the model says that a part is not as it was. */
function until(model: PixiModel, part: string): Promise<void> {
  return new Promise(resolve => {
    const changed = (_: unknown, found: string): void => {
      if (found === part) {
        model.changed.disconnect(changed);
        resolve();
      }
    };
    model.changed.connect(changed);
  });
}

test('all parts are read, then the packages of the first environment', async () => {
  const server = new Server(workspace());
  const model = new PixiModel(server);
  await model.refresh();
  assert.equal(server.asked[0], 'workspace');
  assert.equal(server.asked.at(-1), 'environments/default/packages');
  assert.equal(model.packages()?.[0]?.name, 'python');
  assert.equal(model.platform, 'linux-64');
});

test('the packages of an environment are read when it is selected', async () => {
  const model = new PixiModel(new Server(workspace()));
  await model.refresh();
  model.select('test');
  assert.equal(model.packages(), null);
  await until(model, 'packages');
  assert.equal(model.packages()?.[0]?.name, 'pytest');
});

test('an answer for a folder that was left is dropped', async () => {
  const answers = workspace();
  let answer: (found: unknown) => void = () => undefined;
  answers['workspace?slow'] = () =>
    new Promise(resolve => {
      answer = resolve;
    });
  const model = new PixiModel(new Server(answers));
  const slow = model.setPath('slow');
  await model.setPath('fast');
  answer({ ...(answers['workspace'] as object), name: 'left behind' });
  await slow;
  assert.equal(model.workspace?.name, 'demo');
});

test('a manifest that cannot be read leaves the last good state in sight', async () => {
  const answers = workspace();
  const model = new PixiModel(new Server(answers));
  await model.refresh();
  answers['workspace'] = {
    ...(answers['workspace'] as object),
    error: { code: 'manifest-parse', message: 'no', details: [], hints: [] }
  };
  await model.refresh();
  assert.equal(model.workspace?.error?.code, 'manifest-parse');
  assert.equal(model.environments.length, 2);
});

test('why a part could not be read is kept until it can be', async () => {
  const answers = workspace();
  const lock = answers['lock'];
  delete answers['lock'];
  const model = new PixiModel(new Server(answers));
  await model.refresh();
  assert.match(model.errors.get('lock')?.message ?? '', /no answer for lock/);
  answers['lock'] = lock;
  await model.refresh();
  assert.equal(model.errors.has('lock'), false);
  assert.equal(model.lock?.state, 'fresh');
});

test('a change of the lock by anybody is read once for all events', async () => {
  const server = new Server(workspace());
  const model = new PixiModel(server);
  await model.refresh();
  server.asked.length = 0;
  const change = { workspace: 'pixi.toml', what: 'lock', environment: null };
  server.emit(CHANGE_EVENT, change);
  server.emit(CHANGE_EVENT, change);
  await until(model, 'packages');
  assert.equal(server.asked.filter(each => each === 'lock').length, 1);
});

test('a change of another workspace is none of ours', async () => {
  const server = new Server(workspace());
  const model = new PixiModel(server);
  await model.refresh();
  server.emit(
    OPERATION_EVENT,
    operation('a', { workspace: 'other/pixi.toml' })
  );
  assert.deepEqual(model.operations, []);
});

test('the end of an operation is waited for, and its result is read', async () => {
  const answers = workspace();
  const server = new Server(answers);
  const model = new PixiModel(server);
  await model.refresh();
  const started = await model.start('add', { specs: ['rich'] });
  assert.deepEqual(server.started, [
    { path: '', verb: 'add', request: { specs: ['rich'] } }
  ]);
  const over = operation(started.id, { verb: 'add', state: 'succeeded' });
  answers['operations/started'] = {
    ...over,
    result: { changes: [] },
    log: [],
    tasks: []
  };
  answers['operations'] = { operations: [operation(started.id)] };
  const done = model.whenDone(started.id);
  server.emit(OPERATION_EVENT, over);
  assert.deepEqual((await done).result, { changes: [] });
});

test('an operation that ended before anybody listened is found over', async () => {
  const answers = workspace();
  const over = operation('a', { state: 'failed' });
  answers['operations'] = { operations: [over] };
  answers['operations/a'] = { ...over, result: null, log: [], tasks: [] };
  const model = new PixiModel(new Server(answers));
  assert.equal((await model.whenDone('a')).state, 'failed');
});

test('output is kept by the number of its lines', async () => {
  const server = new Server(workspace());
  const model = new PixiModel(server);
  await model.refresh();
  const line = (number: number): object => ({
    number,
    level: 'output',
    text: `line ${number}`,
    node: null
  });
  server.emit(OUTPUT_EVENT, { operation: 'a', lines: [line(0), line(1)] });
  server.emit(OUTPUT_EVENT, { operation: 'a', lines: [line(1), line(2)] });
  assert.deepEqual(
    model.output('a').log.map(each => each.number),
    [0, 1, 2]
  );
});

test('when the connection is back everything is read again', async () => {
  const server = new Server(workspace());
  const model = new PixiModel(server);
  await model.refresh();
  server.asked.length = 0;
  const read = until(model, 'packages');
  server.reconnected.emit();
  await read;
  assert.ok(server.asked.includes('workspace'));
});
