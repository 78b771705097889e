import * as React from 'react';

import { errorOf, isOver } from '../model';
import { IChanged, IError, IOperation, IOperationDetail } from '../wire';
import { useModel, usePanel } from './context';

/** What a change would do, as far as that is known. */
export interface IPreview {
  state: 'none' | 'solving' | 'ready' | 'failed';
  /** While solving, that of the question before. */
  changed: IChanged | null;
  error: IError | null;
}

const NOTHING: IPreview = { state: 'none', changed: null, error: null };

/** Solve what a request would change; the next question cancels the one before. */
export function usePreview(
  verb: 'add' | 'remove',
  request: Record<string, unknown> | null
): IPreview {
  const { model } = usePanel();
  const [preview, setPreview] = React.useState(NOTHING);
  const key = request && JSON.stringify(request);
  React.useEffect(() => {
    if (key === null) {
      setPreview(NOTHING);
      return;
    }
    let id: string | null = null;
    let isWanted = true;
    const cancel = (): void => {
      if (id !== null) {
        model.cancel(id).catch(() => undefined); // it had ended
      }
    };
    const solve = async (): Promise<void> => {
      const wish = { ...(JSON.parse(key) as object), dry_run: true };
      const operation = await model.start(verb, wish);
      id = operation.id;
      if (!isWanted) {
        return cancel();
      }
      const done = await model.whenDone(id);
      id = null;
      if (isWanted) {
        setPreview(
          done.state === 'succeeded'
            ? {
                state: 'ready',
                changed: done.result as IChanged,
                error: null
              }
            : { state: 'failed', changed: null, error: done.error }
        );
      }
    };
    setPreview(before => ({ ...before, state: 'solving', error: null }));
    solve().catch(reason => {
      if (isWanted) {
        setPreview({ state: 'failed', changed: null, error: errorOf(reason) });
      }
    });
    return () => {
      isWanted = false;
      cancel();
    };
  }, [model, verb, key]);
  return preview;
}

/** A change on its way, and what became of it. */
export interface IWork {
  /** While it runs. */
  operation: IOperation | null;
  isBusy: boolean;
  error: IError | null;
  /** Do it; true if it was done. */
  run(verb: string, request: Record<string, unknown>): Promise<boolean>;
  cancel(): void;
}

/** Run a verb to its end, and read what it may have changed. */
export function useWork(onDone?: (detail: IOperationDetail) => void): IWork {
  const { trans, announce } = usePanel();
  const model = useModel('operations');
  const [id, setId] = React.useState<string | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const [error, setError] = React.useState<IError | null>(null);
  const found = model.operations.find(each => each.id === id);
  return {
    operation: found && !isOver(found) ? found : null,
    isBusy,
    error,
    run: async (verb, request) => {
      setError(null);
      setBusy(true);
      try {
        const operation = await model.start(verb, request);
        setId(operation.id);
        const done = await model.whenDone(operation.id);
        await Promise.all([
          model.load('environments'),
          model.load('lock'),
          model.load('packages')
        ]);
        if (done.state === 'failed') {
          setError(done.error);
        } else if (done.state === 'cancelled') {
          announce(trans.__('Cancelled. Nothing was changed.'));
        } else {
          onDone?.(done);
        }
        return done.state === 'succeeded';
      } catch (reason) {
        setError(errorOf(reason));
        return false;
      } finally {
        setBusy(false);
      }
    },
    cancel: () => {
      if (id !== null) {
        model.cancel(id).catch(() => undefined); // it had ended
      }
    }
  };
}
