import { dockerfileError, needsDocker, type Location } from './error.ts';

/** One instruction with its continuation lines joined and comments taken out. */
export interface InstructionLine extends Location {
  /** In capitals: `COPY`. */
  keyword: string;
  /** What stands after the keyword, flags first; trimmed. */
  rest: string;
  heredocs: Heredoc[];
}

/** `<<EOF` with the lines that belong to it. */
export interface Heredoc {
  /** `EOF`; the name of the file when it is copied into a folder. */
  name: string;
  content: string;
  /** False when the delimiter was quoted: then variables stay as they are. */
  expand: boolean;
}

export interface DockerfileLines {
  /** Backslash, or backtick after `# escape=`. */
  escape: string;
  instructions: InstructionLine[];
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const HEREDOC = /^\d*<<(-?)([^<\s]+)$/;
const TAKES_HEREDOC = new Set(['COPY', 'ADD']);

/** Splits a Dockerfile into instructions, as https://docs.docker.com/reference/dockerfile/ describes its format. */
export function splitDockerfile(file: string, text: string): DockerfileLines {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escape = readDirectives(file, lines);
  const continuation = new RegExp(`\\${escape}[ \\t]*$`);
  const instructions: InstructionLine[] = [];
  for (let index = 0; index < lines.length;) {
    const line = index + 1;
    const first = (lines[index] ?? '').trimStart();
    index += 1;
    if (first === '' || first.startsWith('#')) continue;

    let joined = first.replace(continuation, '');
    let open = joined !== first;
    // Comments and empty lines inside a continued instruction do not end it.
    while (open && index < lines.length) {
      const next = lines[index] ?? '';
      index += 1;
      if (next.trim() === '' || next.trimStart().startsWith('#')) continue;
      const part = next.replace(continuation, '');
      open = part !== next;
      joined += part;
    }
    if (joined.trim() === '') continue;
    const [, keyword = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(joined.trim()) ?? [];
    const instruction: InstructionLine = {
      file,
      line,
      keyword: keyword.toUpperCase(),
      rest: rest.trim(),
      heredocs: [],
    };
    for (const { name, expand, chomp } of TAKES_HEREDOC.has(instruction.keyword)
      ? heredocMarks(instruction.rest)
      : []) {
      const body: string[] = [];
      let closed = false;
      while (!closed && index < lines.length) {
        const content = chomp ? (lines[index] ?? '').replace(/^\t+/, '') : (lines[index] ?? '');
        index += 1;
        closed = content === name;
        if (!closed) body.push(`${content}\n`);
      }
      if (!closed)
        throw dockerfileError(instruction, `the text of <<${name} does not end: no line holds only "${name}"`);
      instruction.heredocs.push({ name, content: body.join(''), expand });
    }
    instructions.push(instruction);
  }
  if (instructions.length === 0) throw dockerfileError({ file, line: 1 }, 'the file holds no instructions');
  return { escape, instructions };
}

/** The words of an instruction that are heredocs: `<<EOF`, `<<-"EOF"`. */
export function heredocMarks(rest: string): { word: string; name: string; expand: boolean; chomp: boolean }[] {
  if (rest.startsWith('[')) return [];
  return rest.split(/\s+/).flatMap((word) => {
    const [, dash, delimiter = ''] = HEREDOC.exec(word) ?? [];
    if (dash === undefined) return [];
    const name = delimiter.replaceAll(/(["'])(.*?)\1/g, '$2').replaceAll('\\', '');
    return [{ word, name, expand: name === delimiter, chomp: dash === '-' }];
  });
}

/** Comments at the very top that are more than comments. Gives the escape character. */
function readDirectives(file: string, lines: readonly string[]): string {
  const seen = new Set<string>();
  let escape = '\\';
  for (const [index, text] of lines.entries()) {
    const [, written = '', value = ''] = DIRECTIVE.exec(text.trimStart()) ?? [];
    const name = written.toLowerCase();
    const location = { file, line: index + 1 };
    if (!['escape', 'syntax', 'check'].includes(name)) break;
    if (seen.has(name)) throw dockerfileError(location, `the directive "${name}" stands here for the second time`);
    seen.add(name);
    if (name === 'escape') {
      if (value !== '\\' && value !== '`')
        throw dockerfileError(location, `the escape character is "${value}" and can only be \\ or \``);
      escape = value;
    }
    // The embedded builder speaks the language of docker/dockerfile:1; what another frontend makes of the file, nobody knows.
    if (
      name === 'syntax' &&
      !/^(?:docker\.io\/)?docker\/dockerfile(?::1(?:\.\d+)*)?(?:@sha256:[0-9a-f]{64})?$/.test(value)
    ) {
      throw needsDocker(location, `the syntax "${value}" is not known to the embedded builder`);
    }
  }
  return escape;
}
