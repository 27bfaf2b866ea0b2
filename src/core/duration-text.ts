/** A duration as people say it, in its two largest units: `850ms`, `42s`, `3m 20s`, `1h 5m`, `2d`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const seconds = Math.round(ms / 1000);
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  const largest = units.findIndex(([size]) => seconds >= size);
  let left = seconds;
  return units
    .slice(largest, largest + 2)
    .flatMap(([size, unit]) => {
      const count = Math.floor(left / size);
      left -= count * size;
      return count > 0 ? [`${count}${unit}`] : [];
    })
    .join(' ');
}
