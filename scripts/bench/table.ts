type Unit = 'ratio' | 'bytes' | 'files' | 'milliseconds' | 'seconds' | 'megabytes' | 'calls';

/** One line of the results. Numbers are rounded when they are printed, not before. */
export interface Row {
  what: string;
  ours: string;
  theirs: string;
  /** Ours by theirs, or for a size or a time that itself; undefined where there is no goal to hold it against. */
  measured?: { value: number; goal: number; unit: Unit };
}

export function isMissed({ measured }: Row): boolean {
  return measured !== undefined && measured.value > measured.goal;
}

/** The rows as a table in Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const head = ['What', 'Ours', 'Theirs', 'Ratio', 'Goal', 'Met'];
  const lines = rows.map(({ what, ours, theirs, measured }) => [
    what,
    ours,
    theirs,
    measured?.unit === 'ratio' ? measured.value.toFixed(3) : '',
    measured ? `≤ ${goalText(measured.goal, measured.unit)}` : '',
    measured ? (measured.value <= measured.goal ? 'yes' : '**no**') : '',
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function goalText(goal: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return bytesText(goal);
    case 'files':
      return `${goal} files`;
    case 'milliseconds':
      return `${goal} ms`;
    case 'seconds':
      return `${goal} s`;
    case 'calls':
      return `${goal} calls`;
    case 'megabytes':
      return `${goal} MB`;
    case 'ratio':
      return String(goal);
  }
}

/** `259,143 bytes` */
export function bytesText(bytes: number): string {
  return `${bytes.toLocaleString('en')} bytes`;
}
