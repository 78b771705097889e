import * as React from 'react';

import { isSame, ITable, ITableChoice } from '../tables';
import { usePanel } from './context';

/** Into which table. */
export function TableField(props: {
  choices: ITableChoice[];
  table: ITable;
  disabled: boolean;
  onChoose: (table: ITable) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { choices, table } = props;
  const isListed = choices.some(each => isSame(each.table, table));
  const option = (each: ITableChoice): JSX.Element => (
    <option key={each.title} value={JSON.stringify(each.table)}>
      {each.kind === 'environment'
        ? each.title
        : `${each.title} ${each.environments.join(', ')}`}
    </option>
  );
  const group = (kind: ITableChoice['kind'], label: string): JSX.Element[] =>
    choices.some(each => each.kind === kind)
      ? [
          <optgroup key={kind} label={label}>
            {choices.filter(each => each.kind === kind).map(option)}
          </optgroup>
        ]
      : [];
  return (
    <select
      id="pj-add-table"
      className="pj-field"
      disabled={props.disabled}
      value={JSON.stringify(table)}
      onChange={event =>
        props.onChoose(JSON.parse(event.target.value) as ITable)
      }
    >
      {!isListed && (
        <option value={JSON.stringify(table)}>
          {[table.feature, table.environment, table.platform]
            .filter(Boolean)
            .join(', ')}
        </option>
      )}
      {choices.filter(each => each.kind === 'own').map(option)}
      {group('feature', trans.__('Features'))}
      {group('environment', trans.__('Inside one environment'))}
    </select>
  );
}

const WRITTEN = ' ';

/** Which version: the latest, one of them, or what somebody writes. */
export function VersionField(props: {
  versions: string[];
  requirement: string;
  /** Whether it is asked for already, so that "latest" would change nothing. */
  isPresent: boolean;
  disabled: boolean;
  onChoose: (requirement: string) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { versions, requirement } = props;
  const exact = /^==([^,*\s]+)$/.exec(requirement)?.[1];
  const [isWritten, setWritten] = React.useState(
    props.isPresent || (requirement !== '' && !exact)
  );
  const newest = versions[0];
  return (
    <>
      <label htmlFor="pj-add-version">{trans.__('Version')}</label>
      <select
        id="pj-add-version"
        className="pj-field"
        disabled={props.disabled}
        value={isWritten ? WRITTEN : requirement}
        onChange={event => {
          const { value } = event.target;
          setWritten(value === WRITTEN);
          if (value !== WRITTEN) {
            props.onChoose(value);
          }
        }}
      >
        {!props.isPresent && (
          <option value="">
            {newest
              ? trans.__('latest that fits, now %1', newest)
              : trans.__('latest that fits')}
          </option>
        )}
        {exact && !versions.includes(exact) && (
          <option value={requirement}>{exact}</option>
        )}
        {versions.map(version => (
          <option key={version} value={`==${version}`}>
            {version}
          </option>
        ))}
        <option value={WRITTEN}>{trans.__('Write a requirement…')}</option>
      </select>
      {isWritten && (
        <>
          <span />
          <input
            className="pj-field"
            type="text"
            autoFocus
            spellCheck={false}
            aria-label={trans.__('Requirement')}
            placeholder=">=2, <3"
            disabled={props.disabled}
            value={requirement}
            onChange={event => props.onChoose(event.target.value)}
          />
        </>
      )}
    </>
  );
}
