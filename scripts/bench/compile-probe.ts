/**
 * A program that compiles a config once and prints what that took: `CONFIG ORB`, both paths. It measures from the inside what
 * a user waits for beside the start of the process: the first compilation, with nothing warmed up.
 */
import { readFileSync } from 'node:fs';
import { compile } from '../../src/config/compile.ts';
import { renderConfig } from '../../src/config/render/render-config.ts';

export interface Probe {
  readonly milliseconds: number;
  /** Of the compiled config. */
  readonly characters: number;
  /** Of the whole process, in bytes. */
  readonly peakMemory: number;
}

const [config = '', orb = ''] = process.argv.slice(2);
const startedAt = performance.now();
const { config: compiled, problems } = compile(
  { name: config, text: readFileSync(config, 'utf8') },
  {
    pipelineValues: { 'git.branch': 'main' },
    resolve: (reference) => ({ reference, text: readFileSync(orb, 'utf8') }),
  },
);
if (!compiled) throw new Error(problems.map(({ message }) => message).join('\n'));
const { length: characters } = renderConfig(compiled);
const milliseconds = performance.now() - startedAt;
const probe: Probe = { milliseconds, characters, peakMemory: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(probe));
