import { TranslationBundle } from '@jupyterlab/translation';

import { IOperation } from './wire';

/** Seconds since an operation began, by this computer's clock. */
export function age(operation: IOperation, now: number): number {
  const began = Date.parse(operation.started);
  return Number.isNaN(began) ? 0 : Math.max(0, (now - began) / 1000);
}

/** Say how long ago something was: `now`, `5 min ago`, `3 h ago`, or its day. */
export function ago(
  count: number,
  now: number,
  trans: TranslationBundle
): string {
  if (count < 60) {
    return trans.__('now');
  }
  if (count < 3600) {
    return trans.__('%1 min ago', Math.floor(count / 60));
  }
  if (count < 86_400) {
    return trans.__('%1 h ago', Math.floor(count / 3600));
  }
  return new Date(now - count * 1000).toLocaleDateString([], {
    day: 'numeric',
    month: 'short'
  });
}
