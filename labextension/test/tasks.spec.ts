import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Place } from '../src/place';
import { DEFAULTS, ISettings, settingsOf } from '../src/settings';
import {
  commandOf,
  ending,
  firstValues,
  isMissing,
  lastRuns,
  needsForm,
  ownSeconds,
  pieces,
  requestOf,
  stateOf,
  waitsFor
} from '../src/tasks';
import { IArgument, IOperation, ITask, ITaskState } from '../src/wire';

const WORDS = {
  unchanged: 'unchanged',
  cancelled: 'cancelled',
  notRun: 'not run',
  none: 'could not run'
};

function task(name: string, more: Partial<ITask> = {}): ITask {
  return {
    name,
    environment: 'default',
    environments: ['default'],
    description: null,
    command: `echo ${name}`,
    arguments: [],
    before: [],
    hidden: false,
    runs_here: true,
    ...more
  };
}

function operation(what: string, more: Partial<IOperation> = {}): IOperation {
  return {
    id: what,
    verb: 'run',
    what,
    workspace: 'pixi.toml',
    environment: null,
    state: 'running',
    phase: '',
    label: '',
    done: null,
    total: null,
    unit: '',
    seconds: 1,
    started: '2026-11-21T10:00:00Z',
    error: null,
    can_cancel: true,
    ...more
  };
}

function step(
  name: string,
  state: ITaskState['state'],
  more: Partial<ITaskState> = {}
): ITaskState {
  return {
    node: 0,
    task: name,
    environment: 'default',
    arguments: {},
    command: null,
    needs: [],
    state,
    exit_code: null,
    seconds: null,
    ...more
  };
}

const MONTH: IArgument = { name: 'month', default: null, choices: null };
const WHAT: IArgument = { name: 'what', default: 'tp', choices: ['t2m', 'tp'] };

test('the newest run of a task is its state, wherever it was started', () => {
  const runs = lastRuns(
    [task('fetch'), task('test')],
    [
      operation('run --skip-deps fetch 2026-10'), // a terminal's
      operation('task fetch 2026-09 -e gpu'), // a panel's
      operation('task other'),
      operation('add test', { verb: 'add' })
    ]
  );
  assert.deepEqual(
    [...runs].map(([name, run]) => [name, run.what]),
    [['fetch', 'run --skip-deps fetch 2026-10']]
  );
});

test('a word that is an argument is not taken for the task', () => {
  const runs = lastRuns(
    [task('fetch'), task('build')],
    [operation('task fetch build')]
  );
  assert.deepEqual([...runs.keys()], ['fetch']);
});

test('a task waits while one that it needs runs', () => {
  const steps = [step('build', 'running'), step('test', 'waiting')];
  assert.equal(waitsFor(steps, 'test'), 'build');
  assert.equal(stateOf(operation('task test'), steps, 'test'), 'waiting');
  const later = [step('build', 'succeeded'), step('test', 'running')];
  assert.equal(waitsFor(later, 'test'), '');
  assert.equal(stateOf(operation('task test'), later, 'test'), 'running');
});

test('a run that had nothing to do is unchanged', () => {
  const run = operation('task build', { state: 'succeeded' });
  assert.equal(stateOf(run, [step('build', 'cached')], 'build'), 'cached');
  assert.equal(
    stateOf(run, [step('build', 'succeeded')], 'build'),
    'succeeded'
  );
  assert.equal(stateOf(undefined, [], 'build'), 'idle');
});

test('the step at work has the time that the others did not take', () => {
  const steps = [step('a', 'succeeded', { seconds: 3 }), step('b', 'running')];
  assert.equal(ownSeconds(10, steps), 7);
  assert.equal(ownSeconds(2, steps), 0);
});

test('an end is told in the words that all faces share', () => {
  const told = (state: ITaskState['state'], code: number | null): string =>
    ending({ state, exit_code: code, seconds: 3.14 }, WORDS);
  assert.equal(told('succeeded', 0), '3.1 s');
  assert.equal(told('failed', 2), 'exit 2');
  assert.equal(told('failed', -9), 'signal 9');
  assert.equal(told('failed', null), 'could not run');
  assert.equal(told('cached', null), 'unchanged');
  assert.equal(told('skipped', null), 'not run');
});

