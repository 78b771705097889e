import { Menu } from '@lumino/widgets';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { IconButton, Icon } from './elements';
import { IPanelContext, useModel, usePanel } from './context';

/** The workspace that is shown, and the way to another one. */
export function Head(): JSX.Element {
  const panel = usePanel();
  const { trans, host } = panel;
  const { workspace, selected } = useModel('workspace', 'environments');
  const name = workspace?.name ?? '';
  const terminal = trans.__('Open a terminal in %1', selected);
  return (
    <header className="pj-Head">
      <button
        type="button"
        className="pj-Switch"
        aria-haspopup="menu"
        aria-label={trans.__('Workspace %1', name)}
        title={workspace?.shown}
        onClick={event => switchMenu(panel, event.currentTarget)}
      >
        <span className="pj-Switch-name">
          <span className="pj-cut">{name}</span>
          <Icon name="down" />
        </span>
        <span className="pj-Switch-path">{workspace?.shown}</span>
      </button>
      {host.openTerminal && workspace?.found && (
        <IconButton
          icon="term"
          label={terminal}
          onClick={() => host.openTerminal?.(workspace?.folder ?? '', selected)}
        />
      )}
      <IconButton
        icon="more"
        label={trans.__('More')}
        menu
        onClick={event => moreMenu(panel, event.currentTarget)}
      />
    </header>
  );
}

interface IItem {
  label: string;
  isOn?: boolean;
  isEnabled?: boolean;
  execute: () => void;
}

/** Open a menu below an element; Lumino's, so that keyboard and themes are right. */
export function openMenu(anchor: HTMLElement, items: (IItem | null)[]): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  items.forEach((item, number) => {
    if (item === null) {
      menu.addItem({ type: 'separator' });
      return;
    }
    const command = `item-${number}`;
    commands.addCommand(command, {
      label: item.label,
      isToggled: () => item.isOn ?? false,
      isToggleable: item.isOn !== undefined,
      isEnabled: () => item.isEnabled ?? true,
      execute: item.execute
    });
    menu.addItem({ command });
  });
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose(), 100));
  const place = anchor.getBoundingClientRect();
  menu.open(place.left, place.bottom);
}

function switchMenu(
  { model, trans, host }: IPanelContext,
  anchor: HTMLElement
): void {
  const { workspace } = model;
  const others = workspace?.choices ?? [];
  openMenu(anchor, [
    ...others.map(each => ({
      label: `${each.name} (${each.path})`,
      isOn: each.path === workspace?.path,
      execute: () => host.choose(each.path)
    })),
    ...(others.length ? [null] : []),
    {
      label: trans.__('Follow the current notebook'),
      execute: () => host.choose('')
    }
  ]);
}

function moreMenu(
  { model, trans, host }: IPanelContext,
  anchor: HTMLElement
): void {
  const { workspace, selected } = model;
  const may = !!workspace?.found && workspace.may.write;
  const path = workspace?.path ?? null;
  openMenu(anchor, [
    {
      label: trans.__('Open the manifest'),
      isEnabled: path !== null,
      execute: () => path !== null && host.openFile(path, null)
    },
    { label: trans.__('Refresh'), execute: () => void model.refresh() },
    null,
    {
      label: trans.__('Update lock'),
      isEnabled: may,
      execute: () => void model.start('lock', {})
    },
    {
      label: trans.__('Update all packages within their limits'),
      isEnabled: may,
      execute: () => void model.start('update', {})
    },
    {
      label: trans.__('Repair %1', selected),
      isEnabled: may,
      execute: () => void model.start('reinstall', { environments: [selected] })
    }
  ]);
}
