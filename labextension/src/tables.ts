import { IEnvironment } from './wire';

/** A table of dependencies in a manifest. */
export interface ITable {
  feature: string | null;
  environment: string | null;
  platform: string | null;
}

/** What a request says of the table that it means. */
export type ITableRequest = {
  feature?: string;
  environment?: string;
  platforms?: string[];
};

export const OWN_TABLE: ITable = {
  feature: null,
  environment: null,
  platform: null
};

const KEY = /"((?:[^"\\]|\\.)*)"|[^.\]"]+/g;

/**
 * Read which table a package is asked for in, such as
 * `[feature.test.target.linux-64.dependencies], pixi.toml:14`.
 */
export function tableOf(where: string | null): ITable {
  const inside = /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(where ?? '');
  const keys = [...(inside?.[1] ?? '').matchAll(KEY)].map(
    found => found[1] ?? found[0]
  );
  const table = { ...OWN_TABLE };
  for (let at = 0; at + 1 < keys.length; at += 2) {
    const value = keys[at + 1]!;
    if (keys[at] === 'feature') {
      table.feature = value;
    } else if (keys[at] === 'environments') {
      table.environment = value;
    } else if (keys[at] === 'target') {
      table.platform = value;
    }
  }
  return table;
}

/** Say which table is meant, as `add` and `remove` take it. */
export function requestOf(table: ITable): ITableRequest {
  return {
    ...(table.feature !== null && { feature: table.feature }),
    ...(table.environment !== null && { environment: table.environment }),
    ...(table.platform !== null && { platforms: [table.platform] })
  };
}

/** A table that a package can be put into, and which environments have it. */
export interface ITableChoice {
  table: ITable;
  /** As it stands in the manifest. */
  title: string;
  environments: string[];
  kind: 'own' | 'feature' | 'environment';
}

/** List the tables of a workspace: its own, those of features, of environments. */
export function tableChoices(
  features: readonly string[],
  environments: readonly IEnvironment[],
  isPyPI: boolean
): ITableChoice[] {
  const last = isPyPI ? 'pypi-dependencies' : 'dependencies';
  const having = (feature: string): string[] =>
    environments
      .filter(each => each.features.includes(feature))
      .map(each => each.name);
  return [
    {
      table: OWN_TABLE,
      title: `[${last}]`,
      environments: having('default'),
      kind: 'own'
    },
    ...features
      .filter(name => name !== 'default')
      .map((feature): ITableChoice => ({
        table: { ...OWN_TABLE, feature },
        title: `[feature.${quoted(feature)}.${last}]`,
        environments: having(feature),
        kind: 'feature'
      })),
    ...environments
      .filter(each => each.name !== 'default')
      .map((each): ITableChoice => ({
        table: { ...OWN_TABLE, environment: each.name },
        title: `[environments.${quoted(each.name)}.${last}]`,
        environments: [each.name],
        kind: 'environment'
      }))
  ];
}

/**
 * Choose the table that an environment's packages are added to: its own feature's
 * where it has one, so that other environments stay as they are.
 */
export function usualTable(
  features: readonly string[],
  environment: IEnvironment | undefined
): ITable {
  const own = (environment?.features ?? []).filter(
    name => name !== 'default' && features.includes(name)
  );
  return own.length === 1 ? { ...OWN_TABLE, feature: own[0]! } : OWN_TABLE;
}

/** Whether two tables are the same one. */
export function isSame(one: ITable, other: ITable): boolean {
  return (
    one.feature === other.feature &&
    one.environment === other.environment &&
    one.platform === other.platform
  );
}

function quoted(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}
