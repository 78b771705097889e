import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { IEvent, ITransport } from './request';
import { KEPT_LINES, latest, merged, withLines } from './operations';
import {
  CHANGE_EVENT,
  IChangeEvent,
  IEnvironment,
  IError,
  ILock,
  ILogLine,
  IOperation,
  IOperationDetail,
  IOutputEvent,
  IPackage,
  IPackages,
  ITask,
  ITaskState,
  IWorkspace,
  OPERATION_EVENT,
  OUTPUT_EVENT
} from './wire';

/** A part of what the model knows; the argument of its signal. */
export type Part =
  | 'workspace'
  | 'environments'
  | 'lock'
  | 'packages'
  | 'tasks'
  | 'operations'
  | 'log';

/** What is kept of one operation's output. */
export interface IOutput {
  log: ILogLine[];
  tasks: ITaskState[];
}

const REFRESHED: Record<IChangeEvent['what'], Part[]> = {
  manifest: ['workspace', 'environments', 'lock', 'packages', 'tasks'],
  lock: ['environments', 'lock', 'packages'],
  prefix: ['environments', 'packages'],
  operations: ['operations']
};

/** Milliseconds in which changes that follow each other are read as one. */
const TOGETHER = 150;

/** Verbs that make the environment that they name what it should be. */
const INSTALLING = new Set(['install', 'reinstall']);

const NO_OUTPUT: IOutput = { log: [], tasks: [] };

/**
 * What is known of the workspace of the current notebook or folder.
 *
 * State comes by requests and moves on by events, so that a page that was loaded in
 * the middle of something shows the same as one that was there all the time.
 */
export class PixiModel implements IDisposable {
  constructor(private readonly _transport: ITransport) {
    _transport.events.connect(this._onEvent, this);
    _transport.reconnected.connect(() => void this.refresh(), this);
  }

  /** Contents path that the workspace is looked for from. */
  path = '';
  workspace: IWorkspace | null = null;
  environments: IEnvironment[] = [];
  lock: ILock | null = null;
  tasks: ITask[] = [];
  /** The platform that packages are listed for. */
  platform = '';
  /** Newest first. */
  operations: IOperation[] = [];
  /** Why a part could not be read the last time. */
  readonly errors = new Map<Part, IError>();
  /** Lines of output that are kept of each operation. */
  keptLines = KEPT_LINES;
  /** Operations started here that only say what would change. */
  readonly previews = new Set<string>();
  /** When all of the workspace could be read last; null before. */
  readAt: Date | null = null;

  /** Says which part is not as it was. */
  get changed(): ISignal<this, Part> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The environment whose packages are shown. */
  get selected(): string {
    const names = this.environments.map(each => each.name);
    return names.includes(this._selected)
      ? this._selected
      : (names[0] ?? 'default');
  }

  select(environment: string): void {
    if (environment !== this._selected) {
      this._selected = environment;
      this._changed.emit('environments');
      void this.load('packages');
    }
  }

  /** Packages of an environment; null until they were read. */
  packages(environment: string = this.selected): IPackage[] | null {
    return this._packages.get(environment) ?? null;
  }

  /** What an operation said so far. */
  output(id: string): IOutput {
    return this._outputs.get(id) ?? NO_OUTPUT;
  }

  /** The operation at work on an environment, if there is one. */
  workOn(environment: IEnvironment): IOperation | null {
    const { name, operation } = environment;
    // one that was started just now is known before the environments are read again
    const works = (each: IOperation): boolean =>
      each.id === operation ||
      (each.environment === name && INSTALLING.has(each.verb));
    const found = this.operations.find(each => !isOver(each) && works(each));
    return found && !this.previews.has(found.id) ? found : null;
  }

  /** Look at the workspace of another notebook or folder. */
  async setPath(path: string): Promise<void> {
    if (path === this.path && this.workspace) {
      return;
    }
    this.path = path;
    this._generation += 1;
    await this.refresh();
  }

