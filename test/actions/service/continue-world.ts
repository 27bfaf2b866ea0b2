import { ContinueServiceDeploymentCommand, type DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../../src/core/json.ts';
import type { EcsWorld } from '../../support/ecs-world.ts';
import { runningService } from '../ecs/judge-world.ts';
import { deployNext, idOf, PAUSED, runOn, type ServiceRun, type ServiceRunWorld } from './service-run.ts';

export const CONTINUE = 'ecs:ContinueServiceDeployment';

/** Where a deployment waits. */
export interface PausedDeployment {
  hookIds: string[];
  arn: string;
  id: string;
}

/** Goes on with deployments of the service `web` of a world. */
export function continueWorld(world: () => EcsWorld) {
  const stage = (): EcsWorld['stage'] => world().stage;

  async function end(
    arn: string,
    hookId: string | undefined,
    action: 'CONTINUE' | 'ROLLBACK' = 'CONTINUE',
  ): Promise<void> {
    await stage().ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId, action }));
  }

  return {
    end,
    proceed: (args: readonly string[] = [], more: ServiceRunWorld = {}): Promise<ServiceRun> =>
      runOn(world(), 'continue-deployment', args, more),
    /** A second revision of a service, at its first pause. */
    async paused(
      configuration: DeploymentConfiguration = PAUSED,
      scenario: JsonObject = {},
    ): Promise<PausedDeployment> {
      await runningService(world(), scenario, {});
      await deployNext(world(), 'b', configuration);
      await stage().pass(900);
      const deployment = await stage().deployment();
      const { lifecycleHookDetails = [], serviceDeploymentArn = '' } = deployment;
      const hookIds = lifecycleHookDetails.map(({ hookId = '' }) => hookId);
      return { hookIds, arn: serviceDeploymentArn, id: idOf(deployment) };
    },
    /** Ends whatever waits, until nothing does. */
    async endAll(): Promise<void> {
      for (;;) {
        const { serviceDeploymentArn = '', lifecycleHookDetails = [] } = await stage().deployment();
        const waiting = lifecycleHookDetails.find(({ status }) => status === 'AWAITING_ACTION');
        if (!waiting) return;
        await end(serviceDeploymentArn, waiting.hookId);
        await stage().pass(900);
      }
    },
  };
}

/** How many pauses a run ended. */
export function continued({ calls }: ServiceRun): number {
  return calls.filter((call) => call === CONTINUE).length;
}
