/** The start of a shell's heredoc or here-string: `<<EOF`, `<<-'EOF'`, `<< "EOF"`, `<<<`. */
const HEREDOC = /<<(?:<|-? ?(?:'\w{1,80}'|"\w{1,80}"|[A-Za-z_]\w{0,79}(?![\w.-])))/y;

/** A match of `HEREDOC` that can hardly be the name of a value. */
const NO_NAME = /<<<|['"-]|[A-Z][A-Z\d_]+$/;

/** `<<include(scripts/deploy.sh)>>`, which only packing an orb replaces. */
const INCLUDE = /<<\s{0,80}include\(/y;

/** What to do about the `<<` at an offset, with which no tag can start. */
export function unclosedHints(text: string, offset: number): readonly string[] {
  if (isInclude(text, offset)) return [INCLUDE_HINT];
  const heredoc = matchAt(HEREDOC, text, offset);
  return heredoc === undefined
    ? ['Close the tag with `>>`, or write `\\<<` for a `<<` that CircleCI leaves alone.']
    : [escapeHint(heredoc)];
}

/** What to do about a tag that means nothing, if it looks as if it was meant for the shell or for `orb pack`. */
export function strayHints(text: string, offset: number): readonly string[] {
  if (isInclude(text, offset)) return [INCLUDE_HINT];
  const heredoc = matchAt(HEREDOC, text, offset);
  return heredoc !== undefined && NO_NAME.test(heredoc) ? [escapeHint(heredoc)] : [];
}

const INCLUDE_HINT = 'Only packing an orb replaces `<<include(file)>>`: compile the packed orb.';

function escapeHint(heredoc: string): string {
  return `Write \`\\${heredoc}\`: CircleCI takes \`<<\` for the start of a tag, and removes the backslash.`;
}

function isInclude(text: string, offset: number): boolean {
  return matchAt(INCLUDE, text, offset) !== undefined;
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
