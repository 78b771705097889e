import * as React from 'react';

import { isOver } from '../model';
import { lastRuns } from '../tasks';
import { useModel, usePanel } from './context';
import { Section } from './elements';
import { useRoving } from './roving';
import { TaskRow } from './TaskRow';

/** From so many rows on a section is folded until somebody opens it. */
export const FOLDED = 10;

/** The tasks of the workspace: how each stands, and its button. */
export function Tasks(): JSX.Element | null {
  const { trans } = usePanel();
  const model = useModel('tasks', 'operations', 'workspace');
  const list = useRoving();
  const shown = model.tasks.filter(each => !each.hidden);
  const runs = lastRuns(shown, model.operations);
  useDetails([...runs.values()].map(each => each.id));
  if (!shown.length) {
    return null;
  }
  const atWork = [...runs.values()].some(each => !isOver(each));
  return (
    <Section
      key={model.workspace?.path}
      title={trans.__('Tasks')}
      count={shown.length}
      isOpen={shown.length <= FOLDED || atWork}
      className="pj-TaskSec"
    >
      <div
        className="pj-TaskList"
        role="grid"
        aria-label={trans.__('Tasks')}
        aria-rowcount={shown.length}
        {...list}
      >
        {shown.map((each, at) => (
          <TaskRow
            key={each.name}
            task={each}
            run={runs.get(each.name)}
            rowIndex={at + 1}
          />
        ))}
      </div>
    </Section>
  );
}

/** Read what runs wrote before this page was there; each is asked for once. */
function useDetails(ids: readonly string[]): void {
  const { model } = usePanel();
  const asked = React.useRef(new Set<string>());
  const wanted = ids.join();
  React.useEffect(() => {
    for (const id of wanted.split(',').filter(Boolean)) {
      if (!asked.current.has(id)) {
        asked.current.add(id);
        // one that is forgotten by now has nothing to say
        model.detail(id).catch(() => undefined);
      }
    }
  }, [model, wanted]);
}
