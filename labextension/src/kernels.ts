import { Event } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { PixiModel } from './model';
import { heard, IKernelStart } from './starts';
import { IKernelEvent, IOperation, KERNEL_EVENT } from './wire';

/** Which kernel is ours, as its kernelspec tells. */
export interface IKernelPlace {
  /** Absolute path. */
  manifest: string;
  environment: string;
  workspace: string;
}

/** Read which environment a kernelspec starts; null for those that are not ours. */
export function placeOf(metadata: unknown): IKernelPlace | null {
  const own = (metadata as { pixi_jupyter?: Partial<IKernelPlace> } | undefined)
    ?.pixi_jupyter;
  if (!own?.manifest || !own.environment) {
    return null;
  }
  const { manifest, environment, workspace = '' } = own;
  return { manifest, environment, workspace };
}

/** The starts of kernels whose environments are being installed, or could not be. */
export class KernelStarts {
  constructor(
    private readonly _model: PixiModel,
    events: Event.IManager
  ) {
    events.stream.connect((_, event) => {
      if (event.schema_id === KERNEL_EVENT) {
        this._hear(event as unknown as IKernelEvent);
      }
    });
  }

  /** Says of which kernel something else is known. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** What is known of a kernel's start; null where nothing had to be installed. */
  of(kernel: string | undefined): IKernelStart | null {
    return (kernel && this._starts.get(kernel)) || null;
  }

  /** Why kernels did not start, as their banners tell. */
  get failures(): string[] {
    return [...this._starts.values()].flatMap(each =>
      each.error ? [each.error.message] : []
    );
  }

  /** Ask the server about a kernel that may have begun before this page was there. */
  async look(kernel: string): Promise<void> {
    if (this._starts.has(kernel)) {
      return;
    }
    const route = `operations/kernel-${encodeURIComponent(kernel)}`;
    try {
      const found = await this._model.ask<IOperation>(route, {});
      if (!this._starts.has(kernel)) {
        this._hear(eventOf(kernel, found));
      }
    } catch {
      // nothing is being installed for it
    }
  }

  /** Stop an installation: the kernel does not start. */
  cancel(kernel: string): Promise<void> {
    return this._model.cancel(`kernel-${kernel}`);
  }

  /** The kernel is there, or nobody wants to know any more. */
  forget(kernel: string): void {
    if (this._starts.delete(kernel)) {
      this._changed.emit(kernel);
    }
  }

  private _hear(event: IKernelEvent): void {
    const kernel = event.kernel_id;
    const known = this._starts.get(kernel) ?? null;
    this._starts.set(kernel, heard(known, event, Date.now()));
    this._changed.emit(kernel);
  }

  private readonly _changed = new Signal<this, string>(this);
  private readonly _starts = new Map<string, IKernelStart>();
}

function eventOf(kernel: string, found: IOperation): IKernelEvent {
  const { phase, label, done, total, unit } = found;
  return {
    kernel_id: kernel,
    manifest: '',
    environment: found.environment ?? '',
    event: {
      operation: found.id,
      phase,
      label,
      done,
      total,
      unit,
      state: 'running',
      level: 'progress'
    },
    error: null
  };
}
