import * as React from 'react';

import { phaseName } from '../phases';
import { pieces } from '../tasks';
import { ILogLine } from '../wire';
import { IPanelContext, usePanel } from './context';

/** Lines that are drawn together; only the last block of a log changes. */
const BLOCK = 200;
/** Pixels from the end within which a reader is at the end. */
const NEAR = 8;

/** What an operation wrote; it follows its end until a reader scrolls away from it. */
export function TaskLog(props: {
  name: string;
  lines: ILogLine[];
}): JSX.Element {
  const { trans } = usePanel();
  const box = React.useRef<HTMLDivElement>(null);
  const [follows, setFollows] = React.useState(true);
  const { lines } = props;
  React.useLayoutEffect(() => {
    if (follows && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [lines, follows]);
  const scrolled = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    setFollows(scrollHeight - clientHeight - scrollTop < NEAR);
  };
  return (
    <div className="pj-TaskLog-frame">
      <div
        ref={box}
        className="pj-TaskLog"
        role="log"
        aria-label={trans.__('Log of %1', props.name)}
        aria-live="off"
        tabIndex={0}
        onScroll={scrolled}
      >
        {blocks(lines).map(([number, each]) => (
          <Block key={number} lines={each} />
        ))}
      </div>
      {!follows && (
        <button
          type="button"
          className="pj-link pj-TaskLog-end"
          onClick={() => setFollows(true)}
        >
          {trans.__('Go to the end')}
        </button>
      )}
    </div>
  );
}

const Block = React.memo(
  function Block(props: { lines: ILogLine[] }): JSX.Element {
    const { trans } = usePanel();
    return (
      <pre>
        {props.lines.map(line => (
          <React.Fragment key={line.number}>
            {shown(line, trans)}
          </React.Fragment>
        ))}
      </pre>
    );
  },
  // lines never change: the same first and last one is the same block
  (one, other) =>
    one.lines.length === other.lines.length &&
    one.lines[0]?.number === other.lines[0]?.number
);

function shown(line: ILogLine, trans: IPanelContext['trans']): React.ReactNode {
  if (line.level === 'output') {
    return [
      ...pieces(line.text).map((piece, at) =>
        piece.kind ? (
          <span key={at} className={piece.kind}>
            {piece.text}
          </span>
        ) : (
          piece.text
        )
      ),
      '\n'
    ];
  }
  const kind = line.level === 'warning' ? 'attn' : 'q';
  const [phase = '', ...rest] = line.text.split(' ');
  const text =
    line.level === 'progress'
      ? [phaseName(phase, trans), ...rest].join(' ')
      : line.text;
  return <span className={kind}>{`${text}\n`}</span>;
}

/** Cut a log into blocks that keep their lines while it grows. */
function blocks(lines: readonly ILogLine[]): [number, ILogLine[]][] {
  const found = new Map<number, ILogLine[]>();
  for (const line of lines) {
    const number = Math.floor(line.number / BLOCK);
    const block = found.get(number);
    if (block) {
      block.push(line);
    } else {
      found.set(number, [line]);
    }
  }
  return [...found];
}
