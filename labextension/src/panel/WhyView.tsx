export function WhyView(_: { name: string }): JSX.Element | null {
  return null;
}
