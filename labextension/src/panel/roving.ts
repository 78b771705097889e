import * as React from 'react';

/** What a list hands to its element so that it is one stop of the Tab key. */
export interface IRoving {
  ref: React.RefObject<HTMLDivElement>;
  onKeyDown: (event: React.KeyboardEvent) => void;
  onFocus: (event: React.FocusEvent) => void;
}

/** Milliseconds after which typing begins a new word. */
const PAUSE = 600;

/**
 * Let arrows, Home, End and typing move among the rows of a list, Enter open one, and
 * Space press its button; the list as a whole is one tab stop.
 */
export function useRoving(): IRoving {
  const ref = React.useRef<HTMLDivElement>(null);
  const typed = React.useRef({ text: '', at: 0 });
  React.useEffect(() => {
    // the one that was in focus stays the stop; of a new list it is the first
    const rows = rowsOf(ref.current);
    if (rows.length && !rows.some(row => row.tabIndex === 0)) {
      rows[0]!.tabIndex = 0;
    }
  });
  const go = (row: HTMLElement | undefined): void => {
    if (row) {
      rowsOf(ref.current).forEach(each => (each.tabIndex = -1));
      row.tabIndex = 0;
      row.focus();
    }
  };
  return {
    ref,
    onFocus: event => {
      const row = (event.target as HTMLElement).closest<HTMLElement>(
        '[role="row"]'
      );
      if (row) {
        rowsOf(ref.current).forEach(
          each => (each.tabIndex = each === row ? 0 : -1)
        );
      }
    },
    onKeyDown: event => {
      const target = event.target as HTMLElement;
      if (target.getAttribute('role') !== 'row') {
        return; // a button or a field inside a row has keys of its own
      }
      const rows = rowsOf(ref.current);
      const at = rows.indexOf(target);
      switch (event.key) {
        case 'ArrowDown':
          go(rows[at + 1]);
          break;
        case 'ArrowUp':
          go(rows[at - 1]);
          break;
        case 'Home':
          go(rows[0]);
          break;
        case 'End':
          go(rows[rows.length - 1]);
          break;
        case 'Enter':
          target.click();
          break;
        case ' ':
          target.querySelector<HTMLButtonElement>('button')?.click();
          break;
        default: {
          if (
            event.key.length !== 1 ||
            event.ctrlKey ||
            event.metaKey ||
            event.altKey
          ) {
            return;
          }
          if (event.key === '/') {
            return; // goes to the search
          }
          const now = Date.now();
          const old = now - typed.current.at < PAUSE ? typed.current.text : '';
          typed.current = { text: old + event.key.toLowerCase(), at: now };
          go(
            rows.find(row =>
              (row.querySelector('b')?.textContent ?? '')
                .toLowerCase()
                .startsWith(typed.current.text)
            )
          );
        }
      }
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function rowsOf(list: HTMLElement | null): HTMLElement[] {
  return list ? [...list.querySelectorAll<HTMLElement>('[role="row"]')] : [];
}
