import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';

import { logoIcon } from './icons';
import { errorOf, PixiModel } from './model';
import { PixiPanel } from './panel/Panel';
import { Settings } from './settings';

/** Commands by the names that other extensions may call them. */
export const CommandIDs = {
  open: 'pixi-jupyter:open-panel',
  add: 'pixi-jupyter:add-package',
  install: 'pixi-jupyter:install',
  lock: 'pixi-jupyter:update-lock',
  create: 'pixi-jupyter:create-workspace',
  refresh: 'pixi-jupyter:refresh',
  run: 'pixi-jupyter:run-task',
  follow: 'pixi-jupyter:follow-notebook',
  settings: 'pixi-jupyter:open-settings'
} as const;

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** Add our commands, and put them into the palette. */
export function addCommands(
  app: JupyterFrontEnd,
  model: PixiModel,
  panel: PixiPanel,
  trans: TranslationBundle,
  palette: ICommandPalette | null,
  settings: Settings
): void {
  const { commands, shell } = app;
  const mayWrite = (): boolean => model.workspace?.may.write ?? false;
  const isFound = (): boolean => !!model.workspace?.found && mayWrite();
  const open = (): void => shell.activateById(panel.id);
  const start = async (
    verb: string,
    request: Record<string, unknown>
  ): Promise<void> => {
    open();
    try {
      await model.start(verb, request);
    } catch (reason) {
      Notification.error(errorOf(reason).message);
    }
  };
  commands.addCommand(CommandIDs.open, {
    label: trans.__('Show Pixi Panel'),
    icon: logoIcon,
    describedBy: NO_ARGUMENTS,
    execute: open
  });
  commands.addCommand(CommandIDs.add, {
    label: trans.__('Add Package…'),
    isEnabled: isFound,
    describedBy: {
      args: { type: 'object', properties: { query: { type: 'string' } } }
    },
    execute: args => {
      open();
      panel.open({ kind: 'add', query: String(args['query'] ?? '') });
    }
  });
  commands.addCommand(CommandIDs.install, {
    label: args =>
      args['environment']
        ? trans.__('Install %1', String(args['environment']))
        : trans.__('Install Environment'),
    isEnabled: isFound,
    describedBy: {
      args: { type: 'object', properties: { environment: { type: 'string' } } }
    },
    execute: args =>
      start('install', {
        environments: [String(args['environment'] ?? model.selected)]
      })
  });
  commands.addCommand(CommandIDs.lock, {
    label: trans.__('Update Lock'),
    isEnabled: isFound,
    describedBy: NO_ARGUMENTS,
    execute: () => start('lock', {})
  });
  commands.addCommand(CommandIDs.create, {
    label: trans.__('Create Workspace in This Folder'),
    isEnabled: () => !model.workspace?.found && mayWrite(),
    describedBy: NO_ARGUMENTS,
    execute: () => start('init', {})
  });
  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh Pixi Panel'),
    describedBy: NO_ARGUMENTS,
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.run, {
    label: args =>
      args['task']
        ? trans.__('Run %1', String(args['task']))
        : trans.__('Run Task…'),
    isEnabled: () =>
      model.tasks.length > 0 && (model.workspace?.may.execute ?? false),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          task: { type: 'string' },
          arguments: { type: 'array', items: { type: 'string' } },
          environment: { type: 'string' }
        }
      }
    },
    execute: async args => {
      if (!args['task']) {
        open();
        panel.focusTasks();
        return;
      }
      const words = (args['arguments'] as string[] | undefined) ?? [];
      await start('run', {
        command: [String(args['task']), ...words.map(String)],
        ...(args['environment'] ? { environment: args['environment'] } : {})
      });
    }
  });
  commands.addCommand(CommandIDs.follow, {
    label: trans.__('Follow the Current Notebook'),
    isToggleable: true,
    isToggled: () => settings.values.followNotebook,
    describedBy: NO_ARGUMENTS,
    execute: () =>
      settings.set('followNotebook', !settings.values.followNotebook)
  });
  settings.changed.connect(() => {
    commands.notifyCommandChanged(CommandIDs.follow);
  });
  commands.addCommand(CommandIDs.settings, {
    label: trans.__('Pixi Settings'),
    isVisible: () => commands.hasCommand('settingeditor:open'),
    describedBy: NO_ARGUMENTS,
    execute: () => commands.execute('settingeditor:open', { query: 'Pixi' })
  });
  for (const command of Object.values(CommandIDs)) {
    palette?.addItem({ command, category: trans.__('Pixi') });
  }
}
