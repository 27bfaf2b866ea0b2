/** Tells the story: to a person on a terminal with some colour, to everything else as plain text. */
export interface Narrator {
  title(text: string): void;
  /** One paragraph; words are wrapped. */
  say(text: string): void;
  /** The beginning of a new part of the story. */
  chapter(text: string): void;
  /** A command as a person would type it. */
  command(words: readonly string[]): void;
  /** A line that a program has written. */
  output(line: string): void;
  /** What is true now: names and values under a heading. */
  facts(heading: string, facts: readonly (readonly [name: string, value: string])[]): void;
  /** Lines that begin with `-` or `+`. */
  diff(lines: readonly string[]): void;
}

const WIDTH = 100;
const BOLD = '1';
const DIM = '2';
const RED = '31';
const GREEN = '32';
const CYAN = '36';

export function createNarrator(write: (text: string) => void, colours: boolean): Narrator {
  const paint = (code: string, text: string): string => (colours ? `\u001B[${code}m${text}\u001B[0m` : text);
  const line = (text = ''): void => write(`${text}\n`);
  let chapters = 0;
  return {
    title(text) {
      line(paint(BOLD, text));
    },
    say(text) {
      line();
      for (const part of wrapped(text)) line(part);
    },
    chapter(text) {
      line();
      line();
      line(paint(BOLD, `${++chapters}. ${text}`));
    },
    command(words) {
      line();
      for (const part of commandLines(words)) line(paint(CYAN, part));
    },
    output(text) {
      line(paint(DIM, `  | ${text}`));
    },
    facts(heading, facts) {
      const width = Math.max(...facts.map(([name]) => name.length));
      line();
      line(heading);
      for (const [name, value] of facts) line(`  ${name.padEnd(width)}  ${value}`);
    },
    diff(lines) {
      for (const text of lines) line(`    ${paint(text.startsWith('-') ? RED : GREEN, text)}`);
    },
  };
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A flag and its value stay together; what does not fit goes on in the next line. */
function commandLines(words: readonly string[]): string[] {
  const parts = words.reduce<string[]>((done, word, index) => {
    if (index > 0 && !word.startsWith('--') && words[index - 1]?.startsWith('--')) done.push(`${done.pop()} ${word}`);
    else done.push(word);
    return done;
  }, []);
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(`$ ${part}`);
    else if (last.length + 1 + part.length <= WIDTH - 2) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(`    ${part}`);
  }
  return lines.map((text, index) => (index < lines.length - 1 ? `${text} \\` : text));
}
