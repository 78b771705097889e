import * as React from 'react';

import { bytes } from '../format';
import { Needs } from '../needs';
import { IPackage } from '../wire';
import { Back } from './Back';
import { useModel, usePanel } from './context';
import { Icon } from './elements';
import { keptOf, keyOf } from './kept';
import { useRows } from './rows';
import { Tabs } from './Tabs';

/** Deeper than this nobody looks; every level is 14 px. */
const INDENT = 14;

/** Levels that are open at first. */
const OPEN_AT_FIRST = 2;

type Direction = 'needed_by' | 'needs';

/** Why a package is there, and what it brings, as trees. */
export function WhyView(props: { name: string }): JSX.Element {
  const { trans, show } = usePanel();
  const model = useModel('packages');
  const packages = model.packages();
  const needs = React.useMemo(() => new Needs(packages ?? []), [packages]);
  const item = needs.get(props.name);
  const [direction, setDirection] = React.useState<Direction>(
    item?.needed_by.length === 0 ? 'needs' : 'needed_by'
  );
  const leave = (): void => {
    if (item) {
      Object.assign(keptOf(model), { active: keyOf(item), wantsFocus: true });
    }
    show({ kind: 'panel' });
  };
  const meta = [
    item?.version,
    item?.size === null || !item ? '' : bytes(item.size)
  ];
  return (
    <div
      className="pj-View"
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          leave();
        }
      }}
    >
      <Back
        title={props.name}
        meta={meta.filter(Boolean).join(' · ')}
        onBack={leave}
      />
      <Tabs
        label={trans.__('Direction')}
        current={direction}
        onChoose={id => setDirection(id as Direction)}
        tabs={[
          {
            id: 'needed_by',
            title: trans.__(
              'Needed by %1',
              String(needs.next(props.name, 'needed_by').length)
            )
          },
          {
            id: 'needs',
            title: trans.__(
              'Needs %1',
              String(needs.next(props.name, 'needs').length)
            )
          }
        ]}
      />
      <Tree
        key={direction}
        needs={needs}
        name={props.name}
        direction={direction}
      />
      <div className="pj-Foot">
        <span className="pj-meta">
          {item ? (
            <Sentence item={item} needs={needs} />
          ) : (
            trans.__('%1 is not here any more.', props.name)
          )}
        </span>
      </div>
    </div>
  );
}

/** What removal would take, in a sentence. */
function Sentence(props: { item: IPackage; needs: Needs }): JSX.Element {
  const { trans } = usePanel();
  const { item, needs } = props;
  const reasons = needs.reasons(item.name);
  const names = listed(reasons, trans.__('and'), count =>
    trans._n('%1 more', '%1 more', count)
  );
  if (item.is_explicit && reasons.length > 0) {
    return (
      <>
        {trans.__(
          'You asked for it, and %1 would keep it if you did not.',
          names
        )}
      </>
    );
  }
  if (item.is_explicit) {
    const gone = needs.goneWithout([item.name]).length;
    return (
      <>
        {gone === 0
          ? trans.__('Remove it, and nothing else goes.')
          : trans._n(
              'Remove it, and %1 that nothing else needs goes too.',
              'Remove it, and %1 that nothing else needs go too.',
              gone
            )}
      </>
    );
  }
  return (
    <>
      {reasons.length === 0
        ? trans.__('Nothing that you asked for needs it.')
        : trans.__('Remove %1, and it goes too.', names)}
    </>
  );
}

function listed(
  names: readonly string[],
  and: string,
  more: (count: number) => string
): string {
  const most = 4;
  const shown =
    names.length > most
      ? [...names.slice(0, most - 1), more(names.length - most + 1)]
      : names;
  return shown.length < 2
    ? (shown[0] ?? '')
    : `${shown.slice(0, -1).join(', ')} ${and} ${shown[shown.length - 1]}`;
}

interface INode {
  path: string;
  level: number;
  item: IPackage;
  hasMore: boolean;
  isOpen: boolean;
}

function Tree(props: {
  needs: Needs;
  name: string;
  direction: Direction;
}): JSX.Element {
  const { trans } = usePanel();
  const { needs, name, direction } = props;
  const [turned, setTurned] = React.useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = React.useState<string | null>(null);
  const [wantsFocus, setWantsFocus] = React.useState(false);
  const nodes = React.useMemo(
    () => nodesOf(needs, name, direction, turned),
    [needs, name, direction, turned]
  );
  const turn = (node: INode): void => {
    if (node.hasMore) {
      const next = new Set(turned);
      if (!next.delete(node.path)) {
        next.add(node.path);
      }
      setTurned(next);
    }
  };
  const rows = useRows({
    keys: nodes.map(each => each.path),
    names: nodes.map(each => each.item.name),
    open: null,
    active,
    wantsFocus,
    onActive: (key, wants) => {
      setActive(key);
      setWantsFocus(wants);
    },
    onKey: (event, at) => {
      const node = nodes[at];
      const wants = { ArrowRight: true, ArrowLeft: false }[event.key];
      if (!node) {
        return false;
      }
      if (wants === undefined && !['Enter', ' '].includes(event.key)) {
        return false;
      }
      if (wants === undefined || wants !== node.isOpen) {
        turn(node);
      }
      return true;
    }
  });
  return (
    <div
      {...rows.box}
      className="pj-List pj-Tree"
      role="treegrid"
      aria-label={
        direction === 'needs' ? trans.__('Needs') : trans.__('Needed by')
      }
      aria-rowcount={nodes.length}
    >
      <div
        className="pj-Rows"
        role="rowgroup"
        style={rows.isWindowed ? { height: rows.height } : undefined}
      >
        {rows.rows.map(index => {
          const node = nodes[index]!;
          const { item } = node;
          return (
            <div
              key={node.path}
              className="pj-Row pj-Pkg"
              role="row"
              data-key={node.path}
              data-package={item.name}
              data-explicit={item.is_explicit}
              aria-rowindex={index + 1}
              aria-level={node.level}
              aria-expanded={node.hasMore ? node.isOpen : undefined}
              tabIndex={rows.stop === index ? 0 : -1}
              style={{
                ...rows.styleOf(index),
                paddingLeft: 12 + (node.level - 1) * INDENT
              }}
              onClick={() => turn(node)}
              onFocus={() => setActive(node.path)}
            >
              {node.hasMore ? (
                <Icon name={node.isOpen ? 'down' : 'right'} />
              ) : (
                <span />
              )}
              <span className="pj-name" role="gridcell">
                <b title={item.name}>{item.name}</b>
              </span>
              <span className="pj-ver pj-quiet" role="gridcell">
                {item.version}
              </span>
              <span className="pj-src" role="gridcell">
                {item.is_explicit && trans.__('explicit')}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Write a tree down as rows; a circle is not gone around twice. */
function nodesOf(
  needs: Needs,
  root: string,
  direction: Direction,
  turned: ReadonlySet<string>
): INode[] {
  const found: INode[] = [];
  const walk = (name: string, above: readonly string[]): void => {
    for (const item of needs.next(name, direction)) {
      if (above.includes(item.name)) {
        continue;
      }
      const names = [...above, item.name];
      const path = names.join(' ');
      const level = names.length - 1;
      const hasMore = needs
        .next(item.name, direction)
        .some(each => !names.includes(each.name));
      const isOpen = hasMore && level < OPEN_AT_FIRST !== turned.has(path);
      found.push({ path, level, item, hasMore, isOpen });
      if (isOpen) {
        walk(item.name, names);
      }
    }
  };
  walk(root, [needs.get(root)?.name ?? root]);
  return found;
}
