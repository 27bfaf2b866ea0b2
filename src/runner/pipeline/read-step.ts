import { member, stringOf, type Node } from '../../config/node.ts';
import { entriesOf, environmentOf, itemsOf, textOf } from './parts.ts';
import type { OtherStep, RunStep, Step } from './pipeline.ts';

const MINUTE_MS = 60_000;
/** CircleCI's `no_output_timeout` (docs, configuration reference). */
const SILENCE_MS = 10 * MINUTE_MS;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: MINUTE_MS, h: 60 * MINUTE_MS };

/** One step of a compiled job: its kind alone, or a map with the kind as its one key. */
export function readStep(node: Node): Step {
  const [[kind, body] = [stringOf(node) ?? '', undefined]] = entriesOf(node);
  const text = (key: string): string | undefined => textOf(member(body, key));
  const texts = (key: string): string[] => itemsOf(member(body, key)).flatMap((item) => textOf(item) ?? []);
  const fields = { name: text('name') ?? titleOf(kind, body), when: whenOf(text('when')), at: node.at };
  switch (kind) {
    case 'run':
    case 'deploy':
      return { ...fields, ...readRun(body) };
    case 'checkout':
      return { ...fields, kind, ...optional('path', text('path')) };
    case 'persist_to_workspace':
      return { ...fields, kind, root: text('root') ?? '.', paths: texts('paths') };
    case 'attach_workspace':
      return { ...fields, kind, path: text('at') ?? '.' };
    case 'save_cache':
      return { ...fields, kind, key: text('key') ?? '', paths: texts('paths') };
    case 'restore_cache':
      return { ...fields, kind, keys: [...(text('key') === undefined ? [] : [text('key') ?? '']), ...texts('keys')] };
    case 'store_artifacts':
      return { ...fields, kind, path: text('path') ?? '', ...optional('destination', text('destination')) };
    case 'store_test_results':
      return { ...fields, kind, path: text('path') ?? '' };
    default:
      return { ...fields, kind: otherKind(kind) };
  }
}

function readRun(body: Node | undefined): Omit<RunStep, 'name' | 'when' | 'at'> {
  const text = (key: string): string | undefined => textOf(member(body, key));
  return {
    kind: 'run',
    command: textOf(body) ?? text('command') ?? '',
    environment: environmentOf(member(body, 'environment')),
    background: text('background') === 'true',
    noOutputTimeoutMs: milliseconds(text('no_output_timeout')) ?? SILENCE_MS,
    maxAutoReruns: Number(text('max_auto_reruns') ?? 0) || 0,
    autoRerunDelayMs: milliseconds(text('auto_rerun_delay')) ?? 0,
    ...optional('shell', text('shell')),
    ...optional('workingDirectory', text('working_directory')),
  };
}

/** What CircleCI's page shows for a step without a name. */
function titleOf(kind: string, body: Node | undefined): string {
  switch (kind) {
    case 'run':
    case 'deploy':
      return (textOf(body) ?? textOf(member(body, 'command')) ?? kind).trim().split('\n')[0] ?? kind;
    case 'checkout':
      return 'Checkout code';
    case 'persist_to_workspace':
      return 'Persisting to workspace';
    case 'attach_workspace':
      return 'Attaching workspace';
    case 'save_cache':
      return 'Saving cache';
    case 'restore_cache':
      return 'Restoring cache';
    case 'store_artifacts':
      return 'Uploading artifacts';
    case 'store_test_results':
      return 'Uploading test results';
    case 'setup_remote_docker':
      return 'Setup a remote Docker engine';
    case 'add_ssh_keys':
      return 'Installing additional SSH keys';
    default:
      return kind;
  }
}

function whenOf(text: string | undefined): Step['when'] {
  return text === 'always' || text === 'on_fail' ? text : 'on_success';
}

function otherKind(kind: string): OtherStep['kind'] {
  return kind === 'setup_remote_docker' || kind === 'add_ssh_keys' ? kind : 'unknown';
}

/** `90s`, `1h30m`, `20` (seconds) as Go reads durations; undefined for anything else. */
function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gy)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
