import { dockerfileError, needsDocker } from './error.ts';
import type { CopyInstruction, Dockerfile, Instruction, InstructionBody, KeyValue, Stage } from './instruction.ts';
import { parseHealthcheck } from './healthcheck.ts';
import { heredocMarks, splitDockerfile } from './lines.ts';
import { arrayOf, commandForm, flagValue, type Statement } from './statement.ts';
import { splitPlain, splitQuoted, takeFlags } from './words.ts';

const PARSERS: Readonly<Record<string, (statement: Statement) => InstructionBody>> = {
  ADD: parseCopy,
  ARG: parseArg,
  CMD: (statement) => ({ kind: 'cmd', command: commandForm(statement, statement.rest) }),
  COPY: parseCopy,
  ENTRYPOINT: (statement) => ({ kind: 'entrypoint', command: commandForm(statement, statement.rest) }),
  ENV: (statement) => ({ kind: 'env', pairs: keyValues(statement) }),
  EXPOSE: (statement) => ({ kind: 'expose', words: required(statement, splitPlain(statement.rest)) }),
  HEALTHCHECK: parseHealthcheck,
  LABEL: (statement) => ({ kind: 'label', pairs: keyValues(statement) }),
  MAINTAINER: (statement) => ({ kind: 'maintainer', text: single(statement) }),
  SHELL: parseShell,
  STOPSIGNAL: (statement) => ({ kind: 'stopsignal', text: single(statement) }),
  USER: (statement) => ({ kind: 'user', text: single(statement) }),
  VOLUME: (statement) => ({ kind: 'volume', words: required(statement, listOf(statement)) }),
  WORKDIR: (statement) => ({ kind: 'workdir', text: single(statement) }),
};

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  ADD: ['chown', 'chmod', 'link'],
  COPY: ['from', 'chown', 'chmod', 'link'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
};

/**
 * Reads a Dockerfile for the embedded builder: everything in BuildKit's language except what has to run a program.
 * `file` is the name for messages.
 * @throws DeployError (exit code 7) with file and line
 */
export function parseDockerfile(file: string, text: string): Dockerfile {
  const { escape, instructions } = splitDockerfile(file, text);
  const dockerfile: Dockerfile = { file, escape, globalArgs: [], stages: [] };
  for (const line of instructions) {
    const statement = checkedFlags({ ...line, ...takeFlags(line.rest, escape), escape });
    if (statement.keyword === 'FROM') {
      dockerfile.stages.push(parseFrom(statement, dockerfile.stages));
      continue;
    }
    const instruction = parseInstruction(statement);
    const stage = dockerfile.stages.at(-1);
    if (stage) stage.instructions.push(instruction);
    else if (instruction.kind === 'arg') dockerfile.globalArgs.push(instruction);
    else throw dockerfileError(statement, `${statement.keyword} stands before the first FROM, where only ARG may`);
  }
  if (dockerfile.stages.length === 0) throw dockerfileError({ file, line: 1 }, 'there is no FROM');
  return dockerfile;
}

function parseInstruction(statement: Statement): Instruction {
  const { file, line, keyword } = statement;
  if (keyword === 'RUN') throw needsDocker(statement, 'RUN runs a program, and the embedded builder runs none');
  if (keyword === 'ONBUILD') throw needsDocker(statement, 'ONBUILD is not known to the embedded builder');
  const parse = PARSERS[keyword];
  if (!parse) throw dockerfileError(statement, `"${keyword}" is not an instruction of a Dockerfile`);
  return { file, line, ...parse(statement) };
}

function checkedFlags(statement: Statement): Statement {
  const { keyword, flags } = statement;
  // RUN and ONBUILD have flags of their own, and are refused whole.
  if (keyword === 'RUN' || keyword === 'ONBUILD') return statement;
  for (const [index, { name }] of flags.entries()) {
    if (!(FLAGS[keyword] ?? []).includes(name)) {
      throw needsDocker(statement, `the embedded builder does not know the flag --${name} of ${keyword}`);
    }
    if (flags.findIndex((flag) => flag.name === name) !== index) {
      throw dockerfileError(statement, `the flag --${name} stands there twice`);
    }
  }
  return statement;
}

