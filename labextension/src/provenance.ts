import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Kernel, KernelMessage } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { ProvenanceBanner } from './provenancebanner';
import { Asked, KEY, markOf, stampOf, withStamp } from './stamps';
import { IPixi } from './tokens';

/** Marks each cell that is run with the environment that it was run in. */
export const provenancePlugin: JupyterFrontEndPlugin<void> = {
  id: 'pixi-jupyter:provenance',
  description: 'Writes into cells which environment made their outputs.',
  autoStart: true,
  requires: [INotebookTracker, IPixi],
  optional: [ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    tracker: INotebookTracker,
    model: IPixi,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('pixi_jupyter');
    const attach = (notebook: NotebookPanel): void => {
      new Marks(notebook);
      const banner = new ProvenanceBanner(notebook, model, trans);
      notebook.contentHeader.addWidget(banner);
    };
    tracker.forEach(attach);
    tracker.widgetAdded.connect((_, notebook) => attach(notebook));
  }
};

/** The marks of one open notebook. */
class Marks {
  constructor(private readonly _notebook: NotebookPanel) {
    const { sessionContext } = _notebook;
    sessionContext.kernelChanged.connect((_, change) => {
      change.oldValue?.anyMessage.disconnect(this._hear, this);
      this._follow(change.newValue);
    });
    this._follow(sessionContext.session?.kernel ?? null);
  }

  private _follow(kernel: Kernel.IKernelConnection | null): void {
    this._asked.clear();
    kernel?.anyMessage.connect(this._hear, this);
  }

  private _hear(_: unknown, { msg, direction }: Kernel.IAnyMessageArgs): void {
    if (direction === 'send') {
      if (msg.header.msg_type === 'execute_request') {
        this._asked.sent(msg.header.msg_id, msg.metadata.cellId);
      }
      return;
    }
    if (msg.header.msg_type !== 'execute_reply') {
      return;
    }
    const reply = msg as KernelMessage.IExecuteReplyMsg;
    const cell = this._asked.answered(reply.parent_header.msg_id);
    // what was not run is not marked, and keeps the mark of its outputs
    if (cell && (reply.content.status as string) !== 'aborted') {
      this._mark(cell, reply.metadata);
    }
  }

  private _mark(id: string, metadata: unknown): void {
    const model = this._notebook.isDisposed
      ? null
      : this._notebook.content.model;
    const cells = [...(model?.cells ?? [])];
    const cell = cells.find(each => each.id === id);
    if (!model || !cell) {
      return;
    }
    const stamp = stampOf(metadata);
    const before = markOf(cell.getMetadata(KEY));
    if (before === null && !stamp) {
      return;
    }
    // as the times of an execution, no step of its own to undo
    cell.sharedModel.transact(() => {
      if (!stamp) {
        cell.deleteMetadata(KEY);
      } else if (before !== stamp.environment) {
        cell.setMetadata(KEY, { environment: stamp.environment });
      }
    }, false);
    const used = new Set(
      cells.flatMap(each => markOf(each.getMetadata(KEY)) ?? [])
    );
    const own = withStamp(model.getMetadata(KEY), stamp, used);
    if (own) {
      model.sharedModel.transact(() => model.setMetadata(KEY, own), false);
    }
  }

  private readonly _asked = new Asked();
}
