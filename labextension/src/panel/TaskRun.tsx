import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { isOver } from '../model';
import { ending, ownSeconds, running } from '../tasks';
import { IOperation, IOperationDetail, ITask, ITaskState } from '../wire';
import { elapsed } from './clock';
import { usePanel } from './context';
import { Button, ErrorNote, StateMark } from './elements';
import { TaskLog } from './TaskLog';

/** A run of a task: what runs before it, what they write, and how it ended. */
export function TaskRun(props: {
  task: ITask;
  run: IOperation | undefined;
  steps: ITaskState[];
  onForm: () => void;
}): JSX.Element {
  const { model, trans } = usePanel();
  const { task, run, steps } = props;
  const file = useWhole(run);
  const lines = run ? model.output(run.id).log : [];
  const command = steps[steps.length - 1]?.command ?? task.command;
  return (
    <>
      {run && steps.length > 1 && <Chain run={run} steps={steps} />}
      {command !== null && (
        <div className="pj-Task-command pj-code pj-cut" title={command}>
          $ {command}
        </div>
      )}
      {lines.length > 0 && <TaskLog name={task.name} lines={lines} />}
      {run?.error && run.state === 'failed' && <ErrorNote error={run.error} />}
      {run && isOver(run) && !lines.length && (
        <p className="pj-Task-note">
          {steps.length
            ? trans.__('It wrote nothing.')
            : trans.__(
                'It ran in another process: what it wrote stands there.'
              )}
        </p>
      )}
      {file && (
        <p className="pj-Task-note pj-Task-file">
          <span
            className="pj-code pj-cut"
            title={trans.__('All it wrote is in %1', file)}
          >
            {file.replace(/^.*?(?=\.pixi\/)/, '')}
          </span>
          <button
            type="button"
            className="pj-link"
            onClick={() => void navigator.clipboard.writeText(file)}
          >
            {trans.__('Copy path')}
          </button>
        </p>
      )}
      {task.arguments.length > 0 && (!run || isOver(run)) && (
        <div className="pj-acts">
          <Button onClick={props.onForm}>{trans.__('Run with…')}</Button>
        </div>
      )}
    </>
  );
}

/** The file with all that a run wrote, once it has ended. */
function useWhole(run: IOperation | undefined): string | null {
  const { model } = usePanel();
  const [file, setFile] = React.useState<string | null>(null);
  const id = run && isOver(run) ? run.id : null;
  React.useEffect(() => {
    let isWanted = true;
    setFile(null);
    if (id !== null) {
      const take = (detail: IOperationDetail): void => {
        const log = (detail.result as { log?: unknown } | null)?.log;
        if (isWanted && typeof log === 'string') {
          setFile(log);
        }
      };
      // one that the server has forgotten has no file to tell of
      model.detail(id).then(take, () => undefined);
    }
    return () => {
      isWanted = false;
    };
  }, [model, id]);
  return file;
}

/** What runs, in that order; the task itself is the last. */
function Chain(props: { run: IOperation; steps: ITaskState[] }): JSX.Element {
  const { trans } = usePanel();
  const { run, steps } = props;
  const now = running(ownSeconds(elapsed(run), steps));
  return (
    <ol className="pj-Chain" aria-label={trans.__('Runs before')}>
      {steps.map((step, at) => (
        <li key={step.node} data-step={step.task} data-state={step.state}>
          <StateMark
            state={step.state}
            name={taskStateName(step.state, trans)}
          />
          <span className={at === steps.length - 1 ? 'pj-strong' : ''}>
            {step.task}
          </span>{' '}
          <span className="pj-quiet">
            {step.state === 'running' ? now : ending(step, endWords(trans))}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Words for the ends of tasks, as all faces have them. */
export function endWords(
  trans: TranslationBundle
): Parameters<typeof ending>[1] {
  return {
    unchanged: trans.__('unchanged'),
    cancelled: trans.__('cancelled'),
    notRun: trans.__('not run'),
    none: trans.__('could not run')
  };
}

/** Name the state of a task. */
export function taskStateName(state: string, trans: TranslationBundle): string {
  switch (state) {
    case 'waiting':
    case 'queued':
      return trans.__('Waiting');
    case 'running':
      return trans.__('Running');
    case 'succeeded':
      return trans.__('Succeeded');
    case 'cached':
      return trans.__('Unchanged');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Cancelled');
    default:
      return trans.__('Not run');
  }
}
