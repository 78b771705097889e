import * as React from 'react';

import { useAction, useModel, usePanel } from './context';
import { Button, ErrorNote, Icon } from './elements';
import { Head } from './Head';

/** No manifest in sight: one button makes one. */
export function NoWorkspace(): JSX.Element {
  const { trans, host } = usePanel();
  const model = useModel('workspace', 'operations');
  const { workspace } = model;
  const action = useAction();
  const [isBusy, setBusy] = React.useState(false);
  const mayWrite = workspace?.may.write ?? false;
  const follow = (verb: string, request: Record<string, unknown>): void =>
    action.run(async () => {
      setBusy(true);
      try {
        const operation = await model.start(verb, request);
        const done = await model.whenDone(operation.id);
        if (done.error) {
          throw done;
        }
        await model.refresh();
      } finally {
        setBusy(false);
      }
    });
  const sources = workspace?.sources ?? [];
  const others = workspace?.choices ?? [];
  return (
    <>
      <Head />
      <div className="pj-Empty">
        <Icon name="logo" className="pj-mod-logo" />
        <h2>{trans.__('No environment here yet')}</h2>
        <p>
          {trans.__(
            'Make a workspace, and every notebook in this folder gets the same packages, on every computer.'
          )}
        </p>
        <Button
          kind="accept"
          disabled={!mayWrite || isBusy}
          onClick={() => follow('init', {})}
        >
          {trans.__('Create workspace')}
        </Button>
        <p className="pj-meta">
          {trans.__('Writes pixi.toml in this folder. Installs nothing yet.')}
        </p>
        {action.error && <ErrorNote error={action.error} />}
      </div>
      {sources.length > 0 && (
        <section className="pj-Sec">
          <h3 className="pj-Sec-title">{trans.__('Or start from')}</h3>
          {sources.map(source => (
            <div key={source.path} className="pj-Row" role="row" tabIndex={0}>
              <Icon name="file" />
              <span className="pj-name">
                <b>{source.path.split('/').pop()}</b>
              </span>
              <Button
                size="row"
                disabled={!mayWrite || isBusy}
                onClick={() => follow('init', { import_file: source.path })}
              >
                {trans.__('Import')}
              </Button>
            </div>
          ))}
        </section>
      )}
      {others.length > 0 && (
        <section className="pj-Sec">
          <h3 className="pj-Sec-title">{trans.__('Other workspaces')}</h3>
          {others.map(each => (
            <div
              key={each.path}
              className="pj-Row"
              role="row"
              tabIndex={0}
              onClick={() => host.choose(each.path)}
            >
              <Icon name="folder" />
              <span className="pj-name">
                <b>{each.name}</b>
                <span className="pj-meta pj-cut">{each.path}</span>
              </span>
            </div>
          ))}
        </section>
      )}
    </>
  );
}
