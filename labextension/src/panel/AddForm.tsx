import * as React from 'react';

import { normalised } from '../changes';
import { specOf } from '../specs';
import { isSame, ITable, requestOf, tableChoices, usualTable } from '../tables';
import { IFound, IPackage } from '../wire';
import { TableField, VersionField } from './AddFields';
import { Back } from './Back';
import { Busy, Solving } from './Busy';
import { IChosen, useModel, usePanel } from './context';
import { Button, ErrorNote } from './elements';
import { keptOf, keyOf } from './kept';
import { Preview } from './Preview';
import { usePreview, useWork } from './work';

/** Milliseconds after the last key of a requirement before it is solved. */
const PAUSE = 400;

/** A package that was chosen: which version, into which table, to what effect. */
export function AddForm(props: {
  chosen: IChosen;
  onBack: () => void;
}): JSX.Element {
  const { trans, show, announce } = usePanel();
  const model = useModel('workspace', 'environments', 'packages');
  const { chosen } = props;
  const { name, kind } = chosen;
  const features = model.workspace?.features ?? [];
  const choices = tableChoices(features, model.environments, kind === 'pypi');
  const here = model.environments.find(each => each.name === model.selected);
  const present = presentOf(model.packages(), chosen);
  const [table, setTable] = React.useState<ITable>(
    chosen.table ?? usualTable(features, here)
  );
  const asked = present?.requested ?? '';
  const [requirement, setRequirement] = React.useState(
    chosen.requirement || (chosen.table ? asked : '')
  );
  const versions = useVersions(chosen);
  const settled = useSettled(requirement);
  const work = useWork();
  const request = {
    specs: [specOf(name, settled, kind)],
    ...requestOf(table),
    ...(kind === 'pypi' && { pypi: true })
  };
  const preview = usePreview('add', work.isBusy ? null : request);
  const last = React.useRef(preview.changed);
  last.current = preview.error ? null : (preview.changed ?? last.current);
  const isReady = preview.state === 'ready' && settled === requirement;
  const choice = choices.find(each => isSame(each.table, table));
  const add = async (): Promise<void> => {
    if (await work.run('add', request)) {
      announce(
        chosen.table
          ? trans.__('%1 is changed.', name)
          : trans.__('%1 is added.', name)
      );
      Object.assign(keptOf(model), {
        query: '',
        tab: 'explicit',
        open: null,
        active: keyOf(chosen),
        wantsFocus: true,
        back: null
      });
      show({ kind: 'panel' });
    }
  };
  const spec = last.current?.added?.find(
    each => normalised(each.name) === normalised(name)
  )?.spec;
  const error = work.error ?? preview.error;
  return (
    <div
      className="pj-View"
      onKeyDown={event => {
        if (event.key === 'Escape' && !work.isBusy) {
          event.stopPropagation();
          props.onBack();
        }
      }}
    >
      <Back
        title={
          chosen.table
            ? trans.__('Version of %1', name)
            : trans.__('Add package')
        }
        onBack={props.onBack}
      />
      <div className="pj-View-body">
        <div className="pj-Hit pj-mod-chosen">
          <b className="pj-cut">{name}</b>
          <span className="pj-src">
            {kind === 'pypi' ? 'PyPI' : chosen.channel}
          </span>
          <span className="pj-cut" title={chosen.summary}>
            {chosen.summary}
          </span>
        </div>
        <div className="pj-form">
          <label htmlFor="pj-add-table">{trans.__('Add to')}</label>
          <TableField
            choices={choices}
            table={table}
            disabled={work.isBusy}
            onChoose={setTable}
          />
          <VersionField
            versions={versions}
            requirement={requirement}
            isPresent={!!chosen.table}
            disabled={work.isBusy}
            onChoose={setRequirement}
          />
        </div>
        {last.current && (
          <Preview
            changed={last.current}
            asked={[name]}
            isOld={!isReady}
            fact={
              spec === undefined
                ? null
                : {
                    title: trans.__('Writes'),
                    text: `${name} ${spec}`,
                    where: choice?.title ?? ''
                  }
            }
          />
        )}
        {error && (
          <ErrorNote
            error={error}
            title={
              ['unsatisfiable', 'pypi-resolution'].includes(error.code)
                ? trans.__('These do not go together')
                : trans.__('%1 cannot be added', name)
            }
          />
        )}
      </div>
      <div className="pj-Foot">
        {work.isBusy ? (
          <Busy work={work} />
        ) : (
          <>
            <span className="pj-meta">
              {preview.state === 'solving' ? (
                <Solving />
              ) : error ? (
                trans.__('Nothing has changed yet')
              ) : null}
            </span>
            <Button onClick={props.onBack}>{trans.__('Cancel')}</Button>
            <Button
              kind="accept"
              disabled={!isReady}
              onClick={() => void add()}
            >
              {chosen.table ? trans.__('Update') : trans.__('Add package')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function presentOf(
  packages: readonly IPackage[] | null,
  chosen: IChosen
): IPackage | undefined {
  return packages?.find(
    each =>
      each.is_explicit &&
      each.kind === chosen.kind &&
      normalised(each.name) === normalised(chosen.name)
  );
}

/** The versions to choose from; those of a package from a list are looked up. */
function useVersions(chosen: IChosen): string[] {
  const { model } = usePanel();
  const [versions, setVersions] = React.useState(chosen.versions ?? []);
  const { name, kind } = chosen;
  React.useEffect(() => {
    if (chosen.versions || kind === 'pypi') {
      return;
    }
    const abort = new AbortController();
    model
      .ask<{ results: IFound[] }>(
        'search',
        { query: name, limit: '5' },
        abort.signal
      )
      .then(({ results }) =>
        setVersions(results.find(each => each.name === name)?.versions ?? [])
      )
      .catch(() => undefined); // a requirement can still be written
    return () => abort.abort();
  }, [model, name, kind, chosen.versions]);
  return versions;
}

/** Give a text when nobody has typed for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = React.useState(text);
  React.useEffect(() => {
    const isTyped = text !== '' && !text.startsWith('==');
    const timer = setTimeout(() => setSettled(text), isTyped ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
