import * as React from 'react';

import { normalised } from '../changes';
import { bytes } from '../format';
import { requestOf, tableOf } from '../tables';
import { IFound, IPackage } from '../wire';
import { Busy, Solving } from './Busy';
import { useModel, usePanel } from './context';
import { Button, ErrorNote } from './elements';
import { Preview } from './Preview';
import { usePreview, useWork } from './work';

/** How many of the packages that need one are named. */
const NAMED = 3;

/** What is known of one package, and what can be done with it. */
export function PackageDetail(props: {
  item: IPackage;
  isRemoving: boolean;
  onRemoving: (isRemoving: boolean) => void;
  onVersion: () => void;
  onRemoved: () => void;
}): JSX.Element {
  const { trans, announce } = usePanel();
  const model = useModel('workspace', 'environments');
  const { item } = props;
  const newer = useNewer(item);
  const environment = model.selected;
  const { workspace } = model;
  const mayWrite = !!workspace?.may.write && !workspace.error;
  const work = useWork();
  const update = async (): Promise<void> => {
    const wasThere = model.environments.some(
      each => each.name === environment && each.state === 'installed'
    );
    const isDone = await work.run('update', {
      packages: [item.name],
      environments: [environment]
    });
    if (!isDone) {
      return;
    }
    const now = model
      .packages(environment)
      ?.find(each => each.name === item.name && each.kind === item.kind);
    if (!now || now.version === item.version) {
      announce(
        trans.__('%1 %2 is the newest that fits.', item.name, item.version)
      );
      return;
    }
    announce(trans.__('%1 is locked at %2 now.', item.name, now.version));
    if (wasThere) {
      await work.run('install', { environments: [environment] });
    }
  };
  if (props.isRemoving) {
    return <Removal {...props} />;
  }
  return (
    <>
      <dl>
        <Why item={item} />
        {item.size !== null && (
          <>
            <dt>{trans.__('Size')}</dt>
            <dd className="pj-num">
              {bytes(item.size)} <span>{trans.__('download')}</span>
            </dd>
          </>
        )}
        {newer !== null && (
          <>
            <dt>{trans.__('Newer')}</dt>
            <dd className="pj-num">
              {newer} <span>{trans.__('in %1', item.source)}</span>
            </dd>
          </>
        )}
      </dl>
      {work.error && <ErrorNote error={work.error} />}
      {work.isBusy ? (
        <Busy work={work} />
      ) : (
        <div className="pj-acts">
          <Button disabled={!mayWrite} onClick={() => void update()}>
            {trans.__('Update')}
          </Button>
          <Button disabled={!mayWrite} onClick={props.onVersion}>
            {trans.__('Version…')}
          </Button>
          {item.is_explicit && (
            <Button disabled={!mayWrite} onClick={() => props.onRemoving(true)}>
              {trans.__('Remove')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Why(props: { item: IPackage }): JSX.Element {
  const { trans, host, show } = usePanel();
  const { workspace } = useModel('workspace');
  const { item } = props;
  const path = workspace?.path ?? null;
  const needed = item.needed_by;
  const more = needed.length - NAMED;
  return (
    <>
      <dt>{trans.__('Why')}</dt>
      {item.is_explicit && (
        <dd>
          {trans.__('You asked: %1', `${item.name} ${item.requested ?? ''}`)}
          {item.where !== null && <br />}
          {item.where !== null &&
            (path !== null && item.line !== null ? (
              <button
                type="button"
                className="pj-link"
                onClick={() => host.openFile(path, item.line)}
              >
                {item.where}
              </button>
            ) : (
              <span>{item.where}</span>
            ))}
        </dd>
      )}
      {item.is_explicit && needed.length > 0 && <dt />}
      {(needed.length > 0 || !item.is_explicit) && (
        <dd>
          {needed.length > 0
            ? trans.__('Needed by %1', needed.slice(0, NAMED).join(', '))
            : trans.__('Nothing here needs it')}{' '}
          {needed.length > 0 && (
            <button
              type="button"
              className="pj-link"
              aria-label={trans.__('What needs %1, as a tree', item.name)}
              onClick={() => show({ kind: 'why', name: item.name })}
            >
              {more > 0 ? `+${more}` : trans.__('tree')}
            </button>
          )}
        </dd>
      )}
      {needed.length === 0 && item.needs.length > 0 && (
        <>
          <dt>{trans.__('Needs')}</dt>
          <dd>
            {item.needs.slice(0, NAMED).join(', ')}{' '}
            <button
              type="button"
              className="pj-link"
              aria-label={trans.__('What %1 needs, as a tree', item.name)}
              onClick={() => show({ kind: 'why', name: item.name })}
            >
              {item.needs.length > NAMED
                ? `+${item.needs.length - NAMED}`
                : trans.__('tree')}
            </button>
          </dd>
        </>
      )}
    </>
  );
}

/** What a removal would take, and the button that does it. */
function Removal(props: {
  item: IPackage;
  onRemoving: (isRemoving: boolean) => void;
  onRemoved: () => void;
}): JSX.Element {
  const { trans, announce } = usePanel();
  const { item } = props;
  const work = useWork();
  const request = {
    names: [item.name],
    ...requestOf(tableOf(item.where)),
    ...(item.kind === 'pypi' && { pypi: true })
  };
  const preview = usePreview('remove', work.isBusy ? null : request);
  const actions = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    actions.current?.scrollIntoView({ block: 'nearest' });
  }, [preview.state]);
  const kept = React.useRef(preview.changed);
  kept.current = preview.changed ?? kept.current;
  const changed = preview.error ? null : kept.current;
  const remove = async (): Promise<void> => {
    if (await work.run('remove', request)) {
      announce(trans.__('%1 is removed.', item.name));
      props.onRemoved();
    }
  };
  const error = work.error ?? preview.error;
  return (
    <>
      {preview.state === 'solving' && !changed && <Solving />}
      {changed && (
        <Preview
          changed={changed}
          asked={[item.name]}
          isOld={preview.state === 'solving'}
          fact={
            item.where === null
              ? null
              : { title: trans.__('From'), text: '', where: item.where }
          }
        />
      )}
      {error && (
        <ErrorNote
          error={error}
          title={trans.__('%1 cannot be removed', item.name)}
        />
      )}
      {work.isBusy ? (
        <Busy work={work} />
      ) : (
        <div className="pj-acts" ref={actions}>
          <Button onClick={() => props.onRemoving(false)}>
            {trans.__('Cancel')}
          </Button>
          <Button
            kind="accept"
            disabled={preview.state !== 'ready'}
            onClick={() => void remove()}
          >
            {trans.__('Remove')}
          </Button>
        </div>
      )}
    </>
  );
}

/** Look whether the channels have a newer version; null while that is not known. */
function useNewer(item: IPackage): string | null {
  const { model } = usePanel();
  const [newer, setNewer] = React.useState<string | null>(null);
  const { name, version, kind } = item;
  React.useEffect(() => {
    setNewer(null);
    if (kind !== 'conda') {
      return;
    }
    const abort = new AbortController();
    model
      .ask<{ results: IFound[] }>(
        'search',
        { query: name, limit: '5' },
        abort.signal
      )
      .then(({ results }) => {
        const found = results.find(
          each => normalised(each.name) === normalised(name)
        );
        const at = found?.versions.indexOf(version) ?? -1;
        setNewer(at > 0 ? (found?.versions[0] ?? null) : null);
      })
      .catch(() => undefined); // no network: nothing is said of newer ones
    return () => abort.abort();
  }, [model, name, version, kind]);
  return newer;
}
