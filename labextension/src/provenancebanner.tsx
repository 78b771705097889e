import { NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { PixiModel } from './model';
import { Button } from './panel/elements';
import { KEY } from './stamps';
import { IMadeNotebook, IProvenance } from './wire';

/** So many packages are listed. */
const MOST = 40;

/** Says over a notebook that outputs came from another environment than it has now. */
export class ProvenanceBanner extends ReactWidget {
  constructor(
    private readonly _notebook: NotebookPanel,
    private readonly _model: PixiModel,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('pj-BannerHost');
    this.hide();
    this._sizes = new ResizeObserver(() => this._fit());
    const { context } = _notebook;
    void context.ready.then(() => this.look());
    context.saveState.connect((_, state) => {
      if (state === 'completed') {
        void this.look();
      }
    });
  }

  override dispose(): void {
    this._sizes.disconnect();
    super.dispose();
  }

  /** Ask the server about the notebook as it was saved last. */
  async look(): Promise<void> {
    const own = this._notebook.content.model?.getMetadata(KEY);
    let found: IProvenance | null = null;
    if (own?.outputs && Object.keys(own.outputs).length) {
      const path = this._notebook.context.path;
      try {
        const route = 'notebook/provenance';
        const answer = await this._model.ask<IMadeNotebook>(route, { path });
        found = answer.provenance;
      } catch {
        // a notebook that cannot be read says so elsewhere
      }
    }
    if (this.isDisposed) {
      return;
    }
    this._found = found?.elsewhere ? found : null;
    this.setHidden(!this._found);
    if (this.isAttached) {
      this.update();
    }
  }

  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    // what is drawn has its size when it is there
    void this.renderPromise?.then(() => this._fit());
  }

  protected override render(): JSX.Element | null {
    return this._found && <Banner found={this._found} trans={this._trans} />;
  }

  /** Take as much room as the content needs, and leave in sight what was in sight. */
  private _fit(): void {
    const content = this.node.firstElementChild;
    if (content) {
      this._sizes.observe(content);
    }
    const height = this.isHidden
      ? 0
      : ((content as HTMLElement | null)?.offsetHeight ?? 0);
    if (height === this._height) {
      return;
    }
    const scrolled = this._notebook.content.outerNode;
    const top = scrolled.scrollTop;
    this.node.style.minHeight = `${height}px`;
    if (this.parent) {
      MessageLoop.sendMessage(this.parent, Widget.Msg.FitRequest);
    }
    if (top > 0) {
      scrolled.scrollTop = top + height - this._height;
    }
    this._height = height;
  }

  private _found: IProvenance | null = null;
  private _height = 0;
  private readonly _sizes: ResizeObserver;
}

function Banner(props: {
  found: IProvenance;
  trans: TranslationBundle;
}): JSX.Element {
  const { found, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  const [first, ...rest] = found.sentences;
  const differences = found.others.flatMap(each => each.differences ?? []);
  return (
    <div className="pj-Banner" data-kind="attn" role="status">
      <div className="pj-Banner-body">
        <div className="pj-Banner-text">
          <div>
            <b>{first}</b>
          </div>
          {rest.map(each => (
            <div key={each}>{each}</div>
          ))}
        </div>
        {differences.length > 0 && (
          <Button onClick={() => setOpen(!isOpen)}>
            {isOpen ? trans.__('Hide difference') : trans.__('Show difference')}
          </Button>
        )}
      </div>
      {isOpen && (
        <pre
          className="pj-Log"
          tabIndex={0}
          role="region"
          aria-label={trans.__('Difference')}
        >
          {lines(found, trans).join('\n')}
        </pre>
      )}
    </div>
  );
}

function lines(found: IProvenance, trans: TranslationBundle): string[] {
  const none = trans.__('none');
  const rows = found.others.flatMap(each => each.differences ?? []);
  const shown = rows
    .slice(0, MOST)
    .map(each => `${each.name}  ${each.theirs ?? none} → ${each.here ?? none}`);
  const more = rows.length - shown.length;
  return more > 0 ? [...shown, trans.__('and %1 more', more)] : shown;
}
