import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { isOver, PixiModel } from '../model';
import { phaseName } from '../phases';

/** Verbs of which nothing else says how they go. */
const TOLD = new Set(['install', 'reinstall', 'lock', 'update']);

/** Say what work on the workspace comes to, at a change of phase and at the end. */
export function useAnnouncements(
  model: PixiModel,
  trans: TranslationBundle,
  announce: (text: string) => void
): void {
  React.useEffect(() => {
    const known = new Map<string, string>();
    const changed = (_: unknown, part: string): void => {
      if (part !== 'operations') {
        return;
      }
      for (const each of model.operations) {
        const now = isOver(each) ? each.state : each.phase;
        const before = known.get(each.id);
        known.set(each.id, now);
        const isNew = before === undefined && isOver(each);
        if (before === now || isNew || !TOLD.has(each.verb)) {
          continue; // what was over when the page came is not news
        }
        if (!isOver(each)) {
          announce(`${each.what}: ${phaseName(each.phase, trans)}`);
        } else if (each.state === 'succeeded') {
          announce(trans.__('%1: done', each.what));
        } else if (each.state === 'cancelled') {
          announce(trans.__('%1: cancelled', each.what));
        }
        // what failed stands in a note that is an alert
      }
    };
    model.changed.connect(changed);
    return () => void model.changed.disconnect(changed);
  }, [model, trans, announce]);
}
