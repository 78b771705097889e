import { NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { clock } from './format';
import { Fixing, IFix, fixOf } from './fixes';
import { errorOf } from './model';
import { Bar, Button, StateMark } from './panel/elements';
import { phaseName } from './phases';
import { current, headline, phases } from './startwords';
import { IKernelStart } from './starts';
import { IError } from './wire';

/** Milliseconds between two changes of what is to be read. */
const APART = 250;

/** What a banner can do about the kernel of its notebook. */
export interface IBannerHost {
  trans: TranslationBundle;
  /** The start that is shown; null for none. */
  start(): IKernelStart | null;
  cancel(): Promise<void>;
  /** Start the kernel once more, in this environment or another one of its workspace. */
  again(environment?: string): Promise<void>;
  /** Whether there is another environment of this name. */
  has(environment: string): boolean;
  readonly fix: Fixing | null;
}

/** Tells under a notebook's toolbar how far the start of its kernel is. */
export class KernelBanner extends ReactWidget {
  constructor(
    private readonly _host: IBannerHost,
    private readonly _notebook: NotebookPanel
  ) {
    super();
    this.addClass('pj-BannerHost');
    this._sizes = new ResizeObserver(() => this._fit());
    this.hide();
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._sizes.disconnect();
    super.dispose();
  }

  /** Show what is known now; not more often than a person can read. */
  refresh(): void {
    const start = this._host.start();
    const state = start?.state ?? 'none';
    if (state !== this._state || !start) {
      this._state = state;
      this._paint();
    } else if (this._timer === undefined) {
      this._timer = setTimeout(() => this._paint(), APART);
    }
  }

  protected override render(): JSX.Element | null {
    const start = this._host.start();
    return start && <Banner start={start} host={this._host} />;
  }

  private _paint(): void {
    clearTimeout(this._timer);
    this._timer = undefined;
    if (this.isDisposed) {
      return;
    }
    const start = this._host.start();
    this.setHidden(!start);
    if (start && this.isAttached) {
      this.update();
    }
    requestAnimationFrame(() => this._fit());
  }

  /** Take as much room as the content needs, and leave in sight what was in sight. */
  private _fit(): void {
    const content = this.node.firstElementChild as HTMLElement | null;
    if (content && content !== this._observed) {
      this._sizes.disconnect();
      this._sizes.observe(content);
      this._observed = content;
    }
    const height = this.isHidden ? 0 : (content?.offsetHeight ?? 0);
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

  private _height = 0;
  private _observed: HTMLElement | null = null;
  private readonly _sizes: ResizeObserver;
  private _state = 'none';
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

interface IBanner {
  start: IKernelStart;
  host: IBannerHost;
}

function Banner(props: IBanner): JSX.Element {
  switch (props.start.state) {
    case 'failed':
      return <Failed {...props} />;
    case 'cancelled':
      return <Cancelled {...props} />;
    default:
      return <Busy {...props} />;
  }
}

function Busy({ start, host }: IBanner): JSX.Element {
  const { trans } = host;
  const [isOpen, setOpen] = React.useState(false);
  const [isEnding, setEnding] = React.useState(false);
  const [title, meta] = headline(start, trans);
  const { share } = start;
  const text = current(start, trans);
  const label = trans.__('Installing %1', start.environment);
  const cancel = (): void => {
    setEnding(true);
    host.cancel().catch(() => setEnding(false));
  };
  return (
    <div className="pj-Banner" data-kind="busy" role="group" aria-label={title}>
      <div className="pj-Banner-body">
        <StateMark
          state="installing"
          name={trans.__('Installing')}
          percent={share}
        />
        <div className="pj-Banner-text">
          <div>
            <b>{title}</b> <span className="pj-meta">{meta}</span>
          </div>
          <ol className="pj-Phases" aria-label={trans.__('Phases')}>
            {phases(start, trans).map(({ text, place }) => (
              <li
                key={text}
                className={place === 'next' ? 'pj-next' : undefined}
                aria-current={place === 'now' ? 'step' : undefined}
              >
                {text}
              </li>
            ))}
          </ol>
        </div>
        <span className="pj-Live" role="status">
          {`${title}. ${phaseName(start.phase, trans)}`}
        </span>
        <LogButton {...{ trans, isOpen, setOpen }} />
        {start.state === 'running' && (
          <Button onClick={cancel} disabled={isEnding}>
            {trans.__('Cancel')}
          </Button>
        )}
      </div>
      {isOpen && <Log start={start} trans={trans} now={text} />}
      <Bar percent={share} label={label} text={text} />
    </div>
  );
}

function Failed({ start, host }: IBanner): JSX.Element {
  const { trans } = host;
  const [isOpen, setOpen] = React.useState(false);
  const [isBusy, setBusy] = React.useState(false);
  const [more, setMore] = React.useState<IError | null>(null);
  const error = more ?? start.error;
  const fix = error && host.fix ? fixOf(error, start.environment, trans) : null;
  const act = (action: () => Promise<void>): void => {
    setBusy(true);
    setMore(null);
    action()
      .catch(reason => setMore(errorOf(reason)))
      .finally(() => setBusy(false));
  };
  const apply = (found: IFix) => async (): Promise<void> => {
    await host.fix?.(found);
    await host.again();
  };
  const again = (): void => act(() => host.again());
  return (
    <div className="pj-Banner" data-kind="bad" role="alert">
      <div className="pj-Banner-body">
        <StateMark state="failed" name={trans.__('Failed')} />
        <div className="pj-Banner-text">
          <div>
            <b>{failedTitle(start, trans)}</b>
          </div>
          <div>
            {error?.message}{' '}
            <span className="pj-quiet">{error?.details[0]}</span>
          </div>
          {error?.hints.map(hint => (
            <div key={hint} className="pj-quiet">
              {hint}
            </div>
          ))}
        </div>
        <LogButton {...{ trans, isOpen, setOpen }} />
        {fix && (
          <Button onClick={again} disabled={isBusy}>
            {trans.__('Try again')}
          </Button>
        )}
        <Button
          kind="accept"
          disabled={isBusy}
          onClick={fix ? () => act(apply(fix)) : again}
        >
          {fix ? fix.label : trans.__('Try again')}
        </Button>
      </div>
      {isOpen && (
        <Log
          start={start}
          trans={trans}
          now={error?.details.join('\n') ?? ''}
        />
      )}
    </div>
  );
}

function Cancelled({ start, host }: IBanner): JSX.Element {
  const { trans } = host;
  const name = start.environment;
  const again = (other?: string) => () =>
    void host.again(other).catch(() => {});
  return (
    <div className="pj-Banner" data-kind="idle" role="status">
      <div className="pj-Banner-body">
        <StateMark state="none" name={trans.__('Not installed')} />
        <div className="pj-Banner-text">
          <div>
            <b>{trans.__('Installation of %1 was cancelled', name)}</b>
          </div>
          <div className="pj-quiet">
            {trans.__(
              '%1 is as it was before. The kernel did not start.',
              name
            )}
          </div>
        </div>
        {name !== 'default' && host.has('default') && (
          <Button onClick={again('default')}>{trans.__('Use default')}</Button>
        )}
        <Button kind="accept" onClick={again()}>
          {trans.__('Install')}
        </Button>
      </div>
    </div>
  );
}

function failedTitle(start: IKernelStart, trans: TranslationBundle): string {
  const name = start.environment;
  const kernel = ['no-kernel', 'overlay', 'activation', 'kernelspec-not-found'];
  return kernel.includes(start.error?.code ?? '')
    ? trans.__('No kernel can start in %1', name)
    : trans.__('%1 could not be installed', name);
}

function LogButton(props: {
  trans: TranslationBundle;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
}): JSX.Element {
  const { trans, isOpen, setOpen } = props;
  return (
    <button
      type="button"
      className="pj-btn"
      aria-expanded={isOpen}
      onClick={() => setOpen(!isOpen)}
    >
      {isOpen ? trans.__('Hide log') : trans.__('Log')}
    </button>
  );
}

function Log(props: {
  start: IKernelStart;
  trans: TranslationBundle;
  now: string;
}): JSX.Element {
  const { start, trans, now } = props;
  const first = start.log[0]?.at ?? start.now;
  return (
    <pre
      className="pj-Log"
      role="log"
      aria-label={trans.__('Installation log')}
      tabIndex={0}
    >
      {start.log.map(({ at, phase, text }, number) => (
        <React.Fragment key={number}>
          <i>{`${clock((at - first) / 1000)}  ${phase.padEnd(10)}`}</i>
          {` ${text}\n`}
        </React.Fragment>
      ))}
      {now}
    </pre>
  );
}
