/** CSI sequences, of which `m` are colours; OSC and the like, up to their end; two-character ones; then single characters. */
const STEERING =
  /(\u001b\[[0-9;:]*m)|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|\u001b[ -~]|[^\P{Cc}\n\t]/gu;

/**
 * What others say (AWS, images, tasks), without what steers a terminal: nobody but us moves the cursor, clears the screen or
 * writes over a line. Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  return text.replaceAll(STEERING, '');
}

/** The same, with its colours. */
export function colouredText(text: string): string {
  return text.replaceAll(STEERING, (_all, colour: string | undefined) => colour ?? '');
}

/** The lines of a text after its first one begin with a margin, so that none of them looks like one of ours. */
export function indented(text: string, margin: string): string {
  return text.replaceAll('\n', `\n${margin}`);
}
