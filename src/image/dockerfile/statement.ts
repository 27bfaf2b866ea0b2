import { dockerfileError } from './error.ts';
import type { CommandForm } from './instruction.ts';
import type { InstructionLine } from './lines.ts';
import { jsonWords } from './words.ts';

/** An instruction line with its flags taken off. */
export interface Statement extends InstructionLine {
  flags: { name: string; value: string | undefined }[];
  escape: string;
}

/** The value of a flag; undefined when it was not given. */
export function flagValue(statement: Statement, name: string): string | undefined {
  const flag = statement.flags.find((candidate) => candidate.name === name);
  if (flag && (flag.value === undefined || flag.value === '')) {
    throw dockerfileError(statement, `the flag --${name} needs a value: --${name}=…`);
  }
  return flag?.value;
}

/** Shell or exec form of a command. */
export function commandForm(statement: Statement, text: string): CommandForm {
  const exec = arrayOf(statement, text);
  if (exec) return { exec };
  if (text === '' && statement.keyword !== 'CMD' && statement.keyword !== 'ENTRYPOINT') {
    throw dockerfileError(statement, `${statement.keyword} needs a command`);
  }
  return text === '' ? { exec: [] } : { shell: text };
}

/** The JSON array that the text is; undefined when it is something else. */
export function arrayOf(statement: Statement, text: string): string[] | undefined {
  try {
    return jsonWords(text);
  } catch (error) {
    throw dockerfileError(statement, `${statement.keyword}: ${(error as Error).message}`);
  }
}
