import * as React from 'react';

import { isOver } from '../model';
import { bytes } from '../format';
import { amount, percent, phaseName } from '../phases';
import { IEnvironment, IOperation } from '../wire';
import { useAction, useModel, usePanel } from './context';
import { Bar, Button, ErrorNote, Icon, Section, StateMark } from './elements';
import { useRoving } from './roving';

/** From so many environments on they are filtered and grouped. */
const MANY = 12;

/** The environments of the workspace, each with its state. */
export function Environments(): JSX.Element {
  const { trans, current } = usePanel();
  const model = useModel('environments', 'operations');
  const [filter, setFilter] = React.useState('');
  const list = useRoving();
  const all = model.environments;
  const isMany = all.length > MANY;
  const wanted = all.filter(each =>
    each.name.toLowerCase().includes(filter.trim().toLowerCase())
  );
  const now = isMany ? wanted.filter(each => isPressing(each, current)) : [];
  const rest = isMany ? wanted.slice().sort(byName) : wanted;
  const row = (each: IEnvironment): JSX.Element => (
    <EnvironmentRow key={each.name} environment={each} />
  );
  return (
    <Section title={trans.__('Environments')} count={all.length}>
      {isMany && (
        <div className="pj-Sec-tools">
          <div className="pj-field">
            <Icon name="search" />
            <input
              type="search"
              placeholder={trans.__('Filter environments')}
              aria-label={trans.__('Filter environments')}
              value={filter}
              onChange={event => setFilter(event.target.value)}
            />
          </div>
        </div>
      )}
      <div
        className={isMany ? 'pj-Envs pj-mod-many' : 'pj-Envs'}
        role="treegrid"
        aria-label={trans.__('Environments')}
        aria-rowcount={all.length}
        {...list}
      >
        {now.length > 0 && <div className="pj-Group">{trans.__('Now')}</div>}
        {now.map(row)}
        {now.length > 0 && <div className="pj-Group">{trans.__('All')}</div>}
        {rest.filter(each => !now.includes(each)).map(row)}
      </div>
    </Section>
  );
}

function byName(one: IEnvironment, other: IEnvironment): number {
  return one.name.localeCompare(other.name);
}

/** Whether a person wants to see it without a search. */
function isPressing(environment: IEnvironment, current: string): boolean {
  return (
    environment.name === current ||
    ['broken', 'outdated', 'installing'].includes(environment.state)
  );
}

function EnvironmentRow(props: { environment: IEnvironment }): JSX.Element {
  const { environment } = props;
  const { trans, current } = usePanel();
  const model = useModel('environments', 'operations');
  const action = useAction();
  const name = environment.name;
  const work = model.workOn(environment);
  const state = work ? 'installing' : environment.state;
  const failure = lastFailure(model.operations, name);
  const label = `pj-env-${name}`;
  const mayWrite = model.workspace?.may.write ?? false;
  const step = work ?? null;
  const start = (): void => {
    if (state === 'broken') {
      action.run(() => model.start('reinstall', { environments: [name] }));
    } else {
      action.run(() => model.start('install', { environments: [name] }));
    }
  };
  return (
    <>
      <div
        className="pj-Row pj-Env"
        role="row"
        data-environment={name}
        data-state={state}
        aria-selected={model.selected === name}
        tabIndex={-1}
        onClick={() => model.select(name)}
      >
        <StateMark
          state={state}
          name={stateName(state, trans.__.bind(trans))}
          percent={step ? percent(step) : null}
        />
        <span className="pj-name" role="gridcell" id={label}>
          <b title={name}>{name}</b>
          {name === current && (
            <span className="pj-tag">{trans.__('this notebook')}</span>
          )}
        </span>
        <span className="pj-right" role="gridcell">
          {work ? (
            <Button
              size="row"
              describedBy={label}
              disabled={!work.can_cancel}
              onClick={() => action.run(() => model.cancel(work.id))}
            >
              {trans.__('Cancel')}
            </Button>
          ) : state === 'installed' ? (
            <span>{environment.size !== null && bytes(environment.size)}</span>
          ) : environment.runs_here ? (
            <Button
              size="row"
              describedBy={label}
              disabled={!mayWrite}
              onClick={start}
            >
              {state === 'broken' ? trans.__('Repair') : trans.__('Install')}
            </Button>
          ) : null}
        </span>
        {work ? (
          <Working work={work} environment={name} />
        ) : (
          environment.reason && (
            <div className="pj-sub">{environment.reason}</div>
          )
        )}
      </div>
      {action.error && <ErrorNote error={action.error} />}
      {failure?.error && !work && state !== 'installed' && (
        <ErrorNote
          error={failure.error}
          title={trans.__('%1 could not be installed', name)}
        >
          <Button kind="accept" size="row" disabled={!mayWrite} onClick={start}>
            {trans.__('Try again')}
          </Button>
        </ErrorNote>
      )}
    </>
  );
}

function Working(props: {
  work: IOperation;
  environment: string;
}): JSX.Element {
  const { trans } = usePanel();
  const { work } = props;
  const told = amount(work);
  const phase =
    work.state === 'queued'
      ? trans.__('Waits its turn')
      : phaseName(work.phase, trans);
  const text = [phase, work.unit === 'bytes' ? '' : told]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="pj-sub">
      <div className="pj-line">
        <span className="pj-cut">
          {text}
          {work.phase === 'waiting' && work.label ? `: ${work.label}` : ''}
        </span>
        <span>{work.unit === 'bytes' ? told : ''}</span>
      </div>
      <Bar
        percent={percent(work)}
        label={trans.__('Installing %1', props.environment)}
        text={`${phase} ${told}`.trim()}
      />
    </div>
  );
}

/** The failure that the last operation on an environment ended with, if it did. */
function lastFailure(
  operations: readonly IOperation[],
  environment: string
): IOperation | null {
  const last = operations.find(
    each =>
      ['install', 'reinstall', 'ensure_installed'].includes(each.verb) &&
      (each.environment ?? 'default') === environment &&
      isOver(each)
  );
  return last?.state === 'failed' ? last : null;
}

/** Name the state of an environment in the words that all faces share. */
export function stateName(
  state: string,
  translate: (text: string) => string
): string {
  switch (state) {
    case 'installed':
      return translate('Installed');
    case 'outdated':
      return translate('Out of date');
    case 'broken':
      return translate('Broken');
    case 'installing':
      return translate('Installing');
    default:
      return translate('Not installed');
  }
}
