import { ISessionContext } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';

import { errorOf } from './model';
import { RequestError, ServerTransport } from './request';
import { ask } from './trustdialog';
import {
  bringsItsOwn,
  carries,
  IQuestion,
  KERNEL_NAME,
  METADATA,
  questionOf,
  unreadable,
  workspaceOf
} from './trustwords';
import { IEnvironment, ISharedNotebook, IWorkspace } from './wire';

/** `unknown`: it could not be asked about, and the server is the judge. */
export type Agreement = 'agreed' | 'left' | 'nothing' | 'unknown';

/** Status of an answer: the content is another one than that which was shown. */
const CONFLICT = 409;
/** Of an answer that says nothing of the notebook. */
const NOT_ABOUT_IT = new Set([401, 403, 404]);

/** Asks about the environments of notebooks from elsewhere, once for each content. */
export class Trust {
  constructor(
    private readonly _server: ServerTransport,
    private readonly _trans: TranslationBundle
  ) {}

  /**
   * Find out whether what a notebook brings may be installed.
   *
   * @param isAsked Whether the person wants to be asked, also once more.
   */
  review(path: string, isAsked: boolean): Promise<Agreement> {
    const known = this._pending.get(path);
    if (known) {
      return known;
    }
    const asked = this._review(path, isAsked);
    this._pending.set(path, asked);
    const end = (): void => {
      this._pending.delete(path);
    };
    asked.then(end, end);
    return asked;
  }

  /** Whether the workspace around a notebook is the one that it names. */
  async isAtHome(path: string, metadata: unknown): Promise<boolean> {
    const name = workspaceOf(metadata);
    if (!name) {
      return false;
    }
    const wanted = (metadata as { environment?: unknown }).environment;
    try {
      const found = await this._server.get<IWorkspace>('workspace', { path });
      if (!found.found || found.name !== name) {
        return false;
      }
      const { environments } = await this._server.get<{
        environments: IEnvironment[];
      }>('environments', { path });
      return environments.some(each => each.name === wanted);
    } catch {
      return false;
    }
  }

  private async _review(path: string, isAsked: boolean): Promise<Agreement> {
    const name = path.split('/').pop() ?? path;
    let found: ISharedNotebook;
    try {
      found = await this._server.get<ISharedNotebook>('notebook/facts', {
        path
      });
    } catch (reason) {
      return this._cannotRead(name, path, reason, isAsked);
    }
    const { facts, trusted } = found;
    if (trusted || !facts) {
      return trusted ? 'agreed' : 'nothing';
    }
    const question = questionOf(name, found, this._trans);
    const { digest } = facts;
    if (!(await this._ask(digest, question, isAsked))) {
      return 'left';
    }
    try {
      await this._server.post('notebook/trust', { path, digest });
      return 'agreed';
    } catch (reason) {
      if (reason instanceof RequestError && reason.status === CONFLICT) {
        return this._review(path, true);
      }
      const why = unreadable(name, errorOf(reason), this._trans);
      await ask(why, this._trans);
      return 'left';
    }
  }

  private async _cannotRead(
    name: string,
    path: string,
    reason: unknown,
    isAsked: boolean
  ): Promise<Agreement> {
    const isAbout =
      reason instanceof RequestError && !NOT_ABOUT_IT.has(reason.status);
    if (!isAbout) {
      return 'unknown';
    }
    const question = unreadable(name, reason.error, this._trans);
    await this._ask(`${path}\n${reason.message}`, question, isAsked);
    return 'left';
  }

  private async _ask(
    content: string,
    question: IQuestion,
    isAsked: boolean
  ): Promise<boolean> {
    if (this._left.has(content) && !isAsked) {
      return false;
    }
    const isAgreed = await ask(question, this._trans);
    if (!isAgreed) {
      this._left.add(content);
    }
    return isAgreed;
  }

  /** Contents that were opened without installing. */
  private readonly _left = new Set<string>();
  private readonly _pending = new Map<string, Promise<Agreement>>();
}

/** Holds back the kernel of one notebook until what it brings was agreed to. */
export class Gate {
  constructor(
    private readonly _notebook: NotebookPanel,
    private readonly _trust: Trust,
    private readonly _pathOf: (path: string) => string
  ) {
    const { context } = _notebook;
    // its content is there a moment before its kernel would be started
    context.model.metadataChanged.connect(this._hold, this);
    void context.ready.then(() => {
      context.model.metadataChanged.disconnect(this._hold, this);
      this._hold();
      void this._open();
    });
  }

  /** Whether a notebook would be run in what it brings, or could be. */
  get isWanted(): boolean {
    return this._wish.kernel === KERNEL_NAME || carries(this._metadata);
  }

  get path(): string {
    return this._pathOf(this._notebook.context.path);
  }

  /** Ask, and start the kernel if that was agreed to. */
  async ask(): Promise<Agreement> {
    const answer = await this._trust.review(this.path, true);
    if (answer === 'agreed') {
      await this._start(true);
    }
    return answer;
  }

  private get _session(): ISessionContext {
    return this._notebook.sessionContext;
  }

  private get _metadata(): unknown {
    return this._notebook.context.model.getMetadata(METADATA);
  }

  private get _wish(): { kernel: string; isKnown: boolean } {
    const kernel = this._notebook.context.model.defaultKernelName;
    const specs = this._session.specsManager.specs?.kernelspecs;
    return { kernel, isKnown: !specs || !kernel || !!specs[kernel] };
  }

  private _hold(): void {
    const session = this._session;
    if (this._isHeld || session.isReady || session.isDisposed) {
      return;
    }
    const { kernelPreference } = session;
    const isMeant =
      kernelPreference.shouldStart !== false &&
      kernelPreference.canStart !== false;
    if (isMeant && bringsItsOwn(this._metadata, this._wish)) {
      this._isHeld = true;
      session.kernelPreference = { ...kernelPreference, shouldStart: false };
    }
  }

  private async _open(): Promise<void> {
    const session = this._session;
    if (!this._isHeld) {
      return;
    }
    const isHome = this._trust.isAtHome(this.path, this._metadata);
    await session.ready;
    if (session.session?.kernel) {
      this._release(); // it runs since before this page was there
      return;
    }
    const answer = (await isHome)
      ? 'nothing'
      : await this._trust.review(this.path, false);
    if (answer !== 'left' && !this._notebook.isDisposed) {
      await this._start(answer === 'agreed');
    }
  }

  private _release(): void {
    const session = this._session;
    this._isHeld = false;
    session.kernelPreference = {
      ...session.kernelPreference,
      shouldStart: true
    };
  }

  /** Start its kernel: the one of what it brings, or the one that it names. */
  private async _start(isOwn: boolean): Promise<void> {
    this._release();
    const session = this._session;
    const name = isOwn || !this._wish.isKnown ? KERNEL_NAME : this._wish.kernel;
    if (session.session?.kernel?.name === name) {
      return;
    }
    try {
      await session.changeKernel({ name });
    } catch (reason) {
      // the banner tells it
      console.warn('pixi-jupyter: the kernel did not start', reason);
    }
  }

  private _isHeld = false;
}
