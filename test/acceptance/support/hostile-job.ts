import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { JsonValue } from '../../../src/core/json.ts';
import { buildCli } from './built-cli.ts';
import {
  runJob,
  startContainer,
  startWorkflowRun,
  type JobContainer,
  type JobEnd,
  type WorkflowRun,
} from './circleci-job.ts';
import { startLocalCloud, type LocalCloud } from './local-cloud.ts';
import { compileOwnJob, type CompilerOptions } from './orb-compiler.ts';
import { currentOrb, writeMirror } from './orb-under-test.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const SECRET = 'xoxb-planted-slack-token';

/** By what they try. None has a line break, so that each may stand in a line of a map or list. */
export const HOSTILE: Readonly<Record<string, string>> = {
  SUBSHELL: '$(touch x)',
  BACKTICKS: '`touch x`',
  SINGLE_QUOTE: `'; touch x; '`,
  DOUBLE_QUOTE: `"; touch x; "`,
  SEMICOLON: '; touch x;',
  AND: '&& touch x &&',
  PIPE: '| tee x',
  REDIRECT: '> x',
  GLOB: '* ? [a-z]',
  TILDE: '~',
  HASH: '# no comment',
  BACKSLASH: 'a\\nb\\',
  HEREDOC: '<<EOF',
  TEMPLATE: '<< parameters.region >>',
  EQUALS: 'a=b=c',
  LEADING_DASH: '--dry-run',
  PERCENT: '%s%n',
  BRACES: '{a,b} ${ }',
  ARITHMETIC: '$((1+1)) $1 $@ $?',
  JSON_LIKE: '["a"]',
  YAML_LIKE: '- no: !!yes',
  UNICODE: 'zoë 🚀 \u202e\u00a0',
  BANG: '!!',
};

/** With what only JSON can carry in a map. */
export const WITH_LINE_BREAKS: Readonly<Record<string, string>> = {
  ...HOSTILE,
  LINES: 'one\ntouch x\n\nthree\n',
  TAB: '\ta\t',
};

/** In the form that maps take line by line. */
export function asLines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

/** A job whose config gives hostile values, and whose branch is called like a secret of it. */
export interface HostileJob {
  cloud: LocalCloud;
  work: Workplace;
  run(command: string, given: Readonly<Record<string, JsonValue>>): Promise<JobEnd>;
  /** No value was taken for something to do: each of them would leave a file called x. */
  expectNothingRun(): Promise<void>;
  expectSecretNowhere(output: string): Promise<void>;
}

/** A job for each test of a file, in a cloud that is at its start. */
export function hostileJobForTests(): () => HostileJob {
  let program: string;
  let cloud: LocalCloud;
  let mirror: string;
  let compiler: CompilerOptions;
  beforeAll(async () => {
    const orb = await currentOrb();
    compiler = { orb, prefix: 'aws-deploy', pipelineNumber: 7, booleans: 'words' };
    program = await buildCli();
    mirror = await writeMirror();
    cloud = await startLocalCloud();
  });
  afterAll(() => cloud?.close());

  let work: Workplace;
  let container: JobContainer;
  let workflowRun: WorkflowRun;
  beforeEach(async () => {
    await cloud.restart();
    work = await makeWorkplace(program, cloud);
    workflowRun = await startWorkflowRun();
    const { PATH: _path, HOME: _home, TMPDIR: _temp, ...inherited } = work.env;
    container = await startContainer({
      ...inherited,
      AWS_DEPLOY_MIRROR: mirror,
      CIRCLE_BRANCH: '$SLACK_TOKEN',
      SLACK_TOKEN: SECRET,
      TITLE: HOSTILE['SUBSHELL'] ?? '',
    });
  });
  afterEach(() => Promise.all([work, container, workflowRun].map((each) => each.remove())));

  return () => ({
    cloud,
    work,
    run(command, given) {
      const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inConfig(value)]));
      const call = { [`aws-deploy/${command}`]: values };
      const own = compileOwnJob(compiler, ['checkout', 'aws-deploy/install', call, { run: 'true' }]);
      return runJob(own, container, { project: work.project, run: workflowRun });
    },
    async expectNothingRun() {
      const names = await readdir(container.folder, { recursive: true });
      expect(names.filter((name) => /(^|\/)x$/.test(name))).toEqual([]);
    },
    async expectSecretNowhere(output) {
      expect(output).not.toContain(SECRET);
      expect(JSON.stringify(cloud.control.state())).not.toContain(SECRET);
      const entries = await readdir(container.folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
      expect(files.filter((_file, index) => texts[index]?.includes(SECRET))).toEqual([]);
    },
  });
}

/** As the author of a config has to write it, or CircleCI itself refuses the config. */
function inConfig(value: JsonValue): JsonValue {
  return typeof value === 'string' ? value.replaceAll('<<', '\\<<') : value;
}
