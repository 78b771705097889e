import * as React from 'react';

import { normalised } from '../changes';
import { number } from '../format';
import { errorOf } from '../model';
import { typed } from '../specs';
import { IError, IFound } from '../wire';
import { AddForm } from './AddForm';
import { IChosen, useModel, usePanel } from './context';
import { Button, ErrorNote, Icon } from './elements';
import { Back } from './Back';
import { Tabs } from './Tabs';

/** Milliseconds after the last key before channels are asked. */
const PAUSE = 150;

const FEWEST_LETTERS = 2;

/** Add a package: find it, see what it would change, then add it. */
export function AddView(props: {
  query: string;
  chosen?: IChosen | undefined;
}): JSX.Element {
  const { show } = usePanel();
  const [query, setQuery] = React.useState(props.query);
  const [chosen, setChosen] = React.useState(props.chosen ?? null);
  if (chosen) {
    return (
      <AddForm
        chosen={chosen}
        onBack={() =>
          props.chosen ? show({ kind: 'panel' }) : setChosen(null)
        }
      />
    );
  }
  return <Results query={query} onQuery={setQuery} onChoose={setChosen} />;
}

function Results(props: {
  query: string;
  onQuery: (query: string) => void;
  onChoose: (chosen: IChosen) => void;
}): JSX.Element {
  const { trans, show } = usePanel();
  const { query } = props;
  const { name, requirement } = typed(query);
  const [tab, setTab] = React.useState<'conda' | 'pypi'>('conda');
  const [active, setActive] = React.useState(0);
  const search = useSearch(name);
  const hits: IChosen[] =
    tab === 'conda'
      ? search.results.map(each => ({
          name: each.name,
          kind: 'conda',
          summary: each.summary,
          channel: each.channel,
          versions: each.versions,
          requirement
        }))
      : name
        ? [{ name, kind: 'pypi', requirement }]
        : [];
  React.useEffect(() => setActive(0), [tab, search.results]);
  const leave = (): void => show({ kind: 'panel' });
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hit = hits[active];
    if (step) {
      setActive(Math.min(hits.length - 1, Math.max(0, active + step)));
    } else if (event.key === 'Enter' && hit) {
      props.onChoose(hit);
    } else if (event.key === 'Escape' && query) {
      props.onQuery('');
    } else if (event.key === 'Escape') {
      leave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="pj-View">
      <Back title={trans.__('Add package')} onBack={leave} />
      <div className="pj-Sec-tools">
        <div className="pj-field">
          <Icon name="search" />
          <input
            autoFocus
            type="text"
            role="combobox"
            spellCheck={false}
            aria-label={trans.__('Package')}
            aria-expanded={hits.length > 0}
            aria-autocomplete="list"
            aria-controls="pj-hits"
            aria-activedescendant={
              hits.length > 0 ? `pj-hit-${active}` : undefined
            }
            placeholder={trans.__('Name of a package')}
            value={query}
            onChange={event => props.onQuery(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </div>
      </div>
      <Tabs
        label={trans.__('Where from')}
        current={tab}
        onChoose={id => setTab(id as 'conda' | 'pypi')}
        tabs={[
          {
            id: 'conda',
            title: search.results.length
              ? trans.__('Conda %1', number(search.results.length))
              : trans.__('Conda')
          },
          { id: 'pypi', title: trans.__('PyPI') }
        ]}
      />
      <div
        id="pj-hits"
        role="listbox"
        aria-label={trans.__('Results')}
        className={
          tab === 'conda' && search.isOld ? 'pj-Hits pj-mod-old' : 'pj-Hits'
        }
      >
        {hits.map((hit, index) => (
          <Hit
            key={`${hit.kind} ${hit.name}`}
            hit={hit}
            query={name}
            index={index}
            isActive={index === active}
            onClick={() => props.onChoose(hit)}
          />
        ))}
      </div>
      {tab === 'conda' && search.error && <ErrorNote error={search.error} />}
      {tab === 'conda' && search.hasNone && (
        <p className="pj-Hits-none">
          {trans.__('No package of the channels has %1 in its name.', name)}{' '}
          <button
            type="button"
            className="pj-link"
            onClick={() => setTab('pypi')}
          >
            {trans.__('Look on PyPI')}
          </button>
        </p>
      )}
      <div className="pj-Foot">
        <span className="pj-meta">
          {hits.length > 0 && trans.__('↑ ↓ choose · Enter preview')}
        </span>
        <Button onClick={leave}>{trans.__('Cancel')}</Button>
      </div>
    </div>
  );
}

function Hit(props: {
  hit: IChosen;
  query: string;
  index: number;
  isActive: boolean;
  onClick: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const model = useModel('packages');
  const { hit, isActive } = props;
  const row = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (isActive) {
      row.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [isActive]);
  const there = (model.packages() ?? []).find(
    each =>
      each.kind === hit.kind && normalised(each.name) === normalised(hit.name)
  );
  const isPyPI = hit.kind === 'pypi';
  return (
    <div
      ref={row}
      id={`pj-hit-${props.index}`}
      className="pj-Hit"
      role="option"
      data-package={hit.name}
      aria-selected={isActive}
      onClick={props.onClick}
    >
      <b className="pj-cut" title={hit.name}>
        {isPyPI ? (
          trans.__('Add %1 from PyPI', hit.name)
        ) : (
          <Marked text={hit.name} part={props.query} />
        )}
      </b>
      <span className="pj-ver">
        {there ? there.version : (hit.versions?.[0] ?? '')}
      </span>
      <span className="pj-cut" title={hit.summary}>
        {isPyPI
          ? trans.__('By its exact name; PyPI cannot be searched.')
          : hit.summary}
      </span>
      <span className="pj-src">
        {there
          ? trans.__('in %1', model.selected)
          : isPyPI
            ? 'PyPI'
            : hit.channel}
      </span>
    </div>
  );
}

function Marked(props: { text: string; part: string }): JSX.Element {
  const { text, part } = props;
  const at = part ? text.toLowerCase().indexOf(part.toLowerCase()) : -1;
  if (at < 0) {
    return <>{text}</>;
  }
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + part.length)}</mark>
      {text.slice(at + part.length)}
    </>
  );
}

interface ISearch {
  results: IFound[];
  /** Whether they answer what was typed before. */
  isOld: boolean;
  hasNone: boolean;
  error: IError | null;
}

/** Ask the channels for names; an answer that comes too late is dropped. */
function useSearch(query: string): ISearch {
  const { model } = usePanel();
  const [results, setResults] = React.useState<IFound[]>([]);
  const [answered, setAnswered] = React.useState('');
  const [error, setError] = React.useState<IError | null>(null);
  React.useEffect(() => {
    setError(null);
    if (query.length < FEWEST_LETTERS) {
      setResults([]);
      setAnswered('');
      return;
    }
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const found = await model.ask<{ results: IFound[] }>(
          'search',
          { query },
          abort.signal
        );
        if (!abort.signal.aborted) {
          setResults(found.results);
          setAnswered(query);
        }
      } catch (reason) {
        if (!abort.signal.aborted) {
          setError(errorOf(reason));
        }
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [model, query]);
  return {
    results,
    isOld: results.length > 0 && answered !== query,
    hasNone: !error && !!query && answered === query && results.length === 0,
    error
  };
}
