import { allReleases, leaveRelease, type ReleaseRecord, type ReleaseStatus } from '../control-files.ts';
import { controlFolder } from '../control-folder.ts';
import {
  atMostOperands,
  isSet,
  requireFlags,
  type ToolCall,
  type ToolCommand,
  ToolError,
  type ToolWorld,
} from './tool-command.ts';

const TARGET_FLAGS = {
  'target-version': 'text',
  'environment-name': 'text',
  'component-name': 'text',
  namespace: 'text',
} as const;

/** What a deploy can be updated to. The last three are for good. */
const STATUSES = ['RUNNING', 'SUCCESS', 'FAILED', 'CANCELED'] as const;
const TERMINAL: readonly ReleaseStatus[] = ['SUCCESS', 'FAILED', 'CANCELED'];

export const planCommand: ToolCommand = {
  paths: [['run', 'release', 'plan']],
  usage: 'circleci run release plan [name] --target-version=VERSION [flags]',
  summary: 'Plan a deploy, to be updated as it goes.',
  flags: { ...TARGET_FLAGS, rollback: 'boolean' },
  run(call, world) {
    atMostOperands(call, 1);
    const name = deployName(call);
    const release: ReleaseRecord = {
      action: 'plan',
      name,
      status: 'PENDING',
      ...target(call, world),
      rollback: isSet(call, 'rollback'),
      at: new Date().toISOString(),
    };
    const folder = controlFolder(world.env);
    if (latest(folder, name) !== undefined) {
      world.stderr(
        `Warning: "${name}" was planned before in this workflow; names of deploys are to be unique in it.\n`,
      );
    }
    leaveRelease(folder, release);
    const what = release.rollback ? 'Rollback' : 'Release';
    world.stdout(`${what} "${name}" planned: ${described(release)}, PENDING.\n`);
    return 0;
  },
};

export const updateCommand: ToolCommand = {
  paths: [['run', 'release', 'update']],
  usage: `circleci run release update [name] --status=${STATUSES.join('|')} [flags]`,
  summary: 'Say how a planned deploy goes.',
  flags: { status: 'text', 'failure-reason': 'text', 'keep-target-version-live': 'boolean' },
  run(call, world) {
    atMostOperands(call, 1);
    requireFlags(call, 'status');
    const status = readStatus(call.flags.get('status')!);
    const name = deployName(call);
    const folder = controlFolder(world.env);
    const before = latest(folder, name);
    if (before === undefined) {
      throw new ToolError(`no deploy "${name}" was planned in this workflow: circleci run release plan comes first`);
    }
    if (TERMINAL.includes(before.status)) {
      throw new ToolError(`deploy "${name}" is ${before.status} already, which is final: it cannot become ${status}`);
    }
    const failureReason = call.flags.get('failure-reason') ?? '';
    leaveRelease(folder, {
      ...before,
      action: 'update',
      status,
      ...(failureReason === '' ? {} : { failureReason }),
      ...(isSet(call, 'keep-target-version-live') ? { keepsTargetVersionLive: true } : {}),
      at: new Date().toISOString(),
    });
    world.stdout(`Release "${name}" updated: ${described(before)}, ${status}.\n`);
    return 0;
  },
};

export const logCommand: ToolCommand = {
  paths: [['run', 'release', 'log']],
  usage: 'circleci run release log --target-version=VERSION [flags]',
  summary: 'Log a deploy, with no status to update.',
  flags: { ...TARGET_FLAGS, rollback: 'boolean' },
  run(call, world) {
    const release: ReleaseRecord = {
      action: 'log',
      status: 'LOGGED',
      ...target(call, world),
      rollback: isSet(call, 'rollback'),
      at: new Date().toISOString(),
    };
    leaveRelease(controlFolder(world.env), release);
    world.stdout(`Release logged: ${described(release)}.\n`);
    return 0;
  },
};

/** The name of CircleCI's documentation for a deploy that was given none. */
function deployName({ operands }: ToolCall): string {
  return operands[0] === undefined || operands[0] === '' ? 'default' : operands[0];
}

/** What is deployed where, with CircleCI's defaults. */
function target(
  call: ToolCall,
  { env }: ToolWorld,
): Pick<ReleaseRecord, 'targetVersion' | 'environment' | 'component' | 'namespace'> {
  requireFlags(call, 'target-version');
  const given = (flag: string): string | undefined => call.flags.get(flag) || undefined;
  const targetVersion = given('target-version');
  if (targetVersion === undefined) throw new ToolError('"target-version" is empty');
  return {
    targetVersion,
    environment: given('environment-name') ?? 'default',
    component: given('component-name') ?? env['CIRCLE_PROJECT_REPONAME'] ?? 'default',
    namespace: given('namespace') ?? 'default',
  };
}

function latest(folder: string, name: string): ReleaseRecord | undefined {
  return allReleases(folder).findLast((release) => release.name === name);
}

function readStatus(given: string): ReleaseStatus {
  const status = STATUSES.find((each) => each === given.toUpperCase());
  if (status === undefined) throw new ToolError(`"${given}" is no status: it must be one of ${STATUSES.join(', ')}`);
  return status;
}

function described({ component, targetVersion, environment, namespace }: ReleaseRecord): string {
  const where = namespace === 'default' ? environment : `${environment} (namespace ${namespace})`;
  return `${component} ${targetVersion} to ${where}`;
}
