import * as React from 'react';

import { amount, phaseName } from '../phases';
import { usePanel } from './context';
import { Button, StateMark } from './elements';
import { IWork } from './work';

/** That the answer of a solve is waited for. */
export function Solving(): JSX.Element {
  const { trans } = usePanel();
  return (
    <p className="pj-Solving">
      <StateMark state="running" name={trans.__('Running')} />
      {trans.__('Solving…')}
    </p>
  );
}

/** How far a change is, and the way to stop it. */
export function Busy(props: { work: IWork }): JSX.Element {
  const { trans } = usePanel();
  const { operation } = props.work;
  const status = React.useRef<HTMLSpanElement>(null);
  // the button that began it is gone; on Cancel a second Enter would undo the first
  React.useEffect(() => status.current?.focus(), []);
  return (
    <div className="pj-acts">
      <span className="pj-Solving" ref={status} tabIndex={-1}>
        <StateMark state="running" name={trans.__('Running')} />
        {operation
          ? `${phaseName(operation.phase, trans)} ${amount(operation)}`
          : trans.__('Starting')}
      </span>
      <span className="pj-sp" />
      <Button
        disabled={!(operation?.can_cancel ?? false)}
        onClick={props.work.cancel}
      >
        {trans.__('Cancel')}
      </Button>
    </div>
  );
}
