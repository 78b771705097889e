import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Part, PixiModel } from '../model';
import { ISettings } from '../settings';
import { ITable } from '../tables';
import { IError } from '../wire';

/** What a panel needs of the application around it. */
export interface IPanelHost {
  /** Open a file, at a line of it. */
  openFile(path: string, line: number | null): void;
  /** Open a terminal in a folder, or nowhere if there are none. */
  openTerminal: ((folder: string, environment: string) => void) | null;
  /** Follow a folder or notebook instead of the current one. */
  choose(path: string): void;
  /** What the person chose, as it is now. */
  readonly settings: ISettings;
}

/** What the parts of a panel share. */
export interface IPanelContext {
  model: PixiModel;
  trans: TranslationBundle;
  host: IPanelHost;
  /** The environment of the current notebook's kernel; empty for none. */
  current: string;
  /** Go to a view; empty for the panel itself. */
  show(view: View): void;
  /** Say something to who cannot see it. */
  announce(text: string): void;
}

/** A package that was chosen, and where it is asked for if it is. */
export interface IChosen {
  name: string;
  kind: 'conda' | 'pypi';
  summary?: string;
  channel?: string;
  /** Newest first; left out where they are to be looked up. */
  versions?: string[];
  /** What was typed behind the name. */
  requirement?: string;
  table?: ITable;
}

/** The views of the panel. */
export type View =
  | { kind: 'panel' }
  | { kind: 'add'; query: string; chosen?: IChosen }
  | { kind: 'why'; name: string };

export const PanelContext = React.createContext<IPanelContext>(
  null as unknown as IPanelContext
);

/** Use what the parts of a panel share. */
export function usePanel(): IPanelContext {
  return React.useContext(PanelContext);
}

/** Use the model, and draw again when one of these parts changes. */
export function useModel(...parts: Part[]): PixiModel {
  const { model } = usePanel();
  const [, again] = React.useReducer((count: number) => count + 1, 0);
  const wanted = parts.join();
  React.useEffect(() => {
    let frame = 0;
    const changed = (_: unknown, part: Part): void => {
      if (wanted.split(',').includes(part)) {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(again);
      }
    };
    model.changed.connect(changed);
    return () => {
      cancelAnimationFrame(frame);
      model.changed.disconnect(changed);
    };
  }, [model, wanted]);
  return model;
}

/** Run what is asked for, and keep the words of what went wrong. */
export function useAction(): {
  error: IError | null;
  clear(): void;
  run(action: () => Promise<unknown>): void;
} {
  const [error, setError] = React.useState<IError | null>(null);
  return {
    error,
    clear: () => setError(null),
    run: action => {
      setError(null);
      action().catch((reason: { error?: IError; message?: string }) => {
        setError(
          reason.error ?? {
            code: 'unknown',
            message: reason.message ?? String(reason),
            details: [],
            hints: []
          }
        );
      });
    }
  };
}