  /** Read everything again. */
  async refresh(): Promise<void> {
    await this.load('workspace');
    await Promise.all(
      (['environments', 'lock', 'tasks', 'operations'] as Part[]).map(part =>
        this.load(part)
      )
    );
    await this.load('packages');
  }

  /** Read one part again. */
  async load(part: Part): Promise<void> {
    const generation = this._generation;
    const number = (this._asked.get(part) ?? 0) + 1;
    this._asked.set(part, number);
    const isWanted = (): boolean =>
      generation === this._generation && number === this._asked.get(part);
    try {
      await this._read(part, isWanted);
      if (isWanted()) {
        this.errors.delete(part);
      }
    } catch (reason) {
      if (!isWanted()) {
        return;
      }
      this.errors.set(part, errorOf(reason));
    }
    if (isWanted() && !this._isDisposed) {
      this._changed.emit(part);
    }
  }

  /** Start a verb in this workspace; its end is told by `whenDone`. */
  async start(
    verb: string,
    request: Record<string, unknown>
  ): Promise<IOperation> {
    const operation = await this._transport.start({
      path: this.path,
      verb,
      request
    });
    if (request['dry_run']) {
      this.previews.add(operation.id);
    }
    this._take(operation);
    return operation;
  }

  /** Ask that an operation be stopped; its state says how that went. */
  async cancel(id: string): Promise<void> {
    await this._transport.cancel(id);
  }

  /** Wait for the end of an operation, and give its result. */
  async whenDone(id: string): Promise<IOperationDetail> {
    const known = this.operations.find(each => each.id === id);
    if (!known || !isOver(known)) {
      await new Promise<void>(resolve => {
        const waiting = this._waiting.get(id) ?? [];
        this._waiting.set(id, [...waiting, resolve]);
        // it may have ended before anybody listened
        void this.load('operations').then(() => this._wake());
      });
    }
    return this.detail(id);
  }

  /** Read an operation with its output and result. */
  async detail(id: string): Promise<IOperationDetail> {
    const route = `operations/${encodeURIComponent(id)}`;
    const detail = await this._get<IOperationDetail>(route);
    const { log, tasks } = detail;
    const known = this.output(id);
    const all = withLines(log, known.log, this.keptLines);
    this._outputs.set(id, { log: all, tasks });
    this._changed.emit('log');
    return detail;
  }

