import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { h, VirtualElement } from '@lumino/virtualdom';
import { Menu } from '@lumino/widgets';
import * as React from 'react';

import { bytes } from './format';
import { IChoice, NotebookKernel } from './notebookkernel';
import { Icon } from './panel/elements';
import { short } from './startwords';
import { IEnvironment } from './wire';

/** Says in a notebook's toolbar which environment it runs in, and switches it. */
export class KernelBadge extends ReactWidget {
  constructor(
    private readonly _kernel: NotebookKernel,
    private readonly _trans: TranslationBundle,
    private readonly _openPanel: () => void
  ) {
    super();
    this.addClass('pj-BadgeHost');
    _kernel.changed.connect(this._onChange, this);
    this._onChange();
  }

  override dispose(): void {
    clearTimeout(this._timer);
    super.dispose();
  }

  protected override render(): JSX.Element | null {
    const { place, choices } = this._kernel;
    const trans = this._trans;
    if (!place && !choices.length) {
      return null;
    }
    const { state, words, percent } = stateOf(this._kernel, trans);
    const name = place?.environment ?? trans.__('no environment');
    const named = state === 'other' ? '' : stateName(state, trans);
    const label = trans.__('Environment %1, %2', name, words || named);
    return (
      <button
        type="button"
        className="pj-Badge"
        data-state={state}
        data-environment={place?.environment}
        aria-haspopup="menu"
        aria-label={label}
        title={this._kernel.environment?.reason || label}
        onClick={event => this._open(event.currentTarget)}
      >
        <i
          className="pj-i pj-st"
          data-state={state === 'other' ? 'none' : state}
          style={{ '--p': percent } as React.CSSProperties}
          aria-hidden="true"
        />
        <span className="pj-Badge-name">{name}</span>
        {words && <span className="pj-meta">{words}</span>}
        <Icon name="down" className="pj-mod-12" />
      </button>
    );
  }

  private _onChange(): void {
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      if (!this.isDisposed) {
        this.update();
      }
    }, 100);
  }

  private _open(anchor: HTMLElement): void {
    const commands = new CommandRegistry();
    const menu = new Menu({ commands, renderer: new StateRenderer() });
    menu.addClass('pj-BadgeMenu');
    const mine = this._kernel.name;
    this._kernel.choices.forEach((choice, number) => {
      const [state, words] = choiceState(choice, this._kernel, this._trans);
      commands.addCommand(`use-${number}`, {
        label: choice.environment,
        caption: choice.displayName,
        isToggled: () => choice.kernel === mine,
        isToggleable: true,
        dataset: { environment: choice.environment, state, words },
        execute: () => {
          if (choice.kernel !== mine) {
            void this._kernel.use(choice.kernel);
          }
        }
      });
      menu.addItem({ command: `use-${number}` });
    });
    commands.addCommand('open', {
      label: this._trans.__('Open the Pixi panel'),
      execute: this._openPanel
    });
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: 'open' });
    menu.aboutToClose.connect(() => anchor.focus());
    const { left, right, bottom } = anchor.getBoundingClientRect();
    menu.open(left, bottom);
    const over = left + menu.node.offsetWidth - Math.max(right, 0);
    menu.node.style.marginLeft = over > 0 ? `-${Math.min(over, left)}px` : '';
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/** Shows a state as its mark, and says it in grey where shortcuts stand. */
class StateRenderer extends Menu.Renderer {
  override renderIcon(data: Menu.IRenderData): VirtualElement {
    const { state } = data.item.dataset;
    const mark = state
      ? h.i({ className: 'pj-i pj-st', dataset: { state } })
      : '';
    return h.div({ className: 'lm-Menu-itemIcon' }, mark);
  }

  override renderShortcut(data: Menu.IRenderData): VirtualElement {
    const words = data.item.dataset['words'] ?? '';
    return h.div({ className: 'lm-Menu-itemShortcut pj-quiet' }, words);
  }
}

type State = IEnvironment['state'] | 'failed' | 'other';

function stateOf(
  kernel: NotebookKernel,
  trans: TranslationBundle
): { state: State; words: string; percent: number } {
  const { start, environment, place } = kernel;
  if (!place) {
    return { state: 'other', words: '', percent: 0 };
  }
  if (start?.state === 'running' || start?.state === 'finished') {
    const percent = start.share;
    return { state: 'installing', words: short(start, trans), percent };
  }
  if (start?.state === 'failed') {
    const words = trans.__('failed');
    return { state: 'failed', words, percent: 0 };
  }
  const state = environment?.state ?? (start ? 'none' : 'installed');
  const words =
    state === 'installed' ? '' : stateName(state, trans).toLowerCase();
  return { state, words, percent: 30 };
}

function choiceState(
  choice: IChoice,
  kernel: NotebookKernel,
  trans: TranslationBundle
): [State | '', string] {
  const { known } = choice;
  if (choice.kernel === kernel.name && kernel.start) {
    const { state, words } = stateOf(kernel, trans);
    return [state, words];
  }
  if (!known) {
    return ['', ''];
  }
  const size = known.size === null ? '' : bytes(known.size);
  return known.state === 'installed'
    ? [known.state, size]
    : [known.state, stateName(known.state, trans).toLowerCase()];
}

function stateName(state: State, trans: TranslationBundle): string {
  switch (state) {
    case 'installed':
      return trans.__('Installed');
    case 'none':
      return trans.__('Not installed');
    case 'outdated':
      return trans.__('Out of date');
    case 'broken':
      return trans.__('Broken');
    case 'installing':
      return trans.__('Installing');
    case 'failed':
      return trans.__('Failed');
    case 'other':
      return trans.__('None');
  }
}
