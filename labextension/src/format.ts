/** Bytes as people read them: decimal, two figures where they say something. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const shown =
    unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toFixed(1);
  return `${shown.replace(/\.0$/, '')} ${units[unit]}`;
}

/** `14 of 48 MB`: both in the unit of the greater one. */
export function share(done: number, total: number): string {
  const [, unit] = bytes(total).split(' ');
  const factor = 1000 ** ['B', 'kB', 'MB', 'GB', 'TB'].indexOf(unit ?? 'B');
  const value = (count: number): string => {
    const number = count / factor;
    return number >= 9.95 || unit === 'B'
      ? number.toFixed(0)
      : number.toFixed(1).replace(/\.0$/, '');
  };
  return `${value(done)} of ${value(total)} ${unit}`;
}

/** A duration that has ended: `0.4 s`, `3.1 s`, `2 min 5 s`. */
export function seconds(count: number): string {
  if (count < 59.95) {
    return `${count < 9.95 ? count.toFixed(1) : count.toFixed(0)} s`;
  }
  const whole = Math.round(count);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) {
    return `${minutes} min ${whole % 60} s`;
  }
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A duration that runs: `0:12`, `1:02:03`. */
export function clock(count: number): string {
  const whole = Math.max(0, Math.floor(count));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60
  ];
  const rest = two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Thousands with commas, as `1,204`. */
export function number(count: number): string {
  return count.toLocaleString('en-US');
}
