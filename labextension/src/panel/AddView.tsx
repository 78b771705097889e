export function AddView(_: { query: string }): JSX.Element | null {
  return null;
}
