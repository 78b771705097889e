import * as React from 'react';

import {
  download,
  folded,
  grouped,
  IChangeLine,
  onPlatform,
  uneven
} from '../changes';
import { bytes } from '../format';
import { IChange, IChanged } from '../wire';
import { useModel, usePanel } from './context';
import { Icon } from './elements';

/** How many packages that change on some platforms only are named. */
const NAMED = 3;

/** What a change writes into the manifest. */
export interface IFact {
  title: string;
  text: string;
  where: string;
}

/** What a change would do: first what was asked for, then what comes with it. */
export function Preview(props: {
  changed: IChanged;
  asked: readonly string[];
  /** Whether a newer answer is on its way. */
  isOld?: boolean;
  /** What the manifest would say. */
  fact?: IFact | null;
}): JSX.Element {
  const { trans } = usePanel();
  const { changes } = props.changed;
  const [isOpen, setOpen] = React.useState(false);
  const lines = grouped(changes, props.asked);
  const list = folded(lines);
  const shown = isOpen ? lines : list.shown;
  return (
    <div
      className={props.isOld ? 'pj-Preview pj-mod-old' : 'pj-Preview'}
      aria-busy={props.isOld ?? false}
    >
      <h4 className="pj-Preview-title">
        <span>{trans.__('What would change')}</span>
        <span className="pj-n">{lines.length}</span>
        <span className="pj-sp" />
        <span className="pj-n">{trans.__('nothing done yet')}</span>
      </h4>
      {lines.length === 0 && (
        <p className="pj-Preview-none">
          {trans.__('No installed version would change.')}
        </p>
      )}
      <div
        className="pj-Diff"
        role="list"
        aria-label={trans.__('What would change')}
      >
        {shown.map(line => (
          <Line
            key={`${line.kind} ${line.name} ${line.before} ${line.after}`}
            line={line}
          />
        ))}
        {list.folded.length > 0 && (
          <div role="listitem">
            <Icon name={isOpen ? 'down' : 'right'} />
            <button
              type="button"
              className="pj-fold"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? trans.__('Show fewer') : <Rest lines={list.folded} />}
            </button>
          </div>
        )}
      </div>
      <Facts changes={changes} lines={lines} fact={props.fact ?? null} />
    </div>
  );
}

function Rest(props: { lines: IChangeLine[] }): JSX.Element {
  const { trans } = usePanel();
  const size = download(props.lines);
  const words = trans._n(
    'and %1 more comes with these',
    'and %1 more come with these',
    props.lines.length
  );
  return <>{size === null ? words : `${words}, ${bytes(size)}`}</>;
}

function Line(props: { line: IChangeLine }): JSX.Element {
  const { trans } = usePanel();
  const { name, kind, group, before, after } = props.line;
  const [icon, mark, word] = {
    added: ['plus', 'pj-plus', trans.__('added')],
    removed: ['minus', 'pj-minus', trans.__('removed')],
    upgraded: ['up', 'pj-up', trans.__('upgraded')],
    downgraded: ['downa', 'pj-down', trans.__('downgraded')],
    changed: ['refresh', 'pj-up', trans.__('another build')]
  }[kind] as [string, string, string];
  const note =
    kind === 'downgraded'
      ? trans.__('downgrade')
      : kind === 'changed'
        ? trans.__('another build')
        : kind === 'removed' && group !== 'asked'
          ? trans.__('not needed')
          : '';
  return (
    <div role="listitem" data-change={kind}>
      <i className={`pj-i i-${icon} ${mark}`} role="img" aria-label={word} />
      <span className="pj-cut" title={name}>
        {name} {note && <span className="pj-quiet">{note}</span>}
      </span>
      <span>
        {before !== null && before !== after && (
          <s>{after === null ? before : `${before} → `}</s>
        )}
        {after}
      </span>
    </div>
  );
}

function Facts(props: {
  changes: IChange[];
  lines: IChangeLine[];
  fact: IFact | null;
}): JSX.Element {
  const { trans } = usePanel();
  const model = useModel('environments', 'packages');
  const size = download(grouped(onPlatform(props.changes, model.platform)));
  const platforms = unique(props.lines.flatMap(line => line.platforms));
  const environments = unique(props.lines.flatMap(line => line.environments));
  const others = environments.filter(name => name !== model.selected);
  const group = model.environments.find(
    each => each.name === model.selected
  )?.solve_group;
  const isMate = (name: string): boolean =>
    !!group &&
    model.environments.find(each => each.name === name)?.solve_group === group;
  const some = uneven(props.lines);
  return (
    <dl className="pj-facts">
      {props.fact && (
        <>
          <dt>{props.fact.title}</dt>
          <dd>
            {props.fact.text}
            {props.fact.text && props.fact.where && <br />}
            <span>{props.fact.where}</span>
          </dd>
        </>
      )}
      {size !== null && (
        <>
          <dt>{trans.__('Download')}</dt>
          <dd className="pj-num">{bytes(size)}</dd>
        </>
      )}
      {platforms.length > 0 && (
        <>
          <dt>{trans.__('Platforms')}</dt>
          <dd>
            {platforms.join(', ')}
            {some.slice(0, NAMED).map(line => (
              <React.Fragment key={`${line.name} ${line.after}`}>
                <br />
                <span>
                  {trans.__(
                    '%1 changes on %2 only',
                    line.name,
                    line.platforms.join(', ')
                  )}
                </span>
              </React.Fragment>
            ))}
            {some.length > NAMED && (
              <>
                <br />
                <span>
                  {trans._n(
                    'so does %1 more',
                    'so do %1 more',
                    some.length - NAMED
                  )}
                </span>
              </>
            )}
          </dd>
        </>
      )}
      {others.length > 0 && (
        <>
          <dt>{trans.__('Also in')}</dt>
          <dd>
            {others.join(', ')}
            {others.some(isMate) && (
              <span> · {trans.__('same solve group')}</span>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
