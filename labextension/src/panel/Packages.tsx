import * as React from 'react';

import { useModel, usePanel } from './context';
import { Button, ErrorNote, Icon, Section } from './elements';
import { IKept, keptOf } from './kept';
import { Keep, PackageList } from './PackageList';

/** The packages of the environment that is selected. */
export function Packages(): JSX.Element {
  const { trans, show } = usePanel();
  const model = useModel('packages', 'environments', 'workspace');
  const [kept, keep] = useKept();
  const packages = model.packages();
  const error = model.errors.get('packages');
  const { workspace } = model;
  const mayWrite = !!workspace?.may.write && !workspace.error;
  const add = (query: string, back: IKept['back']): void => {
    keep({ back });
    show({ kind: 'add', query });
  };
  const search = (): void => add(kept.query.trim(), 'find');
  const heading = useReturn(kept);
  return (
    <Section
      elementRef={heading}
      title={trans.__('Packages')}
      of={trans.__('in %1', model.selected)}
      className="pj-Pkgs"
      action={
        <Button
          size="row"
          label={trans.__('Add package')}
          disabled={!mayWrite}
          onClick={() => add('', 'add')}
        >
          <Icon name="plus" className="pj-mod-12" />
          {trans.__('Add')}
        </Button>
      }
    >
      <Find kept={kept} keep={keep} onSearch={search} />
      {error && <ErrorNote error={error} />}
      {packages && (
        <PackageList
          packages={packages}
          kept={kept}
          keep={keep}
          onSearch={search}
        />
      )}
    </Section>
  );
}

/** Use what is kept of the list, also over other views. */
function useKept(): [IKept, Keep] {
  const { model } = usePanel();
  const [, again] = React.useReducer((count: number) => count + 1, 0);
  const kept = keptOf(model);
  return [
    kept,
    change => {
      Object.assign(kept, change);
      again();
    }
  ];
}

/** Put the focus back on what a view was opened from. */
function useReturn(kept: IKept): React.RefObject<HTMLElement> {
  const section = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    const wanted = { add: '.pj-Sec-title .pj-btn', find: 'input' };
    if (kept.back !== null) {
      const from = section.current?.querySelector<HTMLElement>(
        wanted[kept.back]
      );
      kept.back = null;
      from?.focus();
    }
  }, [kept]);
  return section;
}

function Find(props: {
  kept: IKept;
  keep: Keep;
  onSearch: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const field = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    const panel = field.current?.closest<HTMLElement>('.pj-Panel');
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTyping = (event.target as HTMLElement).matches(
        'input, textarea, select'
      );
      if (event.key === '/' && !isTyping) {
        event.preventDefault();
        field.current?.focus();
      }
    };
    panel?.addEventListener('keydown', onKeyDown);
    return () => panel?.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <div className="pj-Sec-tools">
      <div className="pj-field">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          placeholder={trans.__('Find or add a package')}
          aria-label={trans.__('Find or add a package')}
          value={props.kept.query}
          onChange={event => props.keep({ query: event.target.value })}
          onKeyDown={event => {
            if (event.key === 'Enter' && props.kept.query.trim()) {
              props.onSearch();
            } else if (event.key === 'Escape' && props.kept.query) {
              props.keep({ query: '' });
            } else if (event.key === 'Escape') {
              field.current?.blur();
            } else {
              return;
            }
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      </div>
    </div>
  );
}
