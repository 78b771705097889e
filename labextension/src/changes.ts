import { IChange } from './wire';

/** How a package changes; the order in which a list of changes is read. */
export type Group = 'asked' | 'removed' | 'downgraded' | 'upgraded' | 'added';

/** One line of a preview: a package that changes alike in several places. */
export interface IChangeLine {
  name: string;
  kind: IChange['kind'];
  group: Group;
  before: string | null;
  after: string | null;
  /** Bytes to download; null where unknown. */
  size: number | null;
  environments: string[];
  platforms: string[];
}

/** From so many lines on, what only comes along is folded. */
export const FOLD_OVER = 8;

const ORDER: Group[] = ['asked', 'removed', 'downgraded', 'upgraded', 'added'];

/**
 * Put the changes of all environments and platforms into lines, each said once.
 *
 * @param asked - names that the person asked for; they come first.
 */
export function grouped(
  changes: readonly IChange[],
  asked: readonly string[] = []
): IChangeLine[] {
  const wanted = new Set(asked.map(normalised));
  const lines = new Map<string, IChangeLine>();
  for (const each of changes) {
    const { name, kind, before, after } = each;
    const key = [each.type, name, kind, before, after].join(' ');
    const line = lines.get(key) ?? {
      name,
      kind,
      group: wanted.has(normalised(name)) ? 'asked' : groupOf(kind),
      before,
      after,
      size: each.size,
      environments: [],
      platforms: []
    };
    line.size = Math.max(line.size ?? 0, each.size ?? 0) || null;
    addOnce(line.environments, each.environment);
    addOnce(line.platforms, each.platform);
    lines.set(key, line);
  }
  return [...lines.values()].sort(
    (one, other) =>
      ORDER.indexOf(one.group) - ORDER.indexOf(other.group) ||
      one.name.localeCompare(other.name)
  );
}

/** What of a preview is shown at once, and what is folded. */
export interface IFolded {
  shown: IChangeLine[];
  /** Packages that only come along; never a removal or a downgrade. */
  folded: IChangeLine[];
}

/** Fold what only comes along, if the list is long. */
export function folded(
  lines: readonly IChangeLine[],
  over: number = FOLD_OVER
): IFolded {
  if (lines.length <= over) {
    return { shown: [...lines], folded: [] };
  }
  const isFolded = (line: IChangeLine): boolean =>
    line.group === 'added' || line.group === 'upgraded';
  return {
    shown: lines.filter(line => !isFolded(line)),
    folded: lines.filter(isFolded)
  };
}

/** Add up what lines have to download; null where nothing is known. */
export function download(lines: readonly IChangeLine[]): number | null {
  const known = lines.filter(line => line.size !== null);
  return known.length
    ? known.reduce((sum, line) => sum + (line.size ?? 0), 0)
    : null;
}

/** Only the changes of one platform, or all where nothing changes on it. */
export function onPlatform(
  changes: readonly IChange[],
  platform: string
): IChange[] {
  const found = changes.filter(each => each.platform === platform);
  return found.length ? found : [...changes];
}

/** The lines that do not change on every platform that anything changes on. */
export function uneven(lines: readonly IChangeLine[]): IChangeLine[] {
  const all = new Set(lines.flatMap(line => line.platforms));
  return lines.filter(line => line.platforms.length < all.size);
}

/** A name as it is compared, whatever the case and the dashes. */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function groupOf(kind: IChange['kind']): Group {
  // a change of build alone reads as one that stays harmless
  return kind === 'changed' ? 'upgraded' : kind;
}

function addOnce(list: string[], item: string): void {
  if (!list.includes(item)) {
    list.push(item);
  }
}
