import { URLExt } from '@jupyterlab/coreutils';
import { Event, ServerConnection, ServiceManager } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { IError, IOperation, IStart } from './wire';

/** What a request that failed is thrown as. */
export class RequestError extends Error {
  constructor(
    readonly error: IError,
    readonly status: number
  ) {
    super(error.message);
  }
}

/** One event of the server; its data stand beside its schema. */
export interface IEvent {
  schema_id: string;
  [key: string]: unknown;
}

/** The way to the server, as the model needs it. */
export interface ITransport {
  /** Ask a route; `signal` ends a question whose answer nobody wants any more. */
  get<T>(
    route: string,
    query?: Record<string, string>,
    signal?: AbortSignal
  ): Promise<T>;
  start(body: IStart): Promise<IOperation>;
  cancel(id: string): Promise<void>;
  readonly events: ISignal<unknown, IEvent>;
  /** Says that events may have been missed. */
  readonly reconnected: ISignal<unknown, void>;
}

/** The way to a Jupyter server, below its base URL. */
export class ServerTransport implements ITransport {
  constructor(private readonly _services: ServiceManager.IManager) {
    _services.events.stream.connect((_, event: Event.Emission) => {
      this._events.emit(event as unknown as IEvent);
    });
    _services.connectionFailure.connect(() => {
      this._isLost = true;
    });
    // JupyterLab has no signal for the return: any event or answer is one
    this._events.connect(() => this._isBack());
  }

  get events(): ISignal<this, IEvent> {
    return this._events;
  }

  get reconnected(): ISignal<this, void> {
    return this._reconnected;
  }

  async get<T>(
    route: string,
    query: Record<string, string> = {},
    signal?: AbortSignal
  ): Promise<T> {
    const answer = await this._send<T>(
      route + URLExt.objectToQueryString(query),
      signal ? { signal } : {}
    );
    this._isBack();
    return answer;
  }

  start(body: IStart): Promise<IOperation> {
    return this._send<IOperation>('operations', {
      method: 'POST',
      body: JSON.stringify(body)
    });
  }

  /** Send what is no operation, such as an agreement. */
  post<T>(route: string, body: unknown): Promise<T> {
    return this._send<T>(route, { method: 'POST', body: JSON.stringify(body) });
  }

  async cancel(id: string): Promise<void> {
    const route = `operations/${encodeURIComponent(id)}`;
    await this._send<unknown>(route, { method: 'DELETE' });
  }

  private async _send<T>(route: string, init: RequestInit): Promise<T> {
    const settings = this._services.serverSettings;
    const url = URLExt.join(settings.baseUrl, 'pixi-jupyter', route);
    const response = await ServerConnection.makeRequest(url, init, settings);
    const text = await response.text();
    const data = parsed(text);
    if (!response.ok) {
      throw new RequestError(errorOf(data, response), response.status);
    }
    return data as T;
  }

  private _isBack(): void {
    if (this._isLost) {
      this._isLost = false;
      this._reconnected.emit();
    }
  }

  private _isLost = false;
  private readonly _events = new Signal<this, IEvent>(this);
  private readonly _reconnected = new Signal<this, void>(this);
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // a proxy's page
  }
}

function errorOf(data: unknown, response: Response): IError {
  const found = (data as { error?: IError } | null)?.error;
  if (found?.message) {
    return { ...found, details: found.details ?? [], hints: found.hints ?? [] };
  }
  const told = (data as { message?: string } | null)?.message;
  return {
    code: `http-${response.status}`,
    message:
      told || `The server answered ${response.status} ${response.statusText}`,
    details: [],
    hints: []
  };
}