function parseFrom(statement: Statement, earlier: readonly Stage[]): Stage {
  const words = splitPlain(statement.rest);
  const [base, as, name] = words;
  if (base === undefined || (words.length !== 1 && (words.length !== 3 || as?.toLowerCase() !== 'as'))) {
    throw dockerfileError(statement, 'FROM is written as: FROM image, or FROM image AS name');
  }
  if (name !== undefined && !/^[a-z][a-z0-9-_.]*$/i.test(name)) {
    throw dockerfileError(
      statement,
      `"${name}" can not be the name of a stage: letters, digits, "-", "_" and "." after a letter`,
    );
  }
  const lower = name?.toLowerCase();
  if (lower !== undefined && earlier.some((stage) => stage.name === lower)) {
    throw dockerfileError(statement, `there is a stage "${name}" already`);
  }
  const { file, line } = statement;
  return { file, line, name: lower, base, platform: flagValue(statement, 'platform'), instructions: [] };
}

function parseCopy(statement: Statement): CopyInstruction {
  const keyword = statement.keyword === 'ADD' ? 'ADD' : 'COPY';
  const words = listOf(statement);
  const destination = words.pop();
  if (destination === undefined || words.length === 0) {
    throw dockerfileError(statement, `${keyword} needs at least a source and a destination`);
  }
  const marks = new Set(heredocMarks(statement.rest).map(({ word }) => word));
  if (marks.has(destination))
    throw dockerfileError(statement, `${keyword} can not write to a heredoc: the destination stands last`);
  const sources = words.filter((word) => !marks.has(word));
  const link = statement.flags.find(({ name }) => name === 'link');
  if (link?.value !== undefined && link.value !== 'true' && link.value !== 'false') {
    throw dockerfileError(statement, `--link is true or false, not "${link.value}"`);
  }
  const from = flagValue(statement, 'from');
  const chown = flagValue(statement, 'chown');
  const chmod = flagValue(statement, 'chmod');
  return {
    kind: 'copy',
    keyword,
    sources,
    heredocs: statement.heredocs,
    destination,
    ...(from !== undefined && { from }),
    ...(chown !== undefined && { chown }),
    ...(chmod !== undefined && { chmod }),
    link: link !== undefined && link.value !== 'false',
  };
}

function parseArg(statement: Statement): InstructionBody {
  const words = required(statement, splitQuoted(statement.rest, statement.escape));
  const pairs = words.map((word) => {
    const equals = word.indexOf('=');
    const key = equals === -1 ? word : word.slice(0, equals);
    if (key === '') throw dockerfileError(statement, 'ARG needs a name before "="');
    return { key, value: equals === -1 ? undefined : word.slice(equals + 1) };
  });
  return { kind: 'arg', pairs };
}

/** `NAME=value NAME="other value"`, or the old form `NAME the rest of the line`. */
function keyValues(statement: Statement): KeyValue[] {
  const words = required(statement, splitQuoted(statement.rest, statement.escape));
  if (!words[0]?.includes('=')) {
    const [, key = '', value] = /^(\S+)\s+([^]+)$/.exec(statement.rest) ?? [];
    if (value === undefined)
      throw dockerfileError(statement, `${statement.keyword} is written as: ${statement.keyword} NAME=value`);
    return [{ key, value }];
  }
  return words.map((word) => {
    const equals = word.indexOf('=');
    if (equals <= 0) throw dockerfileError(statement, `"${word}" should be NAME=value; a value with spaces is quoted`);
    return { key: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}

function parseShell(statement: Statement): InstructionBody {
  const exec = arrayOf(statement, statement.rest);
  if (!exec || exec.length === 0)
    throw dockerfileError(statement, 'SHELL is written as a JSON array: SHELL ["/bin/sh", "-c"]');
  return { kind: 'shell', exec };
}

function listOf(statement: Statement): string[] {
  return arrayOf(statement, statement.rest) ?? splitPlain(statement.rest);
}

function single(statement: Statement): string {
  if (statement.rest === '') throw dockerfileError(statement, `${statement.keyword} needs a value`);
  return statement.rest;
}

function required(statement: Statement, words: string[]): string[] {
  if (words.length === 0) throw dockerfileError(statement, `${statement.keyword} needs a value`);
  return words;
}
