/** What a kernel says of a module that it could not import. */
export interface IMissing {
  module: string;
  package: string;
  /** Whose tables the package belongs to; null for the workspace's own. */
  feature: string | null;
  pypi: boolean;
  /** One sentence for a person. */
  text: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Read what a kernel said; null for what a button must not act upon.
 *
 * An output may be anybody's: a name is checked here, and nothing else is run.
 */
export function missingOf(data: unknown): IMissing | null {
  const found = data as Partial<Record<keyof IMissing, unknown>> | null;
  const { module, package: name, feature = null, text } = found ?? {};
  if (
    typeof module !== 'string' ||
    typeof text !== 'string' ||
    !isName(name) ||
    !(feature === null || isName(feature))
  ) {
    return null;
  }
  return { module, package: name, feature, pypi: found?.pypi === true, text };
}

/** The command of a cell that adds the package. */
export function addCommand(missing: IMissing): string {
  const words = ['%pixi', 'add'];
  if (missing.pypi) {
    words.push('--pypi');
  }
  if (missing.feature) {
    words.push('--feature', missing.feature);
  }
  return [...words, missing.package].join(' ');
}

/** The newest line of a text that says something. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  return lines.filter(Boolean).pop() ?? '';
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
