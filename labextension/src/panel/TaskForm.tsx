import * as React from 'react';

import { commandOf, firstValues, isMissing, needsPlace } from '../tasks';
import { IArgument, ITask } from '../wire';
import { usePanel } from './context';
import { Button } from './elements';

/** The arguments of a task, and the command that comes of them. */
export function TaskForm(props: {
  task: ITask;
  isDisabled: boolean;
  onRun: (values: string[], environment: string | null) => void;
  onClose: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { task } = props;
  const id = React.useId();
  const form = React.useRef<HTMLDivElement>(null);
  const [values, setValues] = React.useState(() => firstValues(task));
  const [place, setPlace] = React.useState(
    needsPlace(task) ? task.environments[0]! : null
  );
  const [isChecked, setChecked] = React.useState(false);
  React.useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, []);
  const missing = task.arguments.map((each, at) =>
    isMissing(each, values[at] ?? '')
  );
  const run = (): void => {
    setChecked(true);
    const first = missing.indexOf(true);
    if (first < 0) {
      props.onRun(values, place);
    } else {
      form.current
        ?.querySelectorAll<HTMLElement>('[data-argument]')
        [first]?.focus();
    }
  };
  const pressed = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      props.onClose();
    } else if (
      event.key === 'Enter' &&
      (event.target as HTMLElement).tagName === 'INPUT'
    ) {
      run();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const command = commandOf(task, values);
  return (
    <div
      ref={form}
      role="group"
      aria-label={trans.__('Arguments of %1', task.name)}
      onKeyDown={pressed}
    >
      <div className="pj-Args">
        {task.arguments.map((each, at) => (
          <Field
            key={each.name}
            id={`${id}-${at}`}
            argument={each}
            value={values[at] ?? ''}
            isWrong={isChecked && missing[at]!}
            onChange={value =>
              setValues(
                values.map((old, place) => (place === at ? value : old))
              )
            }
          />
        ))}
        {place !== null && (
          <>
            <label htmlFor={`${id}-environment`}>
              {trans.__('environment')}
            </label>
            <select
              id={`${id}-environment`}
              className="pj-field"
              value={place}
              onChange={event => setPlace(event.target.value)}
            >
              {task.environments.map(each => (
                <option key={each}>{each}</option>
              ))}
            </select>
            <small>{trans.__('several have this task')}</small>
          </>
        )}
      </div>
      <div className="pj-acts">
        <Button kind="accept" disabled={props.isDisabled} onClick={run}>
          {trans.__('Run')}
        </Button>
        <Button onClick={props.onClose}>{trans.__('Cancel')}</Button>
        {command !== null && (
          <span className="pj-meta pj-code pj-cut" title={command}>
            $ {command}
          </span>
        )}
      </div>
    </div>
  );
}

function Field(props: {
  id: string;
  argument: IArgument;
  value: string;
  isWrong: boolean;
  onChange: (value: string) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { argument, id } = props;
  const { choices } = argument;
  const isDefault =
    argument.default !== null && props.value === argument.default;
  const hint =
    argument.default === null
      ? trans.__('needed')
      : isDefault
        ? trans.__('default')
        : trans.__('instead of %1', argument.default || trans.__('nothing'));
  const shared = {
    id,
    className: 'pj-field',
    'data-argument': argument.name,
    'aria-describedby': `${id}-hint`,
    'aria-required': argument.default === null,
    value: props.value
  };
  return (
    <>
      <label htmlFor={id}>{argument.name}</label>
      {choices?.length ? (
        <select
          {...shared}
          onChange={event => props.onChange(event.target.value)}
        >
          {choices.map(each => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          type="text"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={props.isWrong}
          onChange={event => props.onChange(event.target.value)}
        />
      )}
      <small id={`${id}-hint`} className={props.isWrong ? 'pj-mod-wrong' : ''}>
        {hint}
      </small>
    </>
  );
}
