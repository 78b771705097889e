import { ReactWidget } from '@jupyterlab/ui-components';
import { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { PixiModel } from '../model';
import { AddView } from './AddView';
import { useAnnouncements } from './announcements';
import {
  IPanelContext,
  IPanelHost,
  PanelContext,
  useModel,
  View
} from './context';
import { Environments } from './Environments';
import { Head } from './Head';
import { History } from './History';
import { LockLine } from './LockLine';
import { NoWorkspace } from './NoWorkspace';
import { Packages } from './Packages';
import { Problem } from './Problem';
import { Tasks } from './Tasks';
import { WhyView } from './WhyView';

export const PANEL_ID = 'pixi-jupyter-panel';

/** The panel in the left sidebar. */
export class PixiPanel extends ReactWidget {
  constructor(
    private readonly _model: PixiModel,
    private readonly _trans: TranslationBundle,
    private readonly _host: IPanelHost
  ) {
    super();
    this.id = PANEL_ID;
    this.addClass('pj-Panel');
    this.addClass('jp-ThemedContainer');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _trans.__('Pixi'));
  }

  /** The environment of the current notebook's kernel; empty for none. */
  set current(environment: string) {
    if (environment !== this._current) {
      this._current = environment;
      this.update();
    }
  }

  /** Go to a view. */
  open(view: View): void {
    this._opened.emit(view);
  }

  /** Put the focus on the first task, with its section in sight. */
  focusTasks(): void {
    this.open({ kind: 'panel' });
    requestAnimationFrame(() => {
      const row = this.node.querySelector<HTMLElement>('[data-task]');
      const fold = this.node.querySelector<HTMLElement>(
        '.pj-TaskSec .pj-Sec-fold'
      );
      (row ?? fold)?.focus();
    });
  }

  protected override render(): JSX.Element {
    return (
      <Body
        model={this._model}
        trans={this._trans}
        host={this._host}
        current={this._current}
        opened={this._opened}
      />
    );
  }

  private _current = '';
  private readonly _opened = new Signal<this, View>(this);
}

function Body(props: {
  model: PixiModel;
  trans: TranslationBundle;
  host: IPanelHost;
  current: string;
  opened: Signal<PixiPanel, View>;
}): JSX.Element {
  const [view, setView] = React.useState<View>({ kind: 'panel' });
  const [said, setSaid] = React.useState('');
  React.useEffect(() => {
    const opened = (_: unknown, next: View): void => setView(next);
    props.opened.connect(opened);
    return () => void props.opened.disconnect(opened);
  }, [props.opened]);
  const { model, trans, host, current } = props;
  useAnnouncements(model, trans, setSaid);
  const context: IPanelContext = React.useMemo(
    () => ({ model, trans, host, current, show: setView, announce: setSaid }),
    [model, trans, host, current]
  );
  return (
    <PanelContext.Provider value={context}>
      <Views view={view} />
      <div className="pj-Live" aria-live="polite">
        {said}
      </div>
    </PanelContext.Provider>
  );
}

function Views(props: { view: View }): JSX.Element | null {
  const { view } = props;
  const { workspace } = useModel('workspace');
  if (!workspace) {
    return <Problem />;
  }
  if (!workspace.found) {
    return <NoWorkspace />;
  }
  if (view.kind === 'add') {
    return <AddView query={view.query} chosen={view.chosen} />;
  }
  if (view.kind === 'why') {
    return <WhyView name={view.name} />;
  }
  return (
    <>
      <Head />
      {workspace.error ? <Problem /> : <LockLine />}
      <div className={workspace.error ? 'pj-Body pj-mod-dim' : 'pj-Body'}>
        <Environments />
        <Packages />
        <Tasks />
        <History />
      </div>
    </>
  );
}
