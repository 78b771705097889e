import { ILogLine, IOperation } from './wire';

/** How many lines of an operation's output are kept. */
export const KEPT_LINES = 10_000;

const OVER = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * Put the state of one operation among those that are known, newest first.
 *
 * What has ended stays so: an event may be overtaken by an answer.
 */
export function merged(
  known: readonly IOperation[],
  operation: IOperation
): IOperation[] {
  const before = known.find(each => each.id === operation.id);
  if (!before) {
    return [operation, ...known].sort(byStart);
  }
  if (OVER.has(before.state) && !OVER.has(operation.state)) {
    return [...known];
  }
  const now = { ...before, ...operation };
  return known.map(each => (each.id === operation.id ? now : each));
}

/** Take a list from the server, without going back behind what events said since. */
export function latest(
  answer: readonly IOperation[],
  known: readonly IOperation[]
): IOperation[] {
  const ended = new Map(
    known.filter(each => OVER.has(each.state)).map(each => [each.id, each])
  );
  return answer
    .map(each => (OVER.has(each.state) ? each : (ended.get(each.id) ?? each)))
    .sort(byStart);
}

/** Add lines by their numbers; what came twice stands once, and the oldest go. */
export function withLines(
  known: readonly ILogLine[],
  lines: readonly ILogLine[],
  kept = KEPT_LINES
): ILogLine[] {
  const last = known[known.length - 1]?.number ?? -1;
  const first = lines[0]?.number ?? Infinity;
  const all =
    first > last
      ? [...known, ...lines]
      : [
          ...new Map(
            [...known, ...lines].map(line => [line.number, line])
          ).values()
        ].sort((one, other) => one.number - other.number);
  return all.length > kept ? all.slice(all.length - kept) : all;
}

function byStart(one: IOperation, other: IOperation): number {
  return one.started < other.started ? 1 : one.started > other.started ? -1 : 0;
}