test('a form is needed where a value or the environment is', () => {
  assert.equal(needsForm(task('a')), false);
  assert.equal(needsForm(task('a', { arguments: [WHAT] })), false);
  assert.equal(needsForm(task('a', { arguments: [MONTH] })), true);
  const both = { environment: null, environments: ['one', 'two'] };
  assert.equal(needsForm(task('a', both)), true);
});

test('defaults are filled in, and only what has none is missing', () => {
  const values = firstValues(task('a', { arguments: [MONTH, WHAT] }));
  assert.deepEqual(values, ['', 'tp']);
  assert.deepEqual([isMissing(MONTH, ''), isMissing(WHAT, '')], [true, false]);
  assert.equal(isMissing(MONTH, '2026-10'), false);
});

test('the command is shown with its arguments; what is computed stays', () => {
  const fetch = task('a', {
    arguments: [MONTH, WHAT],
    command: 'get {{ month }} {{what}} {{ month | upper }} {{ pixi.platform }}'
  });
  assert.equal(
    commandOf(fetch, ['2026-10', 'tp']),
    'get 2026-10 tp {{ month | upper }} {{ pixi.platform }}'
  );
  assert.equal(
    commandOf(fetch, ['', 'tp'])?.startsWith('get {{ month }}'),
    true
  );
  assert.equal(
    commandOf(fetch, ['$& $1', 'tp'])?.startsWith('get $& $1'),
    true
  );
  assert.equal(commandOf(task('alias', { command: null }), []), null);
});

test('a run is asked for with the arguments in their order', () => {
  assert.deepEqual(requestOf(task('a'), ['x', ''], 'gpu'), {
    command: ['a', 'x', ''],
    environment: 'gpu'
  });
  assert.deepEqual(requestOf(task('a'), [], null), { command: ['a'] });
});

test('colours of a terminal are kept, and nothing else of it', () => {
  assert.deepEqual(pieces('plain'), [{ text: 'plain', kind: '' }]);
  assert.deepEqual(pieces('\x1b[1;31mERROR\x1b[0m: no\x1b[2K'), [
    { text: 'ERROR', kind: 'bad' },
    { text: ': no', kind: '' }
  ]);
  assert.deepEqual(pieces('\x1b]0;title\x07ok'), [{ text: 'ok', kind: '' }]);
});

test('a setting of the wrong kind is not taken', () => {
  const read = settingsOf({ keptLines: '5', openLog: false, other: 1 });
  assert.deepEqual(read, { ...DEFAULTS, openLog: false });
});

/** A place with settings of its own, and what it showed. */
function placed(written: Partial<ISettings>): {
  place: Place;
  shown: string[];
  values: ISettings;
} {
  const values = { ...DEFAULTS, ...written };
  const shown: string[] = [];
  const settings = {
    values,
    set: async (name: string, value: unknown) => {
      Object.assign(values, { [name]: value });
    }
  };
  const place = new Place(settings, path => shown.push(path));
  place.isReady = true;
  return { place, shown, values };
}

test('the panel goes along with notebooks; a choice holds until the next one', () => {
  const { place, shown } = placed({});
  place.go('a/one.ipynb');
  place.choose('b/pixi.toml');
  place.go('a/one.ipynb');
  place.leave();
  place.go('c/two.ipynb');
  assert.deepEqual(shown, ['a/one.ipynb', 'b/pixi.toml', 'c/two.ipynb']);
});

test('a panel that does not follow stays, and remembers its choice', () => {
  const { place, shown, values } = placed({ followNotebook: false });
  place.go('a/one.ipynb');
  place.go('c/two.ipynb');
  place.choose('b/pixi.toml');
  place.leave();
  place.go('c/two.ipynb');
  assert.deepEqual(shown, ['a/one.ipynb', 'a/one.ipynb', 'b/pixi.toml']);
  assert.equal(values.workspace, 'b/pixi.toml');
  place.choose('');
  assert.equal(values.followNotebook, true);
});
