import * as React from 'react';

import { seconds } from '../format';
import { age, ago } from '../history';
import { isOver } from '../model';
import { amount, percent, phaseName } from '../phases';
import { running } from '../tasks';
import { IOperation } from '../wire';
import { elapsed, useTick } from './clock';
import { useAction, useModel, usePanel } from './context';
import { Bar, Button, ErrorNote, Section, StateMark } from './elements';
import { useRoving } from './roving';
import { TaskLog } from './TaskLog';
import { taskStateName } from './TaskRun';
import { FOLDED } from './Tasks';

/** How many operations are shown; the server keeps about as many. */
const MOST = 50;
const MINUTE = 60_000;

/** What was done in the workspace, from here, from cells and from terminals. */
export function History(): JSX.Element | null {
  const { trans } = usePanel();
  const model = useModel('operations', 'workspace');
  const list = useRoving();
  useTick(true, MINUTE);
  const shown = model.operations
    .filter(each => !model.previews.has(each.id))
    .slice(0, MOST);
  if (!shown.length) {
    return null;
  }
  return (
    <Section
      key={model.workspace?.path}
      title={trans.__('History')}
      count={shown.length}
      isOpen={shown.length <= FOLDED}
    >
      <div
        className="pj-History"
        role="grid"
        aria-label={trans.__('History')}
        aria-rowcount={shown.length}
        {...list}
      >
        {shown.map((each, at) => (
          <HistoryRow key={each.id} operation={each} rowIndex={at + 1} />
        ))}
      </div>
    </Section>
  );
}

function HistoryRow(props: {
  operation: IOperation;
  rowIndex: number;
}): JSX.Element {
  const { operation } = props;
  const { model, trans } = usePanel();
  const action = useAction();
  const row = React.useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = React.useState(false);
  const isAtWork = !isOver(operation);
  useTick(isAtWork);
  const label = `pj-operation-${operation.id}`;
  const state = operation.state === 'queued' ? 'waiting' : operation.state;
  const now = Date.now();
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const wanted = { ArrowRight: !isOpen, ArrowLeft: isOpen }[event.key];
    if (event.target === row.current && wanted) {
      setOpen(!isOpen);
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
      aria-expanded={isOpen}
      data-operation={operation.id}
      data-state={operation.state}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onClick={event => {
        if (!(event.target as HTMLElement).closest('.pj-Task-open')) {
          setOpen(!isOpen);
        }
      }}
    >
      <div className="pj-Row pj-Task-line" role="none">
        <span className="pj-Task-mark" role="gridcell">
          <StateMark
            state={state === 'waiting' && isAtWork ? 'waiting' : state}
            name={taskStateName(state, trans)}
          />
        </span>
        <span className="pj-name" role="gridcell" id={label}>
          <b title={operation.what}>{operation.what}</b>
          <span className="pj-meta pj-nb" title={at(operation)}>
            {ago(age(operation, now), now, trans)}
          </span>
        </span>
        <span className="pj-right" role="gridcell">
          {isAtWork
            ? running(elapsed(operation))
            : operation.seconds !== null && seconds(operation.seconds)}
        </span>
        <span className="pj-Task-act" role="gridcell">
          {isAtWork && operation.can_cancel && (
            <Button
              size="row"
              describedBy={label}
              onClick={() => action.run(() => model.cancel(operation.id))}
            >
              {trans.__('Cancel')}
            </Button>
          )}
          {isAtWork && !operation.can_cancel && (
            <span className="pj-meta">{trans.__('in another process')}</span>
          )}
        </span>
        {isAtWork && <Working operation={operation} />}
      </div>
      {(isOpen || action.error) && (
        <div className="pj-Task-open" role="gridcell">
          {action.error && <ErrorNote error={action.error} />}
          {isOpen && <Detail operation={operation} />}
        </div>
      )}
    </div>
  );
}

function at(operation: IOperation): string {
  return new Date(operation.started).toLocaleString();
}

function Working(props: { operation: IOperation }): JSX.Element | null {
  const { trans } = usePanel();
  const { operation } = props;
  if (!operation.phase || operation.phase === 'task') {
    return null;
  }
  const text = [phaseName(operation.phase, trans), amount(operation)]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="pj-sub">
      <span className="pj-cut">{text}</span>
      <Bar percent={percent(operation)} label={operation.what} text={text} />
    </div>
  );
}

/** When and where it was, what went wrong, and what it said. */
function Detail(props: { operation: IOperation }): JSX.Element {
  const { trans } = usePanel();
  const model = useModel('log');
  const { operation } = props;
  const { id } = operation;
  React.useEffect(() => {
    // one that the server has forgotten says what its row says
    model.detail(id).catch(() => undefined);
  }, [model, id, operation.state]);
  const lines = model.output(id).log;
  return (
    <>
      <p className="pj-Task-note">
        {[
          at(operation),
          operation.environment && trans.__('in %1', operation.environment),
          operation.state === 'cancelled' && trans.__('cancelled')
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {operation.error && operation.state === 'failed' && (
        <ErrorNote error={operation.error} />
      )}
      {lines.length > 0 && <TaskLog name={operation.what} lines={lines} />}
    </>
  );
}
