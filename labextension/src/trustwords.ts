import { TranslationBundle } from '@jupyterlab/translation';

import { IError, ISharedNotebook, ITrustEntry } from './wire';

/** Name of the kernel of whatever a notebook brings, on every computer. */
export const KERNEL_NAME = 'pixi-notebook';

/** The key of a notebook's metadata that its environment stands below. */
export const METADATA = 'pixi-jupyter';

/** What a person is asked about a notebook from elsewhere, or told of it. */
export interface IQuestion {
  title: string;
  intro: string;
  rows: IRow[];
  /** Why nobody can agree to it; then there is nothing else to be read. */
  reasons: string[];
  note: string;
  /** What the button that acts says; empty where nothing can be agreed to. */
  accept: string;
  isFlagged: boolean;
}

export interface IRow {
  icon: string;
  label: string;
  lines: string[];
  note: string;
  isFlagged: boolean;
}

/** What is known of the kernels of this computer. */
export interface IKernelWish {
  /** Name of the kernelspec that a notebook names. */
  kernel: string;
  isKnown: boolean;
}

const ICONS: Record<string, string> = {
  Channels: 'globe',
  'PyPI indexes': 'globe',
  Packages: 'box',
  'Runs code': 'term',
  'Sets variables': 'list',
  Tasks: 'play'
};

/** Whether a notebook would be run in what it brings itself. */
export function bringsItsOwn(metadata: unknown, wish: IKernelWish): boolean {
  if (wish.kernel === KERNEL_NAME) {
    return true;
  }
  return !wish.isKnown && carries(metadata);
}

/** Whether the metadata of a notebook hold an environment. */
export function carries(metadata: unknown): boolean {
  return (metadata as { manifest?: unknown } | null)?.manifest !== undefined;
}

/** The workspace that a notebook belongs to where there is one around it. */
export function workspaceOf(metadata: unknown): string {
  const name = (metadata as { workspace?: unknown } | null)?.workspace;
  return typeof name === 'string' ? name : '';
}

/** Whether a kernel that did not start was that of a notebook. */
export function isOf(started: string, path: string): boolean {
  const whole = started.replace(/\\/g, '/');
  return whole === path || whole.endsWith(`/${path}`);
}

/** Say what an environment would use, and ask. */
export function questionOf(
  name: string,
  found: ISharedNotebook,
  trans: TranslationBundle
): IQuestion {
  const { facts } = found;
  const refused = facts?.refusals.map(each => each.text) ?? [];
  if (facts?.forbidden.length) {
    const title = trans.__('Not allowed on this computer');
    return refusal(name, title, facts.forbidden, trans);
  }
  if (refused.length) {
    return refusal(name, trans.__('Nothing is installed'), refused, trans);
  }
  const rows = found.list.map(each => rowOf(each, trans));
  return {
    title: trans.__('Install the environment of this notebook?'),
    intro: trans.__(
      '%1 came from elsewhere and brings its own environment. Installing it would use:',
      name
    ),
    rows,
    reasons: [],
    note: trans.__(
      'Your agreement holds for exactly this content. Any change asks again.'
    ),
    accept: trans.__('Trust and install'),
    isFlagged: !!facts?.flagged || rows.some(each => each.isFlagged)
  };
}

/** Say why an environment could not even be read. */
export function unreadable(
  name: string,
  error: IError,
  trans: TranslationBundle
): IQuestion {
  const reasons = [error.message, ...error.details];
  return refusal(name, trans.__('Nothing is installed'), reasons, trans);
}

function refusal(
  name: string,
  title: string,
  reasons: string[],
  trans: TranslationBundle
): IQuestion {
  return {
    title,
    intro: trans.__(
      '%1 brings an environment that nobody can agree to. Nothing was fetched.',
      name
    ),
    rows: [],
    reasons,
    note: '',
    accept: '',
    isFlagged: true
  };
}

function rowOf(entry: ITrustEntry, trans: TranslationBundle): IRow {
  const { label, lines, note, flagged } = entry;
  return {
    icon: flagged ? 'warn' : (ICONS[label] ?? 'box'),
    // the server has the same words on all faces; here they can be translated
    label: trans.__(label),
    lines,
    note,
    isFlagged: flagged
  };
}
