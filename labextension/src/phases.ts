import { TranslationBundle } from '@jupyterlab/translation';

import { number, share } from './format';

/** What is known of how far something is. */
export interface IStep {
  phase: string;
  label: string;
  done: number | null;
  total: number | null;
  unit: string;
}

/** Name a phase in the words that all faces share. */
export function phaseName(phase: string, trans: TranslationBundle): string {
  switch (phase) {
    case 'read':
      return trans.__('Reading');
    case 'waiting':
      return trans.__('Waiting');
    case 'solve':
      return trans.__('Solving');
    case 'lock':
      return trans.__('Locking');
    case 'fetch':
      return trans.__('Downloading');
    case 'link':
      return trans.__('Linking');
    case 'unlink':
      return trans.__('Unlinking');
    case 'verify':
      return trans.__('Checking');
    case 'repair':
      return trans.__('Repairing');
    case 'compile':
      return trans.__('Compiling');
    case 'overlay':
      return trans.__('Adding what the kernel needs');
    default:
      return phase
        ? phase[0]!.toUpperCase() + phase.slice(1)
        : trans.__('Starting');
  }
}

/** Say how far a step is: `12 of 31`, `14 of 48 MB`; empty where it has no end. */
export function amount(step: IStep): string {
  if (step.done === null || step.total === null) {
    return '';
  }
  return step.unit === 'bytes'
    ? share(step.done, step.total)
    : `${number(step.done)} of ${number(step.total)}`;
}

/** The share that is done, in per cent; null where it has no end. */
export function percent(step: IStep): number | null {
  if (step.done === null || !step.total) {
    return null;
  }
  return Math.min(100, Math.round((100 * step.done) / step.total));
}
