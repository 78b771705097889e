/**
 * Which environment made an output, as it is written into a notebook: a mark in each
 * cell, and in the notebook's own metadata what the marks mean. The same shapes as
 * `pixi_jupyter/notebook/stamps.py`.
 */

/** The key in the metadata of answers, of cells and of notebooks. */
export const KEY = 'pixi-jupyter';

const VERSION = 1;
const MARK = /^[0-9a-f]{16}$/;

/** What a kernel of ours says beside an answer. */
export interface IStamp {
  /** The mark: a digest of the packages. */
  environment: string;
  name: string;
  platform: string;
  /** The list of packages, packed. */
  packages: string;
}

/** What the notebook keeps of a stamp, by its mark. */
export type Table = Record<string, Omit<IStamp, 'environment'>>;

/** Read what a kernel said; null for a kernel that says nothing. */
export function stampOf(metadata: unknown): IStamp | null {
  const told = (metadata as Record<string, unknown> | null | undefined)?.[KEY];
  const { environment, name, platform, packages } = (told ??
    {}) as Partial<IStamp>;
  if (typeof environment !== 'string' || !MARK.test(environment)) {
    return null;
  }
  if (![name, platform, packages].every(each => typeof each === 'string')) {
    return null;
  }
  return { environment, name: name!, platform: platform!, packages: packages! };
}

/** Read the mark of a cell from its metadata. */
export function markOf(own: unknown): string | null {
  const mark = (own as Partial<IStamp> | null | undefined)?.environment;
  return typeof mark === 'string' && MARK.test(mark) ? mark : null;
}

/**
 * Give a notebook's own metadata with what its marks mean; null where nothing changes.
 *
 * What no cell is marked with any more is forgotten.
 */
export function withStamp(
  own: Record<string, unknown> | undefined,
  stamp: IStamp | null,
  used: Set<string>
): Record<string, unknown> | null {
  const before = (own?.outputs ?? {}) as Table;
  const after: Table = {};
  for (const [mark, known] of Object.entries(before)) {
    if (used.has(mark)) {
      after[mark] = known;
    }
  }
  if (stamp) {
    const { environment, name, packages, platform } = stamp;
    after[environment] ??= { name, packages, platform };
  }
  const same =
    Object.keys(after).sort().join() === Object.keys(before).sort().join();
  if (same) {
    return null;
  }
  return { ...own, version: own?.version ?? VERSION, outputs: after };
}

/** Remembers which cell each request for an execution was made for. */
export class Asked {
  /** A request went out. */
  sent(message: string, cell: unknown): void {
    if (typeof cell === 'string') {
      this._cells.set(message, cell);
    }
  }

  /** An answer came in: give its cell, once. */
  answered(message: string | undefined): string | null {
    const cell = (message && this._cells.get(message)) || null;
    this._cells.delete(message ?? '');
    return cell;
  }

  /** Nothing is answered any more. */
  clear(): void {
    this._cells.clear();
  }

  private readonly _cells = new Map<string, string>();
}
