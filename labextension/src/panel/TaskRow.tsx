import * as React from 'react';

import { isOver } from '../model';
import { phaseName } from '../phases';
import {
  ending,
  needsForm,
  ownSeconds,
  ownStep,
  requestOf,
  running,
  stateOf,
  TaskState,
  waitsFor
} from '../tasks';
import { IOperation, ITask, ITaskState } from '../wire';
import { elapsed, useTick } from './clock';
import { IPanelContext, useAction, useModel, usePanel } from './context';
import { Button, ErrorNote, Icon, StateMark } from './elements';
import { TaskForm } from './TaskForm';
import { endWords, taskStateName, TaskRun } from './TaskRun';

/** One task: how it stands, its button, and below it what it needs or wrote. */
export function TaskRow(props: {
  task: ITask;
  run: IOperation | undefined;
  rowIndex: number;
}): JSX.Element {
  const { task, run } = props;
  const panel = usePanel();
  const { trans, host } = panel;
  const model = useModel('log', 'workspace');
  const action = useAction();
  const row = React.useRef<HTMLDivElement>(null);
  const [opened, setOpened] = React.useState<'form' | 'run' | null>(null);
  const steps = run ? model.output(run.id).tasks : [];
  const state = stateOf(run, steps, task.name);
  const isAtWork = !!run && !isOver(run);
  useTick(isAtWork);
  useEnd(task, run, steps, panel);
  const label = `pj-task-${task.name.replace(/\s/g, '-')}`;
  const words = wordsOf(task, run, steps, state, panel);
  const start = (values: string[], environment: string | null): void =>
    action.run(async () => {
      await model.start('run', requestOf(task, values, environment));
      setOpened(host.settings.openLog ? 'run' : null);
      row.current?.focus();
    });
  const close = (): void => {
    setOpened(null);
    row.current?.focus();
  };
  const toggle = (): void =>
    setOpened(opened ? null : run || !needsForm(task) ? 'run' : 'form');
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const wanted = { ArrowRight: !opened, ArrowLeft: !!opened }[event.key];
    if (event.target === row.current && wanted) {
      toggle();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={row}
      className="pj-TaskRow"
      role="row"
      aria-rowindex={props.rowIndex}
      aria-expanded={opened !== null}
      data-task={task.name}
      data-state={state}
      tabIndex={-1}
      onClick={event => {
        if (!(event.target as HTMLElement).closest('.pj-Task-open')) {
          toggle();
        }
      }}
      onKeyDown={onKeyDown}
    >
      <div className="pj-Row pj-Task-line" role="none">
        <span className="pj-Task-mark" role="gridcell">
          {state === 'idle' ? (
            <Icon name="play" className="pj-quiet" />
          ) : (
            <StateMark state={state} name={taskStateName(state, trans)} />
          )}
        </span>
        <span className="pj-name" role="gridcell" id={label}>
          <b title={task.name}>{task.name}</b>
          {task.description && (
            <span className="pj-meta pj-cut" title={task.description}>
              {task.description}
            </span>
          )}
        </span>
        <span className="pj-right" role="gridcell">
          {opened === 'form' ? '' : words}
        </span>
        <span className="pj-Task-act" role="gridcell">
          {isAtWork ? (
            <Button
              size="row"
              describedBy={label}
              disabled={!run.can_cancel}
              title={
                run.can_cancel ? undefined : trans.__('In another process')
              }
              onClick={() => action.run(() => model.cancel(run.id))}
            >
              {trans.__('Cancel')}
            </Button>
          ) : (
            opened !== 'form' && (
              <RunButton
                task={task}
                label={label}
                onClick={() =>
                  needsForm(task) ? setOpened('form') : start([], null)
                }
              />
            )
          )}
        </span>
      </div>
      {(opened || action.error) && (
        <div className="pj-Task-open" role="gridcell">
          {action.error && <ErrorNote error={action.error} />}
          {opened === 'form' && (
            <TaskForm
              task={task}
              isDisabled={!mayRun(task, panel)}
              onRun={start}
              onClose={close}
            />
          )}
          {opened === 'run' && (
            <TaskRun
              task={task}
              run={run}
              steps={steps}
              onForm={() => setOpened('form')}
            />
          )}
        </div>
      )}
    </div>
  );
}

function RunButton(props: {
  task: ITask;
  label: string;
  onClick: () => void;
}): JSX.Element {
  const panel = usePanel();
  const { trans, model } = panel;
  const reason = !(model.workspace?.may.execute ?? false)
    ? trans.__('You may not run programs on this server')
    : !props.task.runs_here
      ? trans.__('Not on this computer')
      : undefined;
  return (
    <Button
      size="row"
      className="pj-Task-run"
      describedBy={props.label}
      disabled={!mayRun(props.task, panel)}
      title={reason}
      onClick={props.onClick}
    >
      {trans.__('Run')}
    </Button>
  );
}

function mayRun(task: ITask, { model }: IPanelContext): boolean {
  return (model.workspace?.may.execute ?? false) && task.runs_here;
}

/** Say in words how a task stands. */
function wordsOf(
  task: ITask,
  run: IOperation | undefined,
  steps: readonly ITaskState[],
  state: TaskState,
  { trans }: IPanelContext
): string {
  if (!run) {
    if (!task.runs_here) {
      return trans.__('not on this computer');
    }
    return task.before.length
      ? trans.__('after %1', task.before.join(', '))
      : '';
  }
  const own = ownStep(steps, task.name);
  if (isOver(run)) {
    const failed = steps.find(each => each.state === 'failed');
    if (state === 'failed' && !failed && run.error?.code === 'elsewhere') {
      return trans.__('failed'); // its steps are known where it ran
    }
    const last = (state === 'failed' ? failed : own) ?? {
      state: state as ITaskState['state'],
      exit_code: null,
      seconds: run.seconds
    };
    return ending(last, endWords(trans));
  }
  const waits = waitsFor(steps, task.name);
  if (waits) {
    return trans.__('waits for %1', waits);
  }
  if (run.state === 'queued') {
    return trans.__('waits its turn');
  }
  if (own?.state !== 'running' && run.phase) {
    return phaseName(run.phase, trans);
  }
  return running(ownSeconds(elapsed(run), steps));
}

/** Tell who cannot see it how a run ended. */
function useEnd(
  task: ITask,
  run: IOperation | undefined,
  steps: readonly ITaskState[],
  panel: IPanelContext
): void {
  const atWork = React.useRef<string | null>(null);
  React.useEffect(() => {
    if (run && !isOver(run)) {
      atWork.current = run.id;
    } else if (run && atWork.current === run.id) {
      atWork.current = null;
      const state = stateOf(run, steps, task.name);
      const name = taskStateName(state, panel.trans);
      const more = wordsOf(task, run, steps, state, panel);
      const isMore = ['succeeded', 'failed'].includes(state) && more;
      panel.announce(`${task.name}: ${name}${isMore ? `, ${more}` : ''}`);
    }
  });
}
