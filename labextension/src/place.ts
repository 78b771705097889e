import { Settings } from './settings';

/** Decides which workspace the panel looks at. */
export class Place {
  constructor(
    private readonly _settings: Pick<Settings, 'values' | 'set'>,
    private readonly _show: (path: string) => void
  ) {}

  /** Whether the application is there; nothing is looked at before. */
  isReady = false;

  /** Tell where the person is: the path of the current notebook, or a folder. */
  go(current: string): void {
    if (!this.isReady) {
      return;
    }
    const { followNotebook, workspace } = this._settings.values;
    if (followNotebook) {
      this._stays = null;
      this._show(this._chosen || current);
    } else {
      // without a choice it stays where it was when it began to stay
      this._stays ??= this._chosen || current;
      this._show(workspace || this._stays);
    }
  }

  /** Look at a workspace; the empty path is the way back to the current notebook. */
  choose(path: string): void {
    this._chosen = path;
    if (this._settings.values.followNotebook) {
      return;
    }
    if (path) {
      void this._settings.set('workspace', path);
    } else {
      void this._settings.set('followNotebook', true);
    }
  }

  /** Forget a choice: the person went to another notebook. */
  leave(): void {
    this._chosen = '';
  }

  private _chosen = '';
  private _stays: string | null = null;
}
