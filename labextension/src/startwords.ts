import { TranslationBundle } from '@jupyterlab/translation';

import { number, share } from './format';
import { phaseName } from './phases';
import {
  IKernelStart,
  packagesOf,
  remaining,
  Step,
  stepOf,
  STEPS
} from './starts';

/** One step of a start in words, and whether it was, is or comes. */
export interface IPhase {
  text: string;
  place: 'past' | 'now' | 'next';
}

/** What happens, and beside it what that means for who waits. */
export function headline(
  start: IKernelStart,
  trans: TranslationBundle
): [string, string] {
  const name = start.environment;
  const wait = trans.__('Cells you run now wait.');
  if (start.state === 'finished') {
    return [trans.__('Starting %1', name), wait];
  }
  if (start.phase === 'waiting') {
    return [
      trans.__('Installing %1', name),
      trans.__('waits: %1', start.label)
    ];
  }
  if (stepOf(start.phase) === 'solve') {
    const why = trans.__('The lock does not cover it yet.');
    return [trans.__('Solving %1', name), `${why} ${wait}`];
  }
  const left = remaining(start);
  const togo = left === null ? '' : trans.__('About %1 s to go.', left);
  return [trans.__('Installing %1', name), `${togo} ${wait}`.trim()];
}

/** What is done at this moment: `Download 12 of 31, 14 of 48 MB`. */
export function current(start: IKernelStart, trans: TranslationBundle): string {
  const step = stepOf(start.phase);
  if (start.state === 'finished') {
    return trans.__('Start');
  }
  if (step === null) {
    return phaseName(start.phase, trans);
  }
  const packages = packagesOf(start);
  const counts = packages
    ? trans.__('%1 of %2', number(packages[0]), number(packages[1]))
    : '';
  const bytes =
    start.unit === 'bytes' && start.done !== null && start.total !== null
      ? share(start.done, start.total)
      : '';
  const known = new Set(['solve', 'lock', 'fetch', 'link', 'unlink']);
  const verb = known.has(start.phase)
    ? stepName(step, trans)
    : phaseName(start.phase, trans);
  const amount = [counts, bytes].filter(Boolean).join(', ');
  return amount ? `${verb} ${amount}` : verb;
}

/** What a badge has room for: `12 of 31`, `solving`. */
export function short(start: IKernelStart, trans: TranslationBundle): string {
  const packages = packagesOf(start);
  if (start.state === 'running' && packages) {
    return trans.__('%1 of %2', number(packages[0]), number(packages[1]));
  }
  return start.state === 'finished'
    ? trans.__('starting')
    : phaseName(start.phase, trans).toLowerCase();
}

/** All steps in their order. */
export function phases(
  start: IKernelStart,
  trans: TranslationBundle
): IPhase[] {
  const isThere = start.state === 'finished';
  const step = isThere ? null : stepOf(start.phase);
  const at = isThere ? STEPS.length : step === null ? -1 : STEPS.indexOf(step);
  const found: IPhase[] = [];
  if (at === -1) {
    found.push({ text: current(start, trans), place: 'now' });
  }
  STEPS.forEach((each, number) => {
    if (number === at) {
      found.push({ text: current(start, trans), place: 'now' });
    } else if (number > at && each !== 'solve') {
      found.push({ text: stepName(each, trans), place: 'next' });
    } else if (number < at && each in start.past) {
      found.push({ text: pastName(each, trans), place: 'past' });
    }
  });
  const last = trans.__('Start');
  return [...found, { text: last, place: isThere ? 'now' : 'next' }];
}

function stepName(step: Step, trans: TranslationBundle): string {
  switch (step) {
    case 'solve':
      return trans.__('Solve');
    case 'fetch':
      return trans.__('Download');
    case 'link':
      return trans.__('Link');
  }
}

function pastName(step: Step, trans: TranslationBundle): string {
  switch (step) {
    case 'solve':
      return trans.__('Solved');
    case 'fetch':
      return trans.__('Downloaded');
    case 'link':
      return trans.__('Linked');
  }
}
