import { resolve } from 'node:path';
import { EXIT } from '../core/exit-codes.ts';
import type { Params } from '../params/declaration.ts';
import { resolveInputs } from '../params/resolve.ts';
import type { LocalCommand } from './local-command.ts';

const params = {
  port: {
    type: 'integer',
    default: 4566,
    min: 0,
    max: 65_535,
    description: 'Port on 127.0.0.1; 0 takes any free one.',
  },
  scenario: {
    type: 'path',
    description: 'YAML or JSON file: what is there from the start, and behaviour to play, such as denied actions.',
  },
  state: { type: 'path', description: 'Folder that keeps the state. When empty: in memory only.' },
} as const satisfies Params;

export const localAwsCommand: LocalCommand = {
  name: 'local-aws',
  summary: 'Serve a local AWS (STS, ECR, S3, Batch, ECS, Logs, EventBridge and its Scheduler) until it is stopped.',
  details: [
    'Prints one JSON line with endpoint, pid and port when it is ready. Set AWS_ENDPOINT_URL to the endpoint, and any keys.',
  ],
  operands: [],
  params,
  async run(flags, world) {
    const { inputs } = resolveInputs(params, { flags, env: {} });
    const { runLocalAws } = await import('../local-aws/command.ts');
    const path = (given: string | undefined): string | undefined => given && resolve(world.cwd, given);
    await runLocalAws({
      port: inputs.port,
      scenario: path(inputs.scenario),
      state: path(inputs.state),
      stdout: process.stdout,
      signal: world.signal,
    });
    return EXIT.ok;
  },
};
