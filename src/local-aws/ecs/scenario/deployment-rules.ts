import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { HOOK_STAGES, type Stage, STAGES } from '../rollouts/stages.ts';
import type { DeploymentPlay, HookPlay, HookResult } from './deployment-play.ts';
import type { Shape } from './shape.ts';
import { msOf } from './task-rules.ts';

const HOOK_RESULTS: readonly HookResult[] = ['SUCCEEDED', 'FAILED', 'IN_PROGRESS', 'INVALID'];
const DEFAULT_CALL_BACK_MS = 30_000;

/** How long a deployment stays in a status, and at least in a stage, when nothing else keeps it there. */
const DEFAULT_DURATIONS: Readonly<
  Record<Stage | 'PENDING' | 'STOP_REQUESTED' | 'ROLLBACK_REQUESTED' | 'ROLLBACK', number>
> = {
  PENDING: 2000,
  STOP_REQUESTED: 2000,
  ROLLBACK_REQUESTED: 2000,
  ROLLBACK: 0,
  RECONCILE_SERVICE: 2000,
  PRE_SCALE_UP: 1000,
  SCALE_UP: 0,
  POST_SCALE_UP: 1000,
  TEST_TRAFFIC_SHIFT: 5000,
  POST_TEST_TRAFFIC_SHIFT: 1000,
  PRE_PRODUCTION_TRAFFIC_SHIFT: 1000,
  PRODUCTION_TRAFFIC_SHIFT: 5000,
  POST_PRODUCTION_TRAFFIC_SHIFT: 1000,
  BAKE_TIME: 0,
  CLEAN_UP: 1000,
};

/** One of `ecs.deployments` in a scenario: docs/local-aws.md describes it. */
export const DEPLOYMENT_RULE: Shape = {
  required: ['match'],
  members: {
    match: 'text',
    cluster: 'text',
    image: 'text',
    times: 'count',
    stuck: { oneOf: ['ROLLOUT', ...STAGES] },
    alarm: { object: { members: { after: 'duration', name: 'text', atStart: 'boolean' } } },
    hooks: {
      each: {
        required: ['results'],
        members: {
          stage: { oneOf: HOOK_STAGES },
          target: 'text',
          results: { listOf: HOOK_RESULTS },
          takes: 'duration',
          callBackDelay: 'duration',
        },
      },
    },
    fails: { object: { required: ['reason'], members: { after: 'duration', reason: 'text', rollback: 'boolean' } } },
    superseded: { object: { members: { after: 'duration', taskDefinition: 'text' } } },
    deleted: { object: { members: { after: 'duration' } } },
    rollback: { oneOf: ['fails', 'stuck'] },
    durations: { durationsOf: Object.keys(DEFAULT_DURATIONS) },
  },
};

/** How a deployment goes, by the rule of the scenario that is for it. */
export function deploymentPlay(rule: JsonObject | undefined): DeploymentPlay {
  const { stuck, alarm, hooks, fails, superseded, deleted, rollback } = rule ?? {};
  const given = isJsonObject(rule?.['durations']) ? rule['durations'] : {};
  return {
    durations: Object.fromEntries(
      Object.entries(DEFAULT_DURATIONS).map(([name, usual]) => [name, msOf(given[name], usual)]),
    ),
    ...(typeof stuck === 'string' && { stuck }),
    ...(isJsonObject(alarm) && {
      alarm: { afterMs: msOf(alarm['after'], 0), atStart: alarm['atStart'] === true, ...textMember(alarm, 'name') },
    }),
    hooks: (Array.isArray(hooks) ? hooks : []).filter(isJsonObject).map(hookPlay),
    ...(isJsonObject(fails) && {
      fails: {
        afterMs: msOf(fails['after'], 0),
        reason: String(fails['reason']),
        rollback: fails['rollback'] !== false,
      },
    }),
    ...(isJsonObject(superseded) && {
      superseded: { afterMs: msOf(superseded['after'], 0), ...textMember(superseded, 'taskDefinition') },
    }),
    ...(isJsonObject(deleted) && { deleted: { afterMs: msOf(deleted['after'], 0) } }),
    ...((rollback === 'fails' || rollback === 'stuck') && { rollback }),
  };
}

function hookPlay(hook: JsonObject): HookPlay {
  return {
    ...textMember(hook, 'stage'),
    target: String(hook['target'] ?? '*'),
    results: hook['results'] as HookResult[],
    takesMs: msOf(hook['takes'], 1000),
    callBackDelayMs: msOf(hook['callBackDelay'], DEFAULT_CALL_BACK_MS),
  };
}

function textMember<Name extends string>(object: JsonObject, name: Name): { [Key in Name]?: string } {
  const value: JsonValue | undefined = object[name];
  return (typeof value === 'string' ? { [name]: value } : {}) as { [Key in Name]?: string };
}
