import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { errorOf } from './model';
import { ServerTransport } from './request';
import { IPixi } from './tokens';
import { Gate, Trust } from './trustgate';
import { carries, isOf, KERNEL_NAME, METADATA } from './trustwords';
import { IKernelEvent, KERNEL_EVENT } from './wire';

/** Commands by the names that other extensions may call them. */
export const TrustCommandIDs = {
  trust: 'pixi-jupyter:trust-notebook',
  init: 'pixi-jupyter:init-notebook'
} as const;

const NEEDED = 'notebook-consent-needed';
const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** Asks before the environment of a notebook from elsewhere is installed. */
export const trustPlugin: JupyterFrontEndPlugin<void> = {
  id: 'pixi-jupyter:trust',
  description: 'Asks before what a notebook brings is installed.',
  autoStart: true,
  requires: [IPixi, INotebookTracker],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IPixi,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('pixi_jupyter');
    const { serviceManager, commands } = app;
    const trust = new Trust(new ServerTransport(serviceManager), trans);
    const gates = new WeakMap<NotebookPanel, Gate>();
    const local = (path: string): string =>
      serviceManager.contents.localPath(path);
    const attach = (notebook: NotebookPanel): void => {
      gates.set(notebook, new Gate(notebook, trust, local));
    };
    tracker.forEach(attach);
    tracker.widgetAdded.connect((_, notebook) => attach(notebook));

    // a kernel that somebody chose by hand, or a server that asks for its own reasons
    serviceManager.events.stream.connect((_, event) => {
      if (event.schema_id !== KERNEL_EVENT) {
        return;
      }
      const { manifest, error } = event as unknown as IKernelEvent;
      if (error?.code === NEEDED) {
        const found = tracker.find(each =>
          isOf(manifest, local(each.context.path))
        );
        void (found && gates.get(found)?.ask());
      }
    });

    const current = (): Gate | null =>
      (tracker.currentWidget && gates.get(tracker.currentWidget)) ?? null;
    commands.addCommand(TrustCommandIDs.trust, {
      label: trans.__("Trust This Notebook's Environment…"),
      isEnabled: () => current()?.isWanted ?? false,
      describedBy: NO_ARGUMENTS,
      execute: async () => {
        const answer = await current()?.ask();
        if (answer === 'nothing') {
          Notification.info(trans.__('This notebook brings no environment.'));
        } else if (answer === 'unknown') {
          Notification.error(
            trans.__('The server did not say what it brings.')
          );
        }
      }
    });
    commands.addCommand(TrustCommandIDs.init, {
      label: trans.__('Give This Notebook Its Own Environment'),
      isEnabled: () => {
        const notebook = tracker.currentWidget;
        const metadata = notebook?.context.model.getMetadata(METADATA);
        const mayWrite = model.workspace?.may.write ?? false;
        return !!notebook && !carries(metadata) && mayWrite;
      },
      describedBy: NO_ARGUMENTS,
      execute: async () => {
        const notebook = tracker.currentWidget;
        if (!notebook) {
          return;
        }
        try {
          await giveOwn(notebook, local(notebook.context.path), model);
        } catch (reason) {
          Notification.error(errorOf(reason).message);
        }
      }
    });
    for (const command of Object.values(TrustCommandIDs)) {
      palette?.addItem({ command, category: trans.__('Pixi') });
    }
    const notify = (): void => {
      Object.values(TrustCommandIDs).forEach(each =>
        commands.notifyCommandChanged(each)
      );
    };
    tracker.currentChanged.connect(notify);
    model.changed.connect((_, part) => {
      if (part === 'workspace') {
        notify();
      }
    });
  }
};

/** Write a new environment into a notebook, and start the kernel in it. */
async function giveOwn(
  notebook: NotebookPanel,
  path: string,
  model: IPixi
): Promise<void> {
  const { context, sessionContext } = notebook;
  if (context.model.dirty) {
    await context.save();
  }
  const { id } = await model.start('init', { notebook: path });
  const { state, error } = await model.whenDone(id);
  if (state !== 'succeeded') {
    throw error ? { error } : new Error(state);
  }
  // it was written below the page
  await context.revert();
  await sessionContext.changeKernel({ name: KERNEL_NAME });
}
