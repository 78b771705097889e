import * as React from 'react';

import { bytes } from '../format';
import { IPackage } from '../wire';
import { usePanel } from './context';
import { Icon } from './elements';
import { keyOf } from './kept';

/** One package of an environment. */
export function PackageRow(props: {
  item: IPackage;
  index: number;
  isOpen: boolean;
  isStop: boolean;
  onClick: () => void;
  onFocus: () => void;
  onMenu: (anchor: HTMLElement) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { item, isOpen } = props;
  return (
    <div
      className="pj-Row pj-Pkg"
      role="row"
      data-key={keyOf(item)}
      data-package={item.name}
      data-explicit={item.is_explicit}
      aria-rowindex={props.index + 1}
      aria-level={1}
      aria-selected={isOpen}
      aria-expanded={isOpen}
      tabIndex={props.isStop ? 0 : -1}
      onClick={props.onClick}
      onFocus={props.onFocus}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu(event.currentTarget);
      }}
    >
      {isOpen ? <Icon name="down" /> : <span />}
      <span className="pj-name" role="gridcell">
        <b title={item.name}>{item.name}</b>
        {!item.is_explicit && (
          <span className="pj-Live">{trans.__('comes with others')}</span>
        )}
      </span>
      <span className="pj-ver" role="gridcell">
        {item.version}
      </span>
      <span className="pj-src" role="gridcell" title={item.source}>
        {item.kind === 'pypi' ? (
          <span className="pj-tag">{item.source}</span>
        ) : (
          item.source
        )}
      </span>
      <span className="pj-size" role="gridcell">
        {item.size === null ? '' : bytes(item.size)}
      </span>
    </div>
  );
}
