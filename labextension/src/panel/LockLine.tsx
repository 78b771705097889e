import * as React from 'react';

import { isOver } from '../model';
import { IReason } from '../wire';
import { useAction, useModel, usePanel } from './context';
import { Button, ErrorNote, Icon, IconButton } from './elements';

/** Whether the lock fits the manifest; if not, why, and what brings it up to date. */
export function LockLine(): JSX.Element | null {
  const { trans } = usePanel();
  const model = useModel('lock', 'operations', 'workspace');
  const { lock, workspace } = model;
  const [isOpen, setOpen] = React.useState(true);
  if (!lock) {
    return null;
  }
  const count = lock.reasons.length;
  const words = {
    fresh: trans.__('Lock up to date'),
    stale: trans.__('Lock out of date'),
    missing: trans.__('No lock yet'),
    broken: trans.__('The lock cannot be read')
  }[lock.state];
  const isRight = lock.state === 'fresh';
  const platforms = workspace?.platforms.length ?? 0;
  return (
    <>
      <div className="pj-Lock" data-state={isRight ? 'ok' : 'outdated'}>
        <Icon name="lock" />
        <span>{words}</span>
        {count > 0 && (
          <span className="pj-meta">
            {trans._n('%1 reason', '%1 reasons', count)}
          </span>
        )}
        <span className="pj-sp" />
        {isRight ? (
          <span className="pj-Lock-meta">
            {trans._n('%1 platform', '%1 platforms', platforms)}
          </span>
        ) : (
          <IconButton
            icon={isOpen ? 'down' : 'right'}
            label={isOpen ? trans.__('Hide reasons') : trans.__('Show reasons')}
            expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          />
        )}
      </div>
      {!isRight && isOpen && <Reasons reasons={lock.reasons} />}
    </>
  );
}

function Reasons(props: { reasons: IReason[] }): JSX.Element {
  const { trans, host } = usePanel();
  const { workspace, lock, operations } = useModel(
    'operations',
    'lock',
    'workspace'
  );
  const model = usePanel().model;
  const action = useAction();
  const manifest = workspace?.path ?? null;
  const file = workspace?.shown.split('/').pop() ?? 'pixi.toml';
  const work = operations.find(each => each.verb === 'lock' && !isOver(each));
  const failed = operations.find(each => each.verb === 'lock');
  const mayWrite = workspace?.may.write ?? false;
  return (
    <>
      <ul className="pj-reasons">
        {props.reasons.map(reason => (
          <li key={`${reason.text} ${reason.line}`}>
            {reason.text}
            <br />
            <span>
              {[...reason.environments, ...reason.platforms].join(', ')}
              {reason.line !== null && ' · '}
              {reason.line !== null && manifest !== null && (
                <button
                  type="button"
                  className="pj-link"
                  onClick={() => host.openFile(manifest, reason.line)}
                >
                  {file}:{reason.line}
                </button>
              )}
            </span>
          </li>
        ))}
        {lock?.error && <li>{lock.error.message}</li>}
        <li className="pj-acts">
          {work ? (
            <Button onClick={() => action.run(() => model.cancel(work.id))}>
              {trans.__('Cancel')}
            </Button>
          ) : (
            <Button
              disabled={!mayWrite}
              onClick={() => action.run(() => model.start('lock', {}))}
            >
              {trans.__('Update lock')}
            </Button>
          )}
          {work && <span className="pj-meta">{trans.__('Solving')}</span>}
        </li>
      </ul>
      {action.error && <ErrorNote error={action.error} />}
      {!work && failed?.state === 'failed' && failed.error && (
        <ErrorNote error={failed.error} />
      )}
    </>
  );
}
