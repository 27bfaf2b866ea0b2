import type { JsonObject } from '../../core/json.ts';
import { dockerfileError } from '../dockerfile/error.ts';
import { expandWord, expandWords, type Variables } from '../dockerfile/expand.ts';
import type { CommandForm, Instruction } from '../dockerfile/instruction.ts';
import type { ContainerConfig } from '../oci-image.ts';

/** The settings of an image under construction. */
export interface Settings {
  config: ContainerConfig;
  author: string | undefined;
  /** Whether this stage has set CMD: one that was inherited does not outlive a new ENTRYPOINT. */
  hasOwnCmd: boolean;
}

const DEFAULT_SHELL = ['/bin/sh', '-c'];
const SIGNALS =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(
    ' ',
  );

/** Expands the words of an instruction, and says its place when they are malformed. */
export function expandIn(instruction: Instruction, escape: string, variables: Variables): (text: string) => string {
  return (text) => {
    try {
      return expandWord(text, variables, { escape });
    } catch (error) {
      throw dockerfileError(instruction, `"${text}": ${(error as Error).message}`);
    }
  };
}

/**
 * Carries out an instruction that only changes settings, and gives its line for the image's history.
 * Undefined for one that does more (ARG, COPY, ADD, WORKDIR).
 */
export function applySetting(
  settings: Settings,
  instruction: Instruction,
  escape: string,
  variables: Variables,
): string | undefined {
  const expand = expandIn(instruction, escape, variables);
  const { config } = settings;
  switch (instruction.kind) {
    case 'env': {
      const pairs = instruction.pairs.map(({ key, value }) => ({ key: expand(key), value: expand(value) }));
      for (const { key, value } of pairs) {
        if (key === '') throw dockerfileError(instruction, 'the name of a variable is empty');
        config.Env = withVariable(config.Env ?? [], key, value);
      }
      return `ENV ${pairs.map(({ key, value }) => `${key}=${value}`).join(' ')}`;
    }
    case 'label': {
      const pairs = instruction.pairs.map(({ key, value }): [string, string] => [expand(key), expand(value)]);
      if (pairs.some(([key]) => key === '')) throw dockerfileError(instruction, 'the name of a label is empty');
      config.Labels = Object.fromEntries([...Object.entries(config.Labels ?? {}), ...pairs]);
      return `LABEL ${pairs.map(([key, value]) => `${key}=${value}`).join(' ')}`;
    }
    case 'user':
      config.User = expand(instruction.text);
      return `USER ${config.User}`;
    case 'maintainer':
      settings.author = instruction.text;
      return `MAINTAINER ${instruction.text}`;
    case 'stopsignal':
      config.StopSignal = checkedSignal(instruction, expand(instruction.text));
      return `STOPSIGNAL ${config.StopSignal}`;
    case 'shell':
      config.Shell = instruction.exec;
      return `SHELL [${instruction.exec.join(' ')}]`;
    case 'cmd':
      config.Cmd = argumentsOf(instruction.command, config);
      settings.hasOwnCmd = true;
      return `CMD ${JSON.stringify(config.Cmd)}`;
    case 'entrypoint':
      config.Entrypoint = argumentsOf(instruction.command, config);
      if (!settings.hasOwnCmd) delete config.Cmd;
      return `ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`;
    case 'expose': {
      const ports = instruction.words.flatMap((word) => expandedPorts(instruction, word, escape, variables));
      config.ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
      return `EXPOSE [${ports.join(' ')}]`;
    }
    case 'volume': {
      const volumes = instruction.words.map(expand);
      if (volumes.includes('')) throw dockerfileError(instruction, 'the path of a volume is empty');
      config.Volumes = { ...config.Volumes, ...Object.fromEntries(volumes.map((volume) => [volume, {}])) };
      return `VOLUME [${volumes.join(' ')}]`;
    }
    case 'healthcheck':
      config.Healthcheck = healthcheck(instruction.command, instruction.intervals);
      return `HEALTHCHECK ${JSON.stringify(config.Healthcheck)}`;
    default:
      return undefined;
  }
}

/** A list of `NAME=value` with one more, in the place of an older one with that name. */
export function withVariable(list: readonly string[], key: string, value: string): string[] {
  const entry = `${key}=${value}`;
  const index = list.findIndex((item) => item.split('=', 1)[0] === key);
  return index === -1 ? [...list, entry] : list.with(index, entry);
}

function argumentsOf(command: CommandForm, config: ContainerConfig): string[] {
  return 'exec' in command ? command.exec : [...(config.Shell ?? DEFAULT_SHELL), command.shell];
}

function healthcheck(command: CommandForm | undefined, intervals: Readonly<Record<string, number>>): JsonObject {
  if (command === undefined) return { Test: ['NONE'] };
  // The image's configuration names the shell form, and the engine takes the shell of the image.
  return { Test: 'exec' in command ? ['CMD', ...command.exec] : ['CMD-SHELL', command.shell], ...intervals };
}

function checkedSignal(instruction: Instruction, signal: string): string {
  const number = /^\d+$/.test(signal) ? Number(signal) : undefined;
  const name = signal.toUpperCase().replace(/^SIG/, '');
  const known =
    number === undefined
      ? SIGNALS.includes(name) || /^RTM(?:IN|AX)(?:[+-]\d{1,2})?$/.test(name)
      : number >= 1 && number <= 64;
  if (!known) throw dockerfileError(instruction, `"${signal}" is not a signal`);
  return signal;
}

/** `80`, `80/udp` or `8000-8010/tcp`, with variables, as single ports. */
function expandedPorts(instruction: Instruction, word: string, escape: string, variables: Variables): string[] {
  let specs: string[];
  try {
    specs = expandWords(word, variables, { escape });
  } catch (error) {
    throw dockerfileError(instruction, `"${word}": ${(error as Error).message}`);
  }
  return specs.flatMap((spec) => {
    const [, first = '', last = first, protocol = 'tcp'] =
      /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(spec) ?? [];
    if (first === '' || Number(first) > Number(last) || Number(last) > 65_535 || Number(first) < 1) {
      throw dockerfileError(instruction, `"${spec}" is not a port such as 80, 80/udp or 8000-8010`);
    }
    return Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, index) => `${Number(first) + index}/${protocol.toLowerCase()}`,
    );
  });
}
