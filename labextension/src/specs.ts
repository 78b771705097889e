/** What somebody typed: a name, and what is asked of it. */
export interface ITyped {
  name: string;
  requirement: string;
}

/** Take apart `numpy >=2`, `httpx[http2]==0.27` or a name alone. */
export function typed(text: string): ITyped {
  const found = /^([A-Za-z0-9_][\w.-]*(?:\[[^\]]*\])?)\s*(.*)$/.exec(
    text.trim()
  );
  return {
    name: found?.[1] ?? text.trim(),
    requirement: (found?.[2] ?? '').trim()
  };
}

/** Write a name and what is asked of it as `add` takes it. */
export function specOf(
  name: string,
  requirement: string,
  kind: 'conda' | 'pypi'
): string {
  const wanted = requirement.trim();
  if (!wanted || wanted === '*') {
    return name;
  }
  if (kind === 'pypi') {
    return /^[0-9]/.test(wanted) ? `${name}==${wanted}` : `${name}${wanted}`;
  }
  return `${name} ${wanted.replace(/\s*,\s*/g, ',')}`;
}