  /** Ask a route that the model itself does not keep, such as `search`. */
  ask<T>(
    route: string,
    query: Record<string, string>,
    signal?: AbortSignal
  ): Promise<T> {
    return this._get<T>(route, query, signal);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      Signal.clearData(this);
    }
  }

  private _get<T>(
    route: string,
    query: Record<string, string> = {},
    signal?: AbortSignal
  ): Promise<T> {
    return this._transport.get<T>(route, { path: this.path, ...query }, signal);
  }

  private async _read(part: Part, isWanted: () => boolean): Promise<void> {
    switch (part) {
      case 'workspace': {
        const workspace = await this._get<IWorkspace>('workspace');
        if (isWanted()) {
          this.workspace = workspace;
          if (workspace.found && !workspace.error) {
            this.readAt = new Date();
          } else if (!workspace.found) {
            this._forget();
          }
        }
        return;
      }
      case 'environments': {
        const found = this._isReadable
          ? (await this._get<{ environments: IEnvironment[] }>('environments'))
              .environments
          : this.environments;
        if (isWanted()) {
          this.environments = found;
        }
        return;
      }
      case 'lock': {
        const lock = this._isReadable
          ? await this._get<ILock>('lock')
          : this.lock;
        if (isWanted()) {
          this.lock = lock;
        }
        return;
      }
      case 'tasks': {
        const tasks = this._isReadable
          ? (await this._get<{ tasks: ITask[] }>('tasks')).tasks
          : this.tasks;
        if (isWanted()) {
          this.tasks = tasks;
        }
        return;
      }
      case 'packages':
        return this._readPackages(isWanted);
      case 'operations': {
        const { operations } = await this._get<{ operations: IOperation[] }>(
          'operations'
        );
        if (isWanted()) {
          this.operations = latest(operations, this.operations);
          this._wake();
        }
        return;
      }
      case 'log':
        return;
    }
  }

  private async _readPackages(isWanted: () => boolean): Promise<void> {
    if (!this._isReadable || !this.environments.length) {
      return;
    }
    const name = this.selected;
    const route = `environments/${encodeURIComponent(name)}/packages`;
    const found = await this._get<IPackages>(route);
    if (isWanted()) {
      this.platform = found.platform;
      this._packages = new Map(this._packages).set(name, found.packages);
    }
  }

  private get _isReadable(): boolean {
    return !!this.workspace?.found && !this.workspace.error;
  }

  private _forget(): void {
    this.environments = [];
    this.lock = null;
    this.tasks = [];
    this._packages = new Map();
  }

  private _onEvent(_: unknown, event: IEvent): void {
    switch (event.schema_id) {
      case OPERATION_EVENT:
        return this._take(event as unknown as IOperation);
      case OUTPUT_EVENT: {
        const { operation, lines } = event as unknown as IOutputEvent;
        const known = this.output(operation);
        this._outputs.set(operation, {
          ...known,
          log: withLines(known.log, lines, this.keptLines)
        });
        this._changed.emit('log');
        return;
      }
      case CHANGE_EVENT: {
        const change = event as unknown as IChangeEvent;
        if (this._isMine(change.workspace) || !this.workspace?.found) {
          REFRESHED[change.what].forEach(part => this._stale.add(part));
          clearTimeout(this._timer);
          this._timer = setTimeout(() => void this._refreshStale(), TOGETHER);
        }
        return;
      }
    }
  }

  private async _refreshStale(): Promise<void> {
    const parts = [...this._stale];
    this._stale.clear();
    if (parts.includes('workspace')) {
      await this.load('workspace');
    }
    if (parts.includes('packages')) {
      this._packages = new Map(
        [...this._packages].filter(([name]) => name === this.selected)
      );
    }
    await Promise.all(
      parts.filter(part => part !== 'workspace').map(part => this.load(part))
    );
  }

  /** Learn from a state of an operation, wherever it came from. */
  private _take(operation: IOperation): void {
    if (!this._isMine(operation.workspace)) {
      return;
    }
    const tasks = (operation as Partial<IOperationDetail>).tasks;
    if (tasks) {
      this._outputs.set(operation.id, { ...this.output(operation.id), tasks });
    }
    this.operations = merged(this.operations, operation);
    this._changed.emit('operations');
    this._wake();
  }

  /** Whether a workspace is the one that is shown. */
  private _isMine(workspace: string): boolean {
    const mine = this.workspace;
    return (
      !mine || workspace === mine.path || mine.path === null || workspace === ''
    );
  }

  private _wake(): void {
    for (const each of this.operations) {
      if (isOver(each)) {
        this._waiting.get(each.id)?.forEach(resolve => resolve());
        this._waiting.delete(each.id);
      }
    }
  }

  private readonly _asked = new Map<Part, number>();
  private readonly _changed = new Signal<this, Part>(this);
  private _generation = 0;
  private _isDisposed = false;
  private readonly _outputs = new Map<string, IOutput>();
  private _packages = new Map<string, IPackage[]>();
  private _selected = '';
  private readonly _stale = new Set<Part>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _waiting = new Map<string, (() => void)[]>();
}

/** Whether an operation came to its end. */
export function isOver(operation: IOperation): boolean {
  return !['queued', 'running', 'waiting'].includes(operation.state);
}

/** Give the words of whatever was thrown. */
export function errorOf(reason: unknown): IError {
  const found = (reason as { error?: IError } | null)?.error;
  if (found?.message) {
    return found;
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return { code: 'unknown', message, details: [], hints: [] };
}
