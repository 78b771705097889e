import * as React from 'react';

interface ITab {
  id: string;
  title: string;
}

/** Tabs; the arrow keys go from one to the next. */
export function Tabs(props: {
  label: string;
  tabs: readonly ITab[];
  current: string;
  onChoose: (id: string) => void;
  children?: React.ReactNode;
}): JSX.Element {
  const { tabs, current } = props;
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) {
      return;
    }
    const at = tabs.findIndex(each => each.id === current);
    const next = tabs[(at + step + tabs.length) % tabs.length]!;
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('button');
    buttons[tabs.indexOf(next)]?.focus();
    props.onChoose(next.id);
    event.preventDefault();
  };
  return (
    <div className="pj-tabs">
      <div
        className="pj-tablist"
        role="tablist"
        aria-label={props.label}
        onKeyDown={onKeyDown}
      >
        {tabs.map(each => (
          <button
            key={each.id}
            type="button"
            role="tab"
            aria-selected={each.id === current}
            tabIndex={each.id === current ? 0 : -1}
            onClick={() => props.onChoose(each.id)}
          >
            {each.title}
          </button>
        ))}
      </div>
      <span className="pj-sp" />
      {props.children}
    </div>
  );
}
