import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Dialog, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { KernelBadge } from './badge';
import { KernelBanner } from './banner';
import { CommandIDs } from './commands';
import { KernelStarts } from './kernels';
import { missingFactory } from './missing';
import { NotebookKernel } from './notebookkernel';
import { IPixi } from './tokens';
import { TRUST_CLASS } from './trustdialog';

/** When a dialog is looked at after it came. */
const DRAWN_MS = [0, 60, 250];

/** The environment in a notebook's toolbar, the start of its kernel below it. */
export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'pixi-jupyter:notebook',
  description: 'Shows and switches the pixi environment of a notebook.',
  autoStart: true,
  requires: [IPixi, INotebookTracker],
  optional: [IToolbarWidgetRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IPixi,
    tracker: INotebookTracker,
    toolbar: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('pixi_jupyter');
    const { events, kernelspecs } = app.serviceManager;
    const starts = new KernelStarts(model, events);
    const kernels = new WeakMap<NotebookPanel, NotebookKernel>();

    const kernelOf = (notebook: NotebookPanel): NotebookKernel => {
      const known = kernels.get(notebook);
      const kernel =
        known ?? new NotebookKernel(notebook, model, starts, kernelspecs);
      kernels.set(notebook, kernel);
      return kernel;
    };
    const openPanel = (): void => {
      void app.commands.execute(CommandIDs.open);
    };

    toolbar?.addFactory<NotebookPanel>(
      'Notebook',
      'pixi-environment',
      (notebook): Widget =>
        new KernelBadge(kernelOf(notebook), trans, openPanel)
    );
    const attach = (notebook: NotebookPanel): void => {
      const kernel = kernelOf(notebook);
      const banner = new KernelBanner(
        {
          trans,
          start: () => kernel.start,
          cancel: () => kernel.cancel(),
          again: environment => kernel.again(environment),
          has: name => kernel.choices.some(each => each.environment === name),
          get fix() {
            return kernel.canFix ? kernel.fix.bind(kernel) : null;
          }
        },
        notebook
      );
      notebook.contentHeader.addWidget(banner);
      kernel.changed.connect(() => banner.refresh());
      banner.refresh();
      notebook.content.rendermime.addFactory(missingFactory(notebook, trans));
    };
    tracker.forEach(attach);
    tracker.widgetAdded.connect((_, notebook) => attach(notebook));

    // the banner tells the same, with a button that helps, and hides nothing
    const spare = (dialog: Dialog<unknown>): void => {
      if (dialog.isDisposed || dialog.hasClass(TRUST_CLASS)) {
        return;
      }
      const text = dialog.node.textContent ?? '';
      if (starts.failures.some(message => text.includes(message))) {
        dialog.reject();
      }
    };
    Dialog.tracker.widgetAdded.connect((_, dialog) => {
      // what it says is drawn after it was added
      DRAWN_MS.forEach(delay => setTimeout(() => spare(dialog), delay));
    });
    starts.changed.connect(() => Dialog.tracker.forEach(spare));
  }
};
