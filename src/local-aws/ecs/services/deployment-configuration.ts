import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import { HOOK_STAGES, PAUSE_STAGES, ROLLING_HOOK_STAGES, type Stage } from '../rollouts/stages.ts';
import { invalidParameter } from '../state.ts';

const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];
const MAX_MINUTES = 1440;
/** Of Lambda hooks it is the day that it is for everything else. */
const MAX_PAUSE_MINUTES = 20_160;
const MAX_HOOKS = 10;

const DEFAULTS: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  alarms: { alarmNames: [], rollback: false, enable: false },
  strategy: 'ROLLING',
  bakeTimeInMinutes: 0,
};

/** What was there, with the members that are given in the place of theirs; then it is checked. Throws AwsError. */
export function mergedConfiguration(
  given: DeploymentConfiguration | undefined,
  before: DeploymentConfiguration = DEFAULTS,
): DeploymentConfiguration {
  const merged: DeploymentConfiguration = { ...before, ...given };
  check(merged);
  return structuredClone(merged);
}

/** The constraints of the API reference (DeploymentConfiguration and its parts) and of the guide's page on pause hooks. */
function check(configuration: DeploymentConfiguration): void {
  const { strategy = 'ROLLING', minimumHealthyPercent = 100, maximumPercent = 200 } = configuration;
  if (!STRATEGIES.includes(strategy)) throw invalidParameter(`strategy must be one of ${STRATEGIES.join(', ')}.`);
  if (minimumHealthyPercent < 0 || maximumPercent < 0) {
    throw invalidParameter('minimumHealthyPercent and maximumPercent must not be negative.');
  }
  if (minimumHealthyPercent > maximumPercent) {
    throw invalidParameter('minimumHealthyPercent cannot be greater than maximumPercent.');
  }
  if (minimumHealthyPercent >= 100 && maximumPercent <= 100) {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
  }
  checkMinutes('bakeTimeInMinutes', configuration.bakeTimeInMinutes);
  checkSteps(configuration, strategy);
  checkBreaker(configuration);
  checkEarlySuccess(configuration, minimumHealthyPercent);
  checkHooks(configuration.lifecycleHooks ?? [], strategy);
}

function checkSteps({ linearConfiguration, canaryConfiguration }: DeploymentConfiguration, strategy: string): void {
  if (linearConfiguration && strategy !== 'LINEAR') {
    throw invalidParameter('linearConfiguration can only be used with the LINEAR strategy.');
  }
  if (canaryConfiguration && strategy !== 'CANARY') {
    throw invalidParameter('canaryConfiguration can only be used with the CANARY strategy.');
  }
  checkPercent('stepPercent', linearConfiguration?.stepPercent, 3);
  checkPercent('canaryPercent', canaryConfiguration?.canaryPercent, 0.1);
  checkMinutes('stepBakeTimeInMinutes', linearConfiguration?.stepBakeTimeInMinutes);
  checkMinutes('canaryBakeTimeInMinutes', canaryConfiguration?.canaryBakeTimeInMinutes);
}

function checkPercent(member: string, value: number | undefined, least: number): void {
  if (value === undefined) return;
  const isTenths = Math.abs(value * 10 - Math.round(value * 10)) < 1e-9;
  if (!(value >= least && value <= 100 && isTenths)) {
    throw invalidParameter(`${member} must be a multiple of 0.1 from ${least} to 100.`);
  }
}

function checkMinutes(member: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0 && value <= MAX_MINUTES)) {
    throw invalidParameter(`${member} must be between 0 and ${MAX_MINUTES}.`);
  }
}

function checkBreaker({ deploymentCircuitBreaker, alarms }: DeploymentConfiguration): void {
  const threshold = deploymentCircuitBreaker?.thresholdConfiguration;
  if (threshold && !(Number.isInteger(threshold.value) && threshold.value! >= 1)) {
    throw invalidParameter('The value of thresholdConfiguration must be a whole number from 1.');
  }
  if (alarms?.enable && (alarms.alarmNames ?? []).length === 0) {
    throw invalidParameter('alarmNames must not be empty when alarms are enabled.');
  }
}

function checkEarlySuccess(
  { earlySuccessCriteria: criteria, strategy = 'ROLLING' }: DeploymentConfiguration,
  minimumHealthyPercent: number,
): void {
  if (!criteria?.enable) return;
  if (strategy !== 'ROLLING') throw invalidParameter('earlySuccessCriteria is for rolling deployments only.');
  const { healthyPercent, sourceServiceRevisionCleanup } = criteria;
  if (healthyPercent === undefined || sourceServiceRevisionCleanup === undefined) {
    throw invalidParameter('earlySuccessCriteria needs healthyPercent and sourceServiceRevisionCleanup.');
  }
  if (!(Number.isInteger(healthyPercent) && healthyPercent >= minimumHealthyPercent && healthyPercent <= 100)) {
    throw invalidParameter('healthyPercent must be a whole number between minimumHealthyPercent and 100.');
  }
}

function checkHooks(hooks: readonly DeploymentLifecycleHook[], strategy: string): void {
  const isPause = ({ targetType }: DeploymentLifecycleHook): boolean => targetType === 'PAUSE';
  if (hooks.filter(isPause).length > MAX_HOOKS || hooks.filter((hook) => !isPause(hook)).length > MAX_HOOKS) {
    throw invalidParameter(`A service can have up to ${MAX_HOOKS} pause hooks and ${MAX_HOOKS} Lambda hooks.`);
  }
  for (const hook of hooks) checkHook(hook, isPause(hook));
  if (strategy === 'ROLLING') checkRollingHooks(hooks);
}

/** AWS has announced hooks for rolling updates, but no page says what becomes of those at stages that shift traffic. */
function checkRollingHooks(hooks: readonly DeploymentLifecycleHook[]): void {
  const stages = hooks.flatMap(({ lifecycleStages = [] }) => lifecycleStages as Stage[]);
  const other = stages.find((stage) => !ROLLING_HOOK_STAGES.includes(stage));
  if (other === undefined) return;
  throw new AwsError(
    'NotImplementedException',
    `The local AWS has lifecycle hooks of rolling updates at ${ROLLING_HOOK_STAGES.join(', ')} only, not at ${other}.`,
    501,
  );
}

function checkHook(hook: DeploymentLifecycleHook, isPause: boolean): void {
  const stages = (hook.lifecycleStages ?? []) as readonly Stage[];
  if (stages.length === 0) throw invalidParameter('lifecycleStages must not be empty.');
  const unknown = stages.find((stage) => !HOOK_STAGES.includes(stage));
  if (unknown !== undefined) throw invalidParameter(`${unknown} is not a stage for lifecycle hooks.`);
  if (isPause) {
    const wrong = stages.find((stage) => !PAUSE_STAGES.includes(stage));
    if (wrong !== undefined) throw invalidParameter(`PAUSE hooks cannot be configured at the ${wrong} stage.`);
    if (hook.hookTargetArn !== undefined || hook.roleArn !== undefined) {
      throw invalidParameter('PAUSE hooks do not use hookTargetArn or roleArn.');
    }
  } else if (!hook.hookTargetArn || !hook.roleArn) {
    throw invalidParameter('A Lambda lifecycle hook needs hookTargetArn and roleArn.');
  }
  const minutes = hook.timeoutConfiguration?.timeoutInMinutes;
  const most = isPause ? MAX_PAUSE_MINUTES : MAX_MINUTES;
  if (minutes !== undefined && !(minutes >= 1 && minutes <= most)) {
    throw invalidParameter(`timeoutInMinutes must be between 1 and ${most}.`);
  }
}
