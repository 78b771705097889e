import * as React from 'react';

import { useModel, usePanel } from './context';
import { Button, ErrorNote } from './elements';

/** Why the workspace cannot be shown, and where to mend it. */
export function Problem(): JSX.Element | null {
  const { trans, host } = usePanel();
  const model = useModel('workspace');
  const { workspace, readAt } = model;
  const error = workspace?.error ?? model.errors.get('workspace');
  if (!error) {
    return null;
  }
  const file = workspace?.shown.split('/').pop() ?? '';
  const path = workspace?.path ?? null;
  const isManifest = !!workspace?.error;
  return (
    <>
      <ErrorNote
        error={error}
        title={
          isManifest
            ? trans.__('%1 cannot be read', file)
            : trans.__('The server does not answer')
        }
      >
        {isManifest && path !== null && (
          <Button
            kind="accept"
            size="row"
            onClick={() => host.openFile(path, error.line ?? null)}
          >
            {trans.__('Open %1', file)}
          </Button>
        )}
        <Button size="row" onClick={() => void model.refresh()}>
          {trans.__('Try again')}
        </Button>
      </ErrorNote>
      {isManifest && readAt && model.environments.length > 0 && (
        <p className="pj-Below">
          {trans.__(
            'Below: as it was at %1. Kernels keep running.',
            readAt.toLocaleTimeString([], {
              hour: '2-digit',
              minute: '2-digit'
            })
          )}
        </p>
      )}
    </>
  );
}
