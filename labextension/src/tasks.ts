import { clock, seconds } from './format';
import { IArgument, IOperation, ITask, ITaskState } from './wire';

/** How a task stands: what its last run came to, or how far it is. */
export type TaskState =
  | 'idle'
  | 'waiting'
  | 'running'
  | 'succeeded'
  | 'cached'
  | 'failed'
  | 'cancelled'
  | 'skipped';

/** A piece of output that has one look. */
export interface IPiece {
  text: string;
  /** Empty for plain text. */
  kind: '' | 'ok' | 'bad' | 'attn' | 'q';
}

const OVER = new Set(['succeeded', 'failed', 'cancelled']);

/** Name the task that an operation runs; null where it runs something else. */
export function taskOf(
  operation: IOperation,
  names: ReadonlySet<string>
): string | null {
  if (operation.verb !== 'run') {
    return null;
  }
  // the first word says what is done, and options may stand before the name
  const words = operation.what.split(/\s+/).slice(1);
  return words.find(word => names.has(word)) ?? null;
}

/** Give the newest run of each task, whoever started it. */
export function lastRuns(
  tasks: readonly ITask[],
  operations: readonly IOperation[]
): Map<string, IOperation> {
  const names = new Set(tasks.map(each => each.name));
  const found = new Map<string, IOperation>();
  for (const operation of operations) {
    const name = taskOf(operation, names);
    if (name !== null && !found.has(name)) {
      found.set(name, operation);
    }
  }
  return found;
}

/** Give the step that was asked for: it runs last, and the others run before it. */
export function ownStep(
  steps: readonly ITaskState[],
  name: string
): ITaskState | null {
  const last = steps[steps.length - 1] ?? null;
  return last?.task === name ? last : null;
}

/** Say how a task stands. */
export function stateOf(
  run: IOperation | undefined,
  steps: readonly ITaskState[],
  name: string
): TaskState {
  if (!run) {
    return 'idle';
  }
  const own = ownStep(steps, name);
  if (run.state === 'succeeded') {
    return own?.state === 'cached' ? 'cached' : 'succeeded';
  }
  if (OVER.has(run.state)) {
    return run.state as TaskState;
  }
  return waitsFor(steps, name) || run.state === 'queued'
    ? 'waiting'
    : 'running';
}

/** Name the task that runs before another at the moment; empty if none does. */
export function waitsFor(steps: readonly ITaskState[], name: string): string {
  const running = steps.slice(0, -1).find(each => each.state === 'running');
  return ownStep(steps, name)?.state === 'waiting' ? (running?.task ?? '') : '';
}

/** Seconds that the one step at work has taken, of those that the run has. */
export function ownSeconds(
  elapsed: number,
  steps: readonly ITaskState[]
): number {
  const others = steps.reduce((sum, each) => sum + (each.seconds ?? 0), 0);
  return Math.max(0, elapsed - others);
}

/** Say how a step ended, as `3.1 s` or `exit 1`; words are the caller's. */
export function ending(
  step: Pick<ITaskState, 'state' | 'exit_code' | 'seconds'>,
  words: { unchanged: string; cancelled: string; notRun: string; none: string }
): string {
  switch (step.state) {
    case 'cached':
      return words.unchanged;
    case 'cancelled':
      return words.cancelled;
    case 'skipped':
      return words.notRun;
    case 'failed': {
      const code = step.exit_code;
      if (code === null) {
        return words.none;
      }
      return code < 0 ? `signal ${-code}` : `exit ${code}`;
    }
    case 'succeeded':
      return step.seconds === null ? '' : seconds(step.seconds);
    default:
      return '';
  }
}

/** Say how long something runs by now. */
export function running(elapsed: number): string {
  return clock(elapsed);
}

/** Whether nothing can run before a person has filled in something. */
export function needsForm(task: ITask): boolean {
  return needsPlace(task) || task.arguments.some(each => each.default === null);
}

/** Whether the environment has to be chosen. */
export function needsPlace(task: ITask): boolean {
  return task.environment === null && task.environments.length > 1;
}

/** What stands in the fields of a form before anybody wrote in it. */
export function firstValues(task: ITask): string[] {
  return task.arguments.map(
    each => each.default ?? (each.choices?.length ? each.choices[0]! : '')
  );
}

/** Whether an argument still needs a value. */
export function isMissing(argument: IArgument, value: string): boolean {
  return argument.default === null && value === '';
}

/**
 * Give the command with the arguments filled in.
 *
 * Only plain placeholders are; what a template computes stays as it is written, and the
 * log shows what came of it.
 */
export function commandOf(
  task: ITask,
  values: readonly string[]
): string | null {
  const given = new Map(
    task.arguments.map((each, at) => [each.name, values[at] ?? ''])
  );
  return (
    task.command?.replace(
      /\{\{\s*([\w-]+)\s*\}\}/g,
      (written, name: string) => given.get(name) || written
    ) ?? null
  );
}

/** Give the request of the verb `run`. */
export function requestOf(
  task: ITask,
  values: readonly string[],
  environment: string | null
): Record<string, unknown> {
  return {
    command: [task.name, ...values],
    ...(environment ? { environment } : {})
  };
}

const KINDS: Record<string, IPiece['kind']> = {
  '2': 'q',
  '90': 'q',
  '31': 'bad',
  '91': 'bad',
  '32': 'ok',
  '92': 'ok',
  '33': 'attn',
  '93': 'attn'
};

// eslint-disable-next-line no-control-regex
const ESCAPES = /\x1b\[([0-9;]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b[@-_]/g;

/** Cut a line at its terminal colours; other things for terminals are left out. */
export function pieces(line: string): IPiece[] {
  if (!line.includes('\x1b')) {
    return [{ text: line, kind: '' }];
  }
  const found: IPiece[] = [];
  let kind: IPiece['kind'] = '';
  let at = 0;
  const take = (until: number): void => {
    if (until > at) {
      found.push({ text: line.slice(at, until), kind });
    }
  };
  for (const match of line.matchAll(ESCAPES)) {
    take(match.index);
    at = match.index + match[0].length;
    if (match[2] === 'm') {
      for (const code of (match[1] || '0').split(';')) {
        kind = code === '0' || code === '39' ? '' : (KINDS[code] ?? kind);
      }
    }
  }
  take(line.length);
  return found;
}
