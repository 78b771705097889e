import { Notification } from '@jupyterlab/apputils';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { KernelMessage } from '@jupyterlab/services';
import { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { addCommand, IMissing, lastLine, missingOf } from './missingwords';

/** What a kernel says below a cell whose import found no module. */
export const MISSING = 'application/vnd.pixi-jupyter.missing+json';

/**
 * Show a missing module with a button that adds its package and runs the cell again.
 *
 * It is not called safe: what was not run by this person has the sentence alone.
 */
export function missingFactory(
  notebook: NotebookPanel,
  trans: TranslationBundle
): IRenderMime.IRendererFactory {
  return {
    safe: false,
    mimeTypes: [MISSING],
    defaultRank: 40,
    createRenderer: () => new Missing(notebook, trans)
  };
}

class Missing extends Widget implements IRenderMime.IRenderer {
  constructor(
    private readonly _notebook: NotebookPanel,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('pj-Missing');
    this._text.className = 'pj-Missing-text';
    this._text.setAttribute('role', 'status');
    this._button.type = 'button';
    this._button.className = 'pj-btn pj-mod-accept';
    this._button.onclick = () => void this._press();
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const found = missingOf(model.data[MISSING]);
    this._missing = found;
    this._text.textContent = found?.text ?? String(model.data['text/plain']);
    this._button.textContent = this._trans.__('Add and run again');
    this._button.hidden = !found;
    this.node.replaceChildren(this._text, this._button);
    return Promise.resolve();
  }

  private async _press(): Promise<void> {
    const kernel = this._notebook.sessionContext.session?.kernel;
    const missing = this._missing;
    if (!kernel || !missing) {
      return;
    }
    if (this._isBusy) {
      this._button.disabled = true;
      await kernel.interrupt();
      return;
    }
    this._begin(missing);
    const future = kernel.requestExecute({
      code: addCommand(missing),
      store_history: false,
      stop_on_error: false
    });
    let said = '';
    future.onIOPub = message => {
      const text = textOf(message);
      said = text || said;
      this._text.textContent = lastLine(text) || this._text.textContent;
    };
    try {
      const { content } = await future.done;
      await this._end(missing, content, said);
    } catch (reason) {
      this._stop(missing, String(reason));
    }
  }

  private _begin(missing: IMissing): void {
    this._isBusy = true;
    this._button.textContent = this._trans.__('Cancel');
    this._button.classList.remove('pj-mod-accept');
    this._text.textContent = this._trans.__('Adding %1', missing.package);
  }

  private async _end(
    missing: IMissing,
    content: KernelMessage.IExecuteReplyMsg['content'],
    said: string
  ): Promise<void> {
    if (content.status !== 'ok') {
      const why = content.status === 'error' ? content.evalue : '';
      this._stop(missing, why || this._trans.__('Nothing was changed.'));
      return;
    }
    const restart = said
      .split('\n')
      .find(line => /restart the kernel/.test(line));
    if (restart) {
      Notification.warning(restart);
    }
    const { content: cells, sessionContext } = this._notebook;
    const cell = cells.widgets.find(each => each.node.contains(this.node));
    if (cell) {
      await NotebookActions.runCells(cells, [cell], sessionContext);
    }
  }

  /** Say what went wrong, and let it be tried again. */
  private _stop(missing: IMissing, why: string): void {
    this._isBusy = false;
    this._button.disabled = false;
    this._button.textContent = this._trans.__('Add and run again');
    this._button.classList.add('pj-mod-accept');
    this._text.textContent = why;
    this._text.title = missing.text;
  }

  private readonly _button = document.createElement('button');
  private _isBusy = false;
  private _missing: IMissing | null = null;
  private readonly _text = document.createElement('div');
}

function textOf(message: KernelMessage.IIOPubMessage): string {
  const { content } = message as KernelMessage.IDisplayDataMsg;
  const text = (content.data as Record<string, unknown> | undefined)?.[
    'text/plain'
  ];
  return typeof text === 'string' ? text : '';
}
