import * as React from 'react';

import {
  heightOf,
  IList,
  mounted,
  revealed,
  topOf,
  WINDOWED_OVER
} from '../windowing';

/** Milliseconds after which typing begins a new word. */
const PAUSE = 600;

const ROW = 24;

interface IOptions {
  /** A key for each row, in order. */
  keys: readonly string[];
  /** What typing is compared with, row for row. */
  names: readonly string[];
  open: string | null;
  active: string | null;
  /** Whether the active row is to have the focus now. */
  wantsFocus: boolean;
  onActive(key: string, wantsFocus: boolean): void;
  /** A key that is not about moving; true if it was taken. */
  onKey(event: React.KeyboardEvent, index: number): boolean;
}

export interface IRows {
  /** What the element that holds the rows is given. */
  box: {
    ref: React.RefObject<HTMLDivElement>;
    onKeyDown(event: React.KeyboardEvent): void;
    onScroll(): void;
  };
  isWindowed: boolean;
  /** Numbers of the rows to mount. */
  rows: number[];
  height: number;
  /** Where a row stands, if it is placed by hand. */
  styleOf(index: number): React.CSSProperties | undefined;
  /** Number of the row that is the list's tab stop. */
  stop: number;
  detail: React.RefObject<HTMLDivElement>;
}

/**
 * Keep a list one tab stop, and long ones short in the document: rows are counted, not
 * looked for, so that Home, End and typing reach those that are not mounted.
 */
export function useRows(options: IOptions): IRows {
  const { keys, active, open, wantsFocus } = options;
  const box = React.useRef<HTMLDivElement>(null);
  const detail = React.useRef<HTMLDivElement>(null);
  const typed = React.useRef({ text: '', at: 0 });
  const [view, setView] = React.useState({ top: 0, height: 0 });
  const [sizes, setSizes] = React.useState({ row: ROW, detail: 0 });
  const isWindowed = keys.length > WINDOWED_OVER;
  const opened = open === null ? -1 : keys.indexOf(open);
  const list: IList = { count: keys.length, open: opened, ...sizes };
  const stop = Math.max(0, active === null ? 0 : keys.indexOf(active));

  const look = (): void => {
    const { scrollTop: top = 0, clientHeight: height = 0 } = box.current ?? {};
    setView(was =>
      was.top === top && was.height === height ? was : { top, height }
    );
    const row = rowOf(box.current)?.offsetHeight || ROW;
    const high = detail.current?.offsetHeight ?? 0;
    setSizes(was =>
      was.row === row && was.detail === high ? was : { row, detail: high }
    );
  };
  React.useEffect(() => {
    const observer = new ResizeObserver(look);
    [box.current, detail.current].forEach(
      element => element && observer.observe(element)
    );
    look();
    return () => observer.disconnect();
  }, [isWindowed, open, keys.length > 0]);

  React.useLayoutEffect(() => {
    if (!wantsFocus || active === null || !keys.includes(active)) {
      return;
    }
    if (isWindowed && box.current) {
      const { scrollTop, clientHeight } = box.current;
      const top = revealed(list, stop, scrollTop, clientHeight);
      if (top !== scrollTop) {
        box.current.scrollTop = top;
      }
    }
    const row = rowOf(box.current, active);
    row?.focus({ preventScroll: isWindowed });
    if (row) {
      options.onActive(active, false);
    }
  });

  const go = (index: number): void => {
    const key = keys[Math.min(keys.length - 1, Math.max(0, index))];
    if (key !== undefined) {
      options.onActive(key, true);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (target.dataset['key'] === undefined) {
      if (event.key === 'Escape' && active !== null) {
        go(stop);
        taken(event);
      }
      return; // what stands inside a row has keys of its own
    }
    const at = keys.indexOf(target.dataset['key']);
    const page = Math.max(1, Math.floor(view.height / sizes.row) - 1);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: keys.length - 1
    }[event.key];
    if (to !== undefined) {
      go(to);
      taken(event);
    } else if (options.onKey(event, at)) {
      taken(event);
    } else if (isLetter(event)) {
      const now = Date.now();
      const old = now - typed.current.at < PAUSE ? typed.current.text : '';
      typed.current = { text: old + event.key.toLowerCase(), at: now };
      const found = options.names.findIndex(name =>
        name.toLowerCase().startsWith(typed.current.text)
      );
      if (found >= 0) {
        go(found);
      }
      taken(event);
    }
  };
  return {
    box: { ref: box, onKeyDown, onScroll: look },
    isWindowed,
    rows: isWindowed
      ? mounted(list, view.top, view.height, [stop, opened])
      : keys.map((_, index) => index),
    height: heightOf(list),
    styleOf: index =>
      isWindowed
        ? { position: 'absolute', top: topOf(list, index) }
        : undefined,
    stop,
    detail
  };
}

function rowOf(box: HTMLElement | null, key?: string): HTMLElement | null {
  const wanted = key === undefined ? '' : `="${CSS.escape(key)}"`;
  return box?.querySelector<HTMLElement>(`[data-key${wanted}]`) ?? null;
}

function isLetter(event: React.KeyboardEvent): boolean {
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  return event.key.length === 1 && !isCommand && !' /'.includes(event.key);
}

function taken(event: React.KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
