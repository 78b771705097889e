import { PixiModel } from '../model';

/** What of a list is as it was when one comes back from another view. */
export interface IKept {
  query: string;
  tab: 'explicit' | 'all';
  bySize: boolean;
  /** Key of the package that is open. */
  open: string | null;
  /** Key of the row that has, or had, the focus. */
  active: string | null;
  /** Whether that row is to have it again. */
  wantsFocus: boolean;
  /** What else opened a view, and has the focus when one comes back. */
  back: 'add' | 'find' | null;
}

const lists = new WeakMap<PixiModel, IKept>();

/** Give what is kept of the list of packages. */
export function keptOf(model: PixiModel): IKept {
  let kept = lists.get(model);
  if (!kept) {
    kept = {
      query: '',
      tab: 'explicit',
      bySize: false,
      open: null,
      active: null,
      wantsFocus: false,
      back: null
    };
    lists.set(model, kept);
  }
  return kept;
}

/** The key of a package's row: one name may be there from conda and from PyPI. */
export function keyOf(each: { kind: string; name: string }): string {
  return `${each.kind}:${each.name}`;
}
