export function History(): JSX.Element | null {
  return null;
}
