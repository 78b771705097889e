import {
  ILayoutRestorer,
  ILabShell,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addCommands } from './commands';
import { logoIcon } from './icons';
import { PixiModel } from './model';
import { IPanelHost } from './panel/context';
import { PixiPanel } from './panel/Panel';
import { Place } from './place';
import { ServerTransport } from './request';
import { Settings } from './settings';
import { IPixi } from './tokens';

/** The model that everything of ours listens to. */
export const modelPlugin: JupyterFrontEndPlugin<IPixi> = {
  id: 'pixi-jupyter:model',
  description: 'Keeps what is known of the current pixi workspace.',
  autoStart: true,
  provides: IPixi,
  activate: (app: JupyterFrontEnd): IPixi =>
    new PixiModel(new ServerTransport(app.serviceManager))
};

/** The panel in the left sidebar, and its commands. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'pixi-jupyter:plugin',
  description: 'A sidebar panel for the environments of pixi workspaces.',
  autoStart: true,
  requires: [IPixi],
  optional: [
    INotebookTracker,
    IDefaultFileBrowser,
    IDocumentManager,
    ICommandPalette,
    ILayoutRestorer,
    ITranslator,
    ILabShell,
    ISettingRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IPixi,
    notebooks: INotebookTracker | null,
    browser: IDefaultFileBrowser | null,
    documents: IDocumentManager | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null,
    _shell: ILabShell | null,
    registry: ISettingRegistry | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('pixi_jupyter');
    const settings = new Settings();
    const place = new Place(settings, path => void model.setPath(path));

    const follow = (): void => {
      const notebook = notebooks?.currentWidget?.context.path;
      place.go(notebook ?? browser?.model.path ?? '');
    };
    const host: IPanelHost = {
      choose: path => {
        place.choose(path);
        follow();
      },
      get settings() {
        return settings.values;
      },
      openFile: (path, line) => void openAt(app, documents, path, line),
      openTerminal: app.commands.hasCommand('terminal:create-new')
        ? folder =>
            void app.commands.execute('terminal:create-new', { cwd: folder })
        : null
    };
    const panel = new PixiPanel(model, trans, host);
    panel.title.icon = logoIcon;
    panel.title.caption = trans.__('Pixi');
    app.shell.add(panel, 'left', { rank: 450, type: 'Pixi' });
    restorer?.add(panel, panel.id);

    const showCurrent = (): void => {
      const kernel =
        notebooks?.currentWidget?.sessionContext.session?.kernel?.name;
      const found = model.environments.find(each => each.kernel === kernel);
      panel.current = found?.name ?? '';
    };
    notebooks?.currentChanged.connect((_, notebook) => {
      if (notebook) {
        place.leave();
      }
      follow();
      showCurrent();
      notebook?.sessionContext.kernelChanged.connect(showCurrent);
    });
    browser?.model.pathChanged.connect(() => {
      if (!notebooks?.currentWidget) {
        follow();
      }
    });
    // launcher and picker show which environments are installed
    let states = '';
    const refreshSpecs = (): void => {
      const now = model.environments
        .map(each => `${each.kernel} ${each.state}`)
        .join();
      if (states && now !== states) {
        void app.serviceManager.kernelspecs.refreshSpecs();
      }
      states = now;
    };
    model.changed.connect((_, part) => {
      if (part === 'environments') {
        showCurrent();
        refreshSpecs();
      }
    });
    addCommands(app, model, panel, trans, palette, settings);
    settings.changed.connect(() => {
      model.keptLines = settings.values.keptLines;
      const { showBadge } = settings.values;
      document.body.classList.toggle('pj-mod-no-badge', !showBadge);
      follow();
    });
    const read = registry
      ? settings.follow(registry).catch(reason => {
          console.warn('pixi-jupyter: the settings could not be read', reason);
        })
      : undefined;
    void Promise.all([app.restored, read]).then(() => {
      place.isReady = true;
      follow();
    });
  }
};

/** Open a file in an editor, with a line of it in sight. */
async function openAt(
  app: JupyterFrontEnd,
  documents: IDocumentManager | null,
  path: string,
  line: number | null
): Promise<void> {
  const widget = documents?.openOrReveal(path, 'Editor');
  if (!widget || line === null) {
    return;
  }
  await widget.context.ready;
  app.shell.activateById(widget.id);
  const goTo = 'fileeditor:go-to-line';
  if (app.commands.hasCommand(goTo) && PathExt.basename(path)) {
    await app.commands.execute(goTo, { line, column: 0 });
  }
}
