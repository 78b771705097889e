import * as React from 'react';

import { IError } from '../wire';
import { usePanel } from './context';

/** A picture of ours; it says nothing that words beside it do not say. */
export function Icon(props: { name: string; className?: string }): JSX.Element {
  const names = ['pj-i', `i-${props.name}`, props.className].filter(Boolean);
  return <i className={names.join(' ')} aria-hidden="true" />;
}

/** The mark of a state: its shape tells it, its colour helps. */
export function StateMark(props: {
  state: string;
  name: string;
  percent?: number | null;
}): JSX.Element {
  const style = { '--p': props.percent ?? 30 } as React.CSSProperties;
  return (
    <i
      className="pj-i pj-st"
      data-state={props.state}
      role="img"
      aria-label={props.name}
      style={style}
    />
  );
}

interface IButton {
  children?: React.ReactNode;
  onClick: () => void;
  /** What it is called where its text is not enough. */
  label?: string;
  describedBy?: string;
  kind?: 'accept' | 'warn';
  size?: 'row' | 'big';
  disabled?: boolean;
  className?: string;
  tabIndex?: number;
  title?: string;
}

export function Button(props: IButton): JSX.Element {
  const names = [
    'pj-btn',
    props.kind && `pj-mod-${props.kind}`,
    props.size && `pj-mod-${props.size}`,
    props.className
  ];
  return (
    <button
      type="button"
      className={names.filter(Boolean).join(' ')}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      title={props.title}
      onClick={event => {
        event.stopPropagation();
        props.onClick();
      }}
    >
      {props.children}
    </button>
  );
}

export function IconButton(props: {
  icon: string;
  label: string;
  onClick: (event: React.MouseEvent<HTMLElement>) => void;
  expanded?: boolean;
  menu?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      className="pj-ib"
      aria-label={props.label}
      title={props.label}
      aria-expanded={props.expanded}
      aria-haspopup={props.menu ? 'menu' : undefined}
      onClick={event => {
        event.stopPropagation();
        props.onClick(event);
      }}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** A part of the panel that can be folded. */
export function Section(props: {
  title: string;
  of?: string;
  count?: number | string;
  action?: React.ReactNode;
  isOpen?: boolean;
  children: React.ReactNode;
  className?: string;
  elementRef?: React.RefObject<HTMLElement>;
}): JSX.Element {
  const [isOpen, setOpen] = React.useState(props.isOpen ?? true);
  const names = ['pj-Sec', !isOpen && 'pj-mod-closed', props.className];
  return (
    <section ref={props.elementRef} className={names.filter(Boolean).join(' ')}>
      <h3 className="pj-Sec-title">
        <button
          type="button"
          className="pj-Sec-fold"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'down' : 'right'} />
          <span>{props.title}</span>
          {props.of && <span className="pj-of pj-cut">{props.of}</span>}
          <span className="pj-n">{props.count}</span>
        </button>
        <span className="pj-sp" />
        {props.action}
      </h3>
      {isOpen && props.children}
    </section>
  );
}

/** How far something is. */
export function Bar(props: {
  percent: number | null;
  label: string;
  text: string;
}): JSX.Element {
  const value = props.percent ?? undefined;
  return (
    <div
      className="pj-bar"
      style={{ '--p': props.percent ?? 30 } as React.CSSProperties}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      aria-valuetext={props.text}
      aria-label={props.label}
    >
      <i />
    </div>
  );
}

/** What went wrong, in our words: what, evidence, and what can be done. */
export function ErrorNote(props: {
  error: IError;
  title?: string;
  children?: React.ReactNode;
}): JSX.Element {
  const { error } = props;
  return (
    <div className="pj-Note" data-kind="bad" role="alert">
      {props.title && <h4>{props.title}</h4>}
      <p>{error.message}</p>
      {error.details.length > 0 && <pre>{error.details.join('\n')}</pre>}
      {error.hints.map(hint => (
        <p key={hint} className="pj-quiet">
          {hint}
        </p>
      ))}
      {props.children && <div className="pj-acts">{props.children}</div>}
    </div>
  );
}

/** Count a thing in words, as a translation has it. */
export function useCount(): (
  one: string,
  many: string,
  count: number
) => string {
  const { trans } = usePanel();
  return (one, many, count) => trans._n(one, many, count);
}
