/** The start of a shell's heredoc or here-string: `<<EOF`, `<<-'EOF'`, `<< "EOF"`, `<<<`. */
const HEREDOC = /<<(?:<|-? ?(?:'\w{1,80}'|"\w{1,80}"|[A-Za-z_]\w{0,79}(?![\w.-])))/y;

/** `<<include(scripts/deploy.sh)>>`, which only packing an orb replaces. */
const INCLUDE = /<<\s{0,80}include\(/y;

/** What to do about the `<<` at an offset, which CircleCI takes for the start of a tag. */
export function heredocHints(text: string, offset: number): readonly string[] {
  if (matchAt(INCLUDE, text, offset) !== undefined) {
    return ['Only packing an orb replaces `<<include(file)>>`: compile the packed orb.'];
  }
  const heredoc = matchAt(HEREDOC, text, offset);
  if (heredoc === undefined) return ['Close the tag with `>>`, or write `\\<<` for a `<<` that CircleCI leaves alone.'];
  return [`Write \`\\${heredoc}\`: CircleCI takes \`<<\` for the start of a tag, and removes the backslash.`];
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
