/** Plain text for a page: what Markdown or HTML would take for markup is escaped. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*[\]|]/g, '\\$&').replaceAll('<', '&lt;');
}

/** Text in code font. Not for texts with a backtick. */
export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** A table; the cells are Markdown of one line each. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A bulleted list; the items are Markdown of one line each. */
export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
