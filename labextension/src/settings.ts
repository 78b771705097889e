import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ISignal, Signal } from '@lumino/signaling';

import { KEPT_LINES } from './operations';

/** The plugin that our settings belong to. */
export const SETTINGS_ID = 'pixi-jupyter:plugin';

/** What a person may choose; see `schema/plugin.json`. */
export interface ISettings {
  /** Whether the panel goes where the current notebook goes. */
  followNotebook: boolean;
  /** Contents path of the workspace to stay on; empty for none. */
  workspace: string;
  /** Lines of output kept of each operation. */
  keptLines: number;
  /** Whether the log of a task opens when it is run here. */
  openLog: boolean;
  /** Whether a notebook's toolbar shows its environment. */
  showBadge: boolean;
}

export const DEFAULTS: ISettings = {
  followNotebook: true,
  workspace: '',
  keptLines: KEPT_LINES,
  openLog: true,
  showBadge: true
};

/** Take what is right of what was written; the defaults stand for the rest. */
export function settingsOf(
  written: Readonly<Record<string, unknown>>
): ISettings {
  const found = { ...DEFAULTS } as Record<string, unknown>;
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    if (typeof written[name] === typeof standard) {
      found[name] = written[name];
    }
  }
  return found as unknown as ISettings;
}

/** The settings of a person, as they are now. */
export class Settings {
  values: ISettings = DEFAULTS;

  /** Says that they are others. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Read them, and follow their changes. */
  async follow(registry: ISettingRegistry): Promise<void> {
    const loaded = await registry.load(SETTINGS_ID);
    const take = (): void => {
      this.values = settingsOf(loaded.composite);
      this._changed.emit();
    };
    this._loaded = loaded;
    loaded.changed.connect(take);
    take();
  }

  /** Change one for good. */
  async set<Name extends keyof ISettings>(
    name: Name,
    value: ISettings[Name]
  ): Promise<void> {
    await this._loaded?.set(name, value);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _loaded: ISettingRegistry.ISettings | null = null;
}
