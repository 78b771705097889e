export function Tasks(): JSX.Element | null {
  return null;
}
