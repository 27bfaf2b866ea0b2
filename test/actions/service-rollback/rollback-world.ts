import type { EcsWorld } from '../../support/ecs-world.ts';
import { deployNext, runOn, type ServiceRun, type ServiceRunWorld } from '../service/service-run.ts';

/** What changes something on AWS. */
const WRITES = /^ecs:(Create|Update|Register|Deregister|Stop|Continue|Tag|Untag|Delete)/;

/** Rolls the service `web` of a world back, and looks what came of it. */
export function rollbackWorld(world: () => EcsWorld) {
  const stage = (): EcsWorld['stage'] => world().stage;
  return {
    rollBack: (args: readonly string[] = [], more: ServiceRunWorld = {}): Promise<ServiceRun> =>
      runOn(world(), 'rollback-service', args, more),
    /** What the service is to run: `web:2`. */
    async runs(): Promise<string> {
      return (await stage().service()).taskDefinition?.split('/').at(-1) ?? '';
    },
    /** Deployments that came out, one after the other, after the first one. */
    async released(...contents: readonly string[]): Promise<void> {
      for (const content of contents) {
        await deployNext(world(), content);
        await stage().pass(900);
      }
    },
    async arnOf(reference: string): Promise<string> {
      return (await world().ecs.taskDefinitions.describe(reference))?.arn ?? '';
    },
  };
}

export function writesOf({ calls }: ServiceRun): string[] {
  return calls.filter((call) => WRITES.test(call));
}
