import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What SnakeYaml.java prints for a text. */
export type Answer = { value: Value } | { error: string } | { crash: string };

export type Value =
  | null
  | boolean
  | string
  | Value[]
  | { int: string }
  | { float: string }
  | { date: string }
  | { map: [Value, Value][] }
  | { other: string }
  | { recursive: true };

/** Where the Debian package libyaml-snake-java puts it. */
const JAR = '/usr/share/java/snakeyaml.jar';

/** Why SnakeYAML can't be asked here; undefined when it can. */
export function whyNoSnakeYaml(): string | undefined {
  if (!existsSync(JAR)) return `${JAR} is not there, of the package libyaml-snake-java`;
  return spawnSync('java', ['--version']).status === 0 ? undefined : 'java is not there';
}

/** Asks SnakeYAML 1.33 what it makes of texts. */
export function askSnakeYaml(texts: readonly string[]): Answer[] {
  const input = texts.map((text) => `${Buffer.from(text).toString('base64')}\n`).join('');
  const program = join(import.meta.dirname, 'SnakeYaml.java');
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync('java', ['-cp', JAR, program], options);
  if (status !== 0) throw new Error(`SnakeYaml.java failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
