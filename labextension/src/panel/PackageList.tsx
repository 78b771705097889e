import * as React from 'react';

import { number } from '../format';
import { tableOf } from '../tables';
import { IPackage } from '../wire';
import { useModel, usePanel } from './context';
import { Icon } from './elements';
import { openMenu } from './Head';
import { IKept, keyOf } from './kept';
import { PackageDetail } from './PackageDetail';
import { PackageRow } from './PackageRow';
import { useRows } from './rows';
import { Tabs } from './Tabs';

export type Keep = (change: Partial<IKept>) => void;

/** The packages that fit, and what can be done with each from the keyboard. */
export function PackageList(props: {
  packages: IPackage[];
  kept: IKept;
  keep: Keep;
  onSearch: () => void;
}): JSX.Element {
  const { trans, show } = usePanel();
  const model = useModel('workspace');
  const { packages, kept, keep } = props;
  const [removing, setRemoving] = React.useState<IPackage | null>(null);
  const wanted = React.useMemo(
    () => matching(withRow(packages, removing), kept.query, kept.bySize),
    [packages, removing, kept.query, kept.bySize]
  );
  const explicit = wanted.filter(each => each.is_explicit);
  const shown = kept.tab === 'all' ? wanted : explicit;
  const { workspace } = model;
  const mayWrite = !!workspace?.may.write && !workspace.error;
  const open = (key: string | null): void => {
    setRemoving(null);
    keep({ open: key });
  };
  const remove = (item: IPackage): void => {
    if (item.is_explicit && mayWrite) {
      keep({ open: keyOf(item) });
      setRemoving(item);
    }
  };
  const version = (item: IPackage): void => {
    if (mayWrite) {
      const { name, kind } = item;
      keep({ active: keyOf(item), wantsFocus: true });
      const own = item.is_explicit && { table: tableOf(item.where) };
      show({ kind: 'add', query: '', chosen: { name, kind, ...own } });
    }
  };
  const rows = useRows({
    keys: shown.map(keyOf),
    names: shown.map(each => each.name),
    open: kept.open,
    active: kept.active,
    wantsFocus: kept.wantsFocus,
    onActive: (active, wantsFocus) => keep({ active, wantsFocus }),
    onKey: (event, at) => {
      const item = shown[at];
      if (!item) {
        return false;
      }
      const key = keyOf(item);
      switch (event.shiftKey ? `Shift ${event.key}` : event.key) {
        case 'Enter':
        case ' ':
          open(kept.open === key ? null : key);
          return true;
        case 'ArrowRight':
          open(key);
          return true;
        case 'ArrowLeft':
          open(null);
          return true;
        case 'Delete':
          remove(item);
          return true;
        case 'F2':
          version(item);
          return true;
        case 'ContextMenu':
        case 'Shift F10':
          menu(event.target as HTMLElement, item);
          return true;
      }
      return false;
    }
  });
  React.useEffect(() => {
    rows.detail.current?.scrollIntoView({ block: 'nearest' });
  }, [kept.open, removing]);
  const menu = (anchor: HTMLElement, item: IPackage): void =>
    openMenu(anchor, [
      {
        label: trans.__('Version…'),
        isEnabled: mayWrite,
        execute: () => version(item)
      },
      {
        label: trans.__('Why is it here'),
        execute: () => show({ kind: 'why', name: item.name })
      },
      null,
      {
        label: trans.__('Remove'),
        isEnabled: mayWrite && item.is_explicit,
        execute: () => remove(item)
      }
    ]);
  const removed = (index: number): void => {
    const next = shown[index + 1] ?? shown[index - 1];
    setRemoving(null);
    keep({
      open: null,
      active: next ? keyOf(next) : null,
      wantsFocus: !!next
    });
  };
  const others = wanted.length - explicit.length;
  return (
    <>
      <Tabs
        label={trans.__('Which packages')}
        current={kept.tab}
        onChoose={tab => keep({ tab: tab as IKept['tab'] })}
        tabs={[
          {
            id: 'explicit',
            title: trans.__('Explicit %1', number(explicit.length))
          },
          { id: 'all', title: trans.__('All %1', number(wanted.length)) }
        ]}
      >
        <Sort kept={kept} keep={keep} />
      </Tabs>
      <div
        {...rows.box}
        className={[
          'pj-List',
          rows.isWindowed && 'pj-mod-many',
          kept.bySize && 'pj-mod-bysize'
        ]
          .filter(Boolean)
          .join(' ')}
        role="treegrid"
        aria-label={trans.__('Packages')}
        aria-rowcount={shown.length}
      >
        <div
          className="pj-Rows"
          role="rowgroup"
          style={rows.isWindowed ? { height: rows.height } : undefined}
        >
          {rows.rows.map(index => {
            const item = shown[index]!;
            const key = keyOf(item);
            const isOpen = kept.open === key;
            return (
              <div key={key} role="presentation" style={rows.styleOf(index)}>
                <PackageRow
                  item={item}
                  index={index}
                  isOpen={isOpen}
                  isStop={rows.stop === index}
                  onClick={() => open(isOpen ? null : key)}
                  onFocus={() =>
                    kept.active !== key &&
                    keep({ active: key, wantsFocus: false })
                  }
                  onMenu={anchor => menu(anchor, item)}
                />
                {isOpen && (
                  <div
                    className="pj-Detail"
                    role="row"
                    aria-level={2}
                    ref={rows.detail}
                  >
                    <div role="gridcell">
                      <PackageDetail
                        item={item}
                        isRemoving={
                          removing !== null && keyOf(removing) === key
                        }
                        onRemoving={is => setRemoving(is ? item : null)}
                        onVersion={() => version(item)}
                        onRemoved={() => removed(index)}
                      />
                    </div>
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {kept.tab === 'explicit' && others > 0 && (
        <More
          text={
            kept.query.trim()
              ? trans._n('%1 more fits', '%1 more fit', others)
              : trans._n(
                  '%1 more comes with these',
                  '%1 more come with these',
                  others
                )
          }
          action={trans.__('Show')}
          onClick={() => keep({ tab: 'all' })}
        />
      )}
      {kept.query.trim() && mayWrite && (
        <More
          icon="search"
          text={trans.__('Search channels for %1', kept.query.trim())}
          action="↵"
          onClick={props.onSearch}
        />
      )}
    </>
  );
}

function Sort(props: { kept: IKept; keep: Keep }): JSX.Element {
  const { trans } = usePanel();
  const { kept, keep } = props;
  const label = kept.bySize
    ? trans.__('Sorted by size; sort by name')
    : trans.__('Sorted by name; sort by size');
  return (
    <button
      type="button"
      className="pj-ib"
      aria-label={label}
      title={label}
      aria-pressed={kept.bySize}
      onClick={() => keep({ bySize: !kept.bySize })}
    >
      <Icon name="sort" />
    </button>
  );
}

function More(props: {
  text: string;
  action: string;
  icon?: string;
  onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" className="pj-Row pj-more" onClick={props.onClick}>
      {props.icon ? <Icon name={props.icon} /> : <span />}
      <span className="pj-cut">{props.text}</span>
      <span>{props.action}</span>
    </button>
  );
}

/** Keep the row of a package on its way out until all of that is done. */
function withRow(
  packages: readonly IPackage[],
  removing: IPackage | null
): readonly IPackage[] {
  return removing && !packages.some(each => keyOf(each) === keyOf(removing))
    ? [...packages, removing]
    : packages;
}

function matching(
  packages: readonly IPackage[],
  query: string,
  bySize: boolean
): IPackage[] {
  const wanted = query.trim().toLowerCase();
  return packages
    .filter(each => each.name.toLowerCase().includes(wanted))
    .sort((one, other) =>
      bySize
        ? (other.size ?? 0) - (one.size ?? 0)
        : one.name.localeCompare(other.name)
    );
}
