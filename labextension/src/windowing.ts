/** Longer lists than this mount only the rows around those in sight. */
export const WINDOWED_OVER = 100;

/** Rows that are mounted beyond each edge. */
export const BEYOND = 10;

export interface IList {
  count: number;
  /** Height of a row. */
  row: number;
  /** Number of the row that is open; -1 for none. */
  open: number;
  /** How much the open row is higher than others. */
  detail: number;
}

/** Where a row begins. */
export function topOf(list: IList, index: number): number {
  return (
    index * list.row + (list.open >= 0 && index > list.open ? list.detail : 0)
  );
}

/** How high all rows are. */
export function heightOf(list: IList): number {
  return topOf(list, list.count);
}

/** The row at a height. */
export function rowAt(list: IList, offset: number): number {
  const at = (height: number): number => Math.floor(height / list.row);
  const end = list.open >= 0 ? topOf(list, list.open + 1) : Infinity;
  const last = Math.max(0, list.count - 1);
  if (list.open >= 0 && offset >= topOf(list, list.open) && offset < end) {
    return list.open;
  }
  const found = offset >= end ? at(offset - list.detail) : at(offset);
  return Math.min(last, Math.max(0, found));
}

/** The rows to mount: those in sight, some beyond, and those that must stay. */
export function mounted(
  list: IList,
  top: number,
  height: number,
  always: readonly number[] = []
): number[] {
  if (list.count === 0) {
    return [];
  }
  const first = Math.max(0, rowAt(list, top) - BEYOND);
  const last = Math.min(list.count - 1, rowAt(list, top + height) + BEYOND);
  const found = new Set(always.filter(each => each >= 0 && each < list.count));
  for (let index = first; index <= last; index += 1) {
    found.add(index);
  }
  return [...found].sort((one, other) => one - other);
}

/** Where to scroll so that a row is in sight; where it is already, as it was. */
export function revealed(
  list: IList,
  index: number,
  top: number,
  height: number
): number {
  const start = topOf(list, index);
  const end = start + list.row;
  if (start < top) {
    return start;
  }
  return end > top + height ? end - height : top;
}
