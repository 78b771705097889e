import { IError, IKernelEvent } from './wire';

/** How far the start of one kernel is whose environment has to be installed. */
export interface IKernelStart {
  kernel: string;
  manifest: string;
  environment: string;
  /** `finished`: the environment is there, and the kernel starts. */
  state: IKernelEvent['event']['state'];
  phase: string;
  label: string;
  done: number | null;
  total: number | null;
  unit: string;
  error: IError | null;
  /** Per cent of the whole; never less than it was. */
  share: number;
  /** Milliseconds; when this step began, and when it was told last. */
  since: number;
  now: number;
  /** What the steps before it came to, by name of the step. */
  past: Partial<Record<Step, string>>;
  log: { at: number; phase: string; text: string }[];
}

/** The steps of an installation, as a person is told of them. */
export type Step = 'solve' | 'fetch' | 'link';

export const STEPS: readonly Step[] = ['solve', 'fetch', 'link'];

const STEP_OF: Record<string, Step> = {
  solve: 'solve',
  lock: 'solve',
  fetch: 'fetch',
  unlink: 'link',
  link: 'link',
  verify: 'link',
  repair: 'link',
  scripts: 'link',
  compile: 'link',
  overlay: 'link'
};

/** What share of all each step usually takes, in per cent where it begins and ends. */
const SHARES: Record<Step, readonly [number, number]> = {
  solve: [1, 8],
  fetch: [8, 78],
  link: [78, 97]
};

const KEPT_LINES = 300;
const SOON_MS = 1500;

/** The step that a phase belongs to; null before there is one. */
export function stepOf(phase: string): Step | null {
  return STEP_OF[phase] ?? null;
}

/** Learn from an event what is known of a start now. */
export function heard(
  known: IKernelStart | null,
  event: IKernelEvent,
  now: number
): IKernelStart {
  const state = moved(known, event, now);
  return { ...state, share: Math.max(state.share, shareOf(state)) };
}

function moved(
  known: IKernelStart | null,
  { kernel_id, manifest, environment, event, error }: IKernelEvent,
  now: number
): IKernelStart {
  const isNew = !known || known.state !== 'running';
  const before: IKernelStart = isNew
    ? { ...blank(kernel_id, manifest, environment), since: now }
    : known;
  const state: IKernelStart = {
    ...before,
    now,
    log: withLine(before, event, now)
  };
  if (event.level !== 'progress') {
    return state;
  }
  if (event.phase === '') {
    return { ...state, state: event.state, error: error ?? null, label: '' };
  }
  if (event.state !== 'running') {
    const step = stepOf(event.phase);
    const said = event.total !== null ? `${event.total}` : '';
    return step ? { ...state, past: { ...state.past, [step]: said } } : state;
  }
  const isOther = stepOf(event.phase) !== stepOf(before.phase);
  const { phase, label, done, total, unit } = event;
  const since = isOther || before.total === null ? now : before.since;
  return { ...state, phase, label, done, total, unit, since };
}

function blank(
  kernel: string,
  manifest: string,
  environment: string
): IKernelStart {
  return {
    kernel,
    manifest,
    environment,
    state: 'running',
    phase: '',
    label: '',
    done: null,
    total: null,
    unit: '',
    error: null,
    share: 1,
    since: 0,
    now: 0,
    past: {},
    log: []
  };
}

function withLine(
  known: IKernelStart,
  event: IKernelEvent['event'],
  now: number
): IKernelStart['log'] {
  const { phase, label, state, level } = event;
  const isWorth =
    level !== 'progress' ||
    (phase !== '' && phase !== 'read' && state !== 'running') ||
    (phase === 'waiting' && known.phase !== 'waiting');
  if (!isWorth) {
    return known.log;
  }
  const count =
    event.total === null ? '' : `${event.total} ${event.unit}`.trim();
  const text = level !== 'progress' ? label : count || label;
  const shown = level !== 'progress' ? level : phase;
  return [...known.log, { at: now, phase: shown, text }].slice(-KEPT_LINES);
}

/** `12 of 31` of a download, whose label begins with both counts. */
export function packagesOf(start: IKernelStart): [number, number] | null {
  const found = /^(\d+)\/(\d+) /.exec(start.label);
  if (found) {
    return [Number(found[1]), Number(found[2])];
  }
  return start.unit === 'packages' && start.done !== null && start.total
    ? [start.done, start.total]
    : null;
}

function shareOf(start: IKernelStart): number {
  if (start.state === 'finished') {
    return 99;
  }
  const step = stepOf(start.phase);
  if (step === null) {
    return 1;
  }
  // without a download its share is the linking's
  const isWhole = step === 'link' && !('fetch' in start.past);
  const [from, to] = isWhole ? [SHARES.solve[1], SHARES.link[1]] : SHARES[step];
  const part =
    start.done !== null && start.total ? start.done / start.total : 0;
  return Math.round(from + (to - from) * Math.min(1, part));
}

/** Seconds until this step ends, as far as can be told; null where it cannot. */
export function remaining(start: IKernelStart): number | null {
  const { done, total, now, since } = start;
  const passed = now - since;
  if (start.state !== 'running' || !done || !total || passed < SOON_MS) {
    return null;
  }
  const left = ((passed / done) * (total - done)) / 1000;
  return left < 1 ? null : Math.ceil(left);
}
