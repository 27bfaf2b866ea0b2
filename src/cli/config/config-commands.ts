import type { Params } from '../../params/declaration.ts';
import { resolveInputs } from '../../params/resolve.ts';
import type { LocalCommand } from '../local-command.ts';

export const DEFAULT_CONFIG = '.circleci/config.yml';

/** What every command takes that compiles a config. */
export const CONFIG_PARAMS = {
  orb: {
    type: 'map',
    description:
      'Take an orb from a file or an unpacked folder: its name in the config, or namespace/orb, and the path.',
  },
  pipelineParam: { type: 'map', description: 'Value of a pipeline parameter that the config declares.' },
  pipelineValue: {
    type: 'map',
    description: 'A pipeline value, such as git.branch=main. Branch, tag and commit are those of the checkout.',
  },
} as const satisfies Params;

const CONFIG_OPERAND = {
  name: 'FILE',
  description: `The config; - reads it from standard input. Default: ${DEFAULT_CONFIG}.`,
  optional: true,
} as const;

const compileParams = {
  ...CONFIG_PARAMS,
  format: {
    type: 'enum',
    values: ['yaml', 'json'],
    default: 'yaml',
    description: 'The compiled config as CircleCI prints it, or as JSON.',
  },
} as const satisfies Params;

export const compileCommand: LocalCommand = {
  name: 'config compile',
  summary: 'Print what CircleCI makes of a config: orbs, commands, parameters and matrix expanded. Offline.',
  details: [
    'What it prints is what "circleci config process" prints. Errors are in the words of CircleCI, each with its file, line and column; then the exit code is 7.',
    'Orbs are found by --orb, in the folder "orbs" beside the config (namespace/orb@1.2.3.yml, namespace/orb.yml or an unpacked folder), and among those that "config fetch-orb" has stored.',
  ],
  operands: [CONFIG_OPERAND],
  params: compileParams,
  async run(flags, world, [file]) {
    const { inputs } = resolveInputs(compileParams, { flags, env: {} });
    const { printCompiled } = await import('./config-work.ts');
    return printCompiled(file, inputs, world);
  },
};

const validateParams = {
  ...CONFIG_PARAMS,
  format: { type: 'enum', values: ['text', 'json'], default: 'text', description: 'How problems are printed.' },
} as const satisfies Params;

export const validateCommand: LocalCommand = {
  name: 'config validate',
  summary: 'Check a config as CircleCI does, and say all that is wrong with it. Offline.',
  details: ['Exit code 7 when it is not valid. Warnings are about what CircleCI accepts in silence.'],
  operands: [CONFIG_OPERAND],
  params: validateParams,
  async run(flags, world, [file]) {
    const { inputs } = resolveInputs(validateParams, { flags, env: {} });
    const { printProblems } = await import('./config-work.ts');
    return printProblems(file, inputs, world);
  },
};

export const graphCommand: LocalCommand = {
  name: 'config graph',
  summary: 'Print the workflows of a config as a Mermaid flowchart.',
  details: ['GitHub and GitLab show it as a picture in a Markdown block that is marked "mermaid".'],
  operands: [CONFIG_OPERAND],
  params: CONFIG_PARAMS,
  async run(flags, world, [file]) {
    const { inputs } = resolveInputs(CONFIG_PARAMS, { flags, env: {} });
    const { printGraph } = await import('./config-work.ts');
    return printGraph(file, inputs, world);
  },
};

const explainParams = {
  config: { type: 'path', default: DEFAULT_CONFIG, description: 'The config.' },
  ...CONFIG_PARAMS,
  format: { type: 'enum', values: ['text', 'json'], default: 'text', description: 'How it is printed.' },
} as const satisfies Params;

export const explainCommand: LocalCommand = {
  name: 'config explain',
  summary: 'Say of each step and value of a compiled job where it comes from: file, line, orb, parameter.',
  operands: [
    { name: 'JOB', description: 'A job as it is named in the compiled config, or a workflow: all of its jobs.' },
  ],
  params: explainParams,
  async run(flags, world, [name = '']) {
    const { inputs } = resolveInputs(explainParams, { flags, env: {} });
    const { printExplanation } = await import('./config-work.ts');
    return printExplanation(name, inputs, world);
  },
};

const fetchParams = {
  into: {
    type: 'path',
    description:
      'Folder to store it in, such as .circleci/orbs to keep it with the config. Default: ~/.aws-deploy/orbs.',
  },
  token: {
    type: 'secret',
    default: 'CIRCLECI_CLI_TOKEN',
    description: 'Variable with a CircleCI API token, for private orbs.',
  },
  host: { type: 'string', default: 'https://circleci.com', description: 'The CircleCI server.' },
} as const satisfies Params;

export const fetchOrbCommand: LocalCommand = {
  name: 'config fetch-orb',
  summary: 'Store the text of a registry or URL orb, and of all that it imports, for compiling offline.',
  details: ['The only command that asks CircleCI anything. Compiling finds what it has stored.'],
  operands: [
    {
      name: 'REFERENCE',
      description: `As a config imports it: namespace/orb@1.2.3, namespace/orb@1 or https://…. Without one: all that ${DEFAULT_CONFIG} imports and that are not here yet.`,
      optional: true,
    },
  ],
  params: fetchParams,
  async run(flags, world, [reference]) {
    const { inputs } = resolveInputs(fetchParams, { flags, env: world.env });
    const { fetchOrbs } = await import('./fetch-orbs.ts');
    return fetchOrbs(reference, inputs, world);
  },
};
