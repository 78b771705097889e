export function Packages(): JSX.Element | null {
  return null;
}
