import { Signal } from '@lumino/signaling';

import { IEvent, ITransport } from '../src/request';
import { IOperation, IStart } from '../src/wire';

/** An operation as the server tells of it. */
export function operation(
  id: string,
  more: Partial<IOperation> = {}
): IOperation {
  return {
    id,
    verb: 'install',
    what: 'install default',
    workspace: 'pixi.toml',
    environment: 'default',
    state: 'running',
    phase: '',
    label: '',
    done: null,
    total: null,
    unit: '',
    seconds: null,
    started: '2026-01-01T10:00:00Z',
    error: null,
    can_cancel: true,
    ...more
  };
}

type Answer = unknown | (() => unknown);

/** A server of which a test says what it answers, route by route. */
export class Server implements ITransport {
  /** Routes that were asked, in order. */
  readonly asked: string[] = [];
  readonly started: IStart[] = [];
  readonly cancelled: string[] = [];
  readonly events = new Signal<unknown, IEvent>(this);
  readonly reconnected = new Signal<unknown, void>(this);

  constructor(readonly answers: Record<string, Answer>) {}

  async get<T>(route: string, query: Record<string, string> = {}): Promise<T> {
    this.asked.push(route);
    const keyed = `${route}?${query['path'] ?? ''}`;
    const answer = this.answers[keyed] ?? this.answers[route];
    const given: unknown =
      typeof answer === 'function' ? (answer as () => unknown)() : answer;
    const found = await given;
    if (found === undefined) {
      throw new Error(`no answer for ${keyed}`);
    }
    return found as T;
  }

  async start(body: IStart): Promise<IOperation> {
    this.started.push(body);
    return operation('started', { verb: body.verb, state: 'queued' });
  }

  async cancel(id: string): Promise<void> {
    this.cancelled.push(id);
  }

  /** Send an event, as the server does. */
  emit(schema: string, data: object): void {
    this.events.emit({ schema_id: schema, ...data });
  }
}

/** Answers of a workspace with two environments. */
export function workspace(): Record<string, Answer> {
  return {
    workspace: {
      found: true,
      name: 'demo',
      path: 'pixi.toml',
      shown: '~/demo/pixi.toml',
      folder: '',
      platforms: ['linux-64'],
      channels: [],
      features: ['default'],
      warnings: [],
      error: null,
      choices: [],
      sources: [],
      program: '',
      may: { read: true, write: true, execute: true }
    },
    environments: {
      environments: ['default', 'test'].map(name => ({
        name,
        features: ['default'],
        state: 'installed',
        operation: null
      }))
    },
    lock: { state: 'fresh', reasons: [], error: null },
    tasks: { tasks: [] },
    operations: { operations: [] },
    'environments/default/packages': {
      environment: 'default',
      platform: 'linux-64',
      packages: [{ name: 'python' }]
    },
    'environments/test/packages': {
      environment: 'test',
      platform: 'linux-64',
      packages: [{ name: 'pytest' }]
    }
  };
}
