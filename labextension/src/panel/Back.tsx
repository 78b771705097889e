import * as React from 'react';

import { usePanel } from './context';
import { IconButton } from './elements';

/** The head of a view that stands in place of the panel. */
export function Back(props: {
  title: string;
  meta?: string;
  onBack: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  return (
    <header className="pj-Back">
      <IconButton icon="back" label={trans.__('Back')} onClick={props.onBack} />
      <h2 className="pj-cut">{props.title}</h2>
      {props.meta && <span className="pj-meta">{props.meta}</span>}
    </header>
  );
}
