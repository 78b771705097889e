import { NotebookPanel } from '@jupyterlab/notebook';
import { KernelSpec } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { IFix } from './fixes';
import { IKernelPlace, KernelStarts, placeOf } from './kernels';
import { PixiModel } from './model';
import { IKernelStart } from './starts';
import { IEnvironment } from './wire';

/** An environment that a notebook can be run in. */
export interface IChoice {
  kernel: string;
  displayName: string;
  environment: string;
  /** What is known of it; null where another workspace is looked at. */
  known: IEnvironment | null;
}

const THERE = new Set(['idle', 'busy']);

/** The kernel of one notebook, as far as it is ours. */
export class NotebookKernel implements IDisposable {
  constructor(
    readonly notebook: NotebookPanel,
    private readonly _model: PixiModel,
    private readonly _starts: KernelStarts,
    private readonly _specs: KernelSpec.IManager
  ) {
    const context = notebook.sessionContext;
    context.kernelChanged.connect(this._follow, this);
    context.statusChanged.connect(this._onStatus, this);
    _starts.changed.connect(this._onStart, this);
    _model.changed.connect(this._onModel, this);
    _specs.specsChanged.connect(this._emit, this);
    notebook.disposed.connect(() => this.dispose());
    this._follow();
  }

  /** Says that something of it is not as it was. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get model(): PixiModel {
    return this._model;
  }

  /** Name of the kernelspec; of the one that is meant where none runs yet. */
  get name(): string {
    const context = this.notebook.sessionContext;
    return context.session?.kernel?.name || context.kernelPreference.name || '';
  }

  /** Where it is from; null where it is not ours. */
  get place(): IKernelPlace | null {
    return placeOf(this._specs.specs?.kernelspecs[this.name]?.metadata);
  }

  /** How far its start is; null where nothing had to be installed. */
  get start(): IKernelStart | null {
    const start = this._starts.of(this._id);
    const place = this.place;
    // a kernel that was replaced has nothing to say any more
    return start && place && start.environment !== place.environment
      ? null
      : start;
  }

  /** What is known of its environment. */
  get environment(): IEnvironment | null {
    return this._knownAs(this.name);
  }

  /** The environments of its workspace, or of that of its folder. */
  get choices(): IChoice[] {
    const specs = Object.entries(this._specs.specs?.kernelspecs ?? {});
    const manifest = this.place?.manifest;
    const mine = new Set(this._model.environments.map(each => each.kernel));
    return specs.flatMap(([kernel, spec]) => {
      const place = placeOf(spec?.metadata);
      const isMine = manifest ? place?.manifest === manifest : mine.has(kernel);
      return place && spec && isMine
        ? [
            {
              kernel,
              displayName: spec.display_name,
              environment: place.environment,
              known: this._knownAs(kernel)
            }
          ]
        : [];
    });
  }

  /** Run the notebook in another environment. */
  async use(kernel: string): Promise<void> {
    this._starts.forget(this._id);
    await this.notebook.sessionContext.changeKernel({ name: kernel });
  }

  /** Start its kernel once more, in this environment or in another one. */
  async again(environment?: string): Promise<void> {
    const other = this.choices.find(each => each.environment === environment);
    await this.use(other?.kernel ?? this.name);
  }

  cancel(): Promise<void> {
    return this._starts.cancel(this._id);
  }

  /** Whether the workspace that is looked at is its own, so that it can be changed. */
  get canFix(): boolean {
    return this.environment !== null && !!this._model.workspace?.may.write;
  }

  async fix({ verb, request }: IFix): Promise<void> {
    const { id } = await this._model.start(verb, request);
    const { state, error } = await this._model.whenDone(id);
    if (state !== 'succeeded') {
      throw error ? { error } : new Error(state);
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._starts.changed.disconnect(this._onStart, this);
    this._model.changed.disconnect(this._onModel, this);
    this._specs.specsChanged.disconnect(this._emit, this);
    Signal.clearData(this);
  }

  private _knownAs(kernel: string): IEnvironment | null {
    return (
      this._model.environments.find(each => each.kernel === kernel) ?? null
    );
  }

  private _follow(): void {
    const id = this.notebook.sessionContext.session?.kernel?.id;
    // the one that could not start stays known until there is another
    if (id) {
      this._id = id;
      void this._starts.look(id);
    }
    this._emit();
  }

  private _onStatus(): void {
    const kernel = this.notebook.sessionContext.session?.kernel;
    if (kernel && kernel.id === this._id && THERE.has(kernel.status)) {
      this._starts.forget(this._id);
    }
    this._emit();
  }

  private _onStart(_: unknown, kernel: string): void {
    if (kernel === this._id) {
      this._emit();
    }
  }

  private _onModel(_: unknown, part: string): void {
    if (part === 'environments' || part === 'workspace') {
      this._emit();
    }
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _id = '';
  private _isDisposed = false;
}
