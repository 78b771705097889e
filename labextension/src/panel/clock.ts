import * as React from 'react';

import { isOver } from '../model';
import { IOperation } from '../wire';

const heard = new WeakMap<IOperation, number>();

/** Seconds that an operation has taken by now, or took. */
export function elapsed(operation: IOperation): number {
  const told = operation.seconds ?? 0;
  if (isOver(operation)) {
    return told;
  }
  // each state that arrives is an object of its own, and says its seconds then
  const at = heard.get(operation) ?? Date.now();
  heard.set(operation, at);
  return told + (Date.now() - at) / 1000;
}

/** Draw again with every second while something runs. */
export function useTick(isRunning: boolean, milliseconds = 1000): void {
  const [, again] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    if (!isRunning) {
      return;
    }
    const timer = setInterval(again, milliseconds);
    return () => clearInterval(timer);
  }, [isRunning, milliseconds]);
}
