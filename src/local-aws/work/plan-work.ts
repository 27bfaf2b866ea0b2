import type { World } from '../service.ts';
import { DockerEngine } from './docker-work.ts';
import { planHostWork } from './host-work.ts';
import { findImage, type LocalImage } from './image-lookup.ts';
import type { Plan, Refused, Running, Task } from './task.ts';

/** Decides how a task is done. `ways`: which of `docker` and `host` may be used. */
export type PlanWork = (task: Task, ways: readonly string[]) => Promise<Plan>;

/** By a docker engine that answers; else a script of an image of the local registry by this machine itself; else not at all. */
export function workPlanner(world: World, env: NodeJS.ProcessEnv): PlanWork {
  const engine = new DockerEngine(env);
  return async (task, ways) => {
    if (ways.length === 0) return { kind: 'simulated', why: 'the scenario allows no real work' };
    if (task.image === '') return { kind: 'simulated', why: 'its definition has ecsProperties' };
    const image = await findImage(world, task);
    if (image !== 'elsewhere' && 'refused' in image) return { kind: 'refused', reason: image.refused };
    const hasEngine = ways.includes('docker') && (await engine.answers());
    if (image === 'elsewhere') {
      if (hasEngine) return { kind: 'real', start: (write) => startElsewhere(engine, task, write) };
      return { kind: 'simulated', why: `${task.image} is not in the local registry` };
    }
    const hostWork = (): Promise<Plan> => planHostWork(task, image, env['PATH'] ?? '');
    if (hasEngine) {
      const instead = ways.includes('host') ? hostWork : undefined;
      return { kind: 'real', start: (write) => startLocal({ engine, task, image, world, instead }, write) };
    }
    return ways.includes('host') ? hostWork() : { kind: 'simulated', why: 'no docker engine answers' };
  };
}

async function startElsewhere(
  engine: DockerEngine,
  task: Task,
  write: (line: string) => void,
): Promise<Running | Refused | { simulated: string }> {
  if (await engine.has(task.image)) return engine.run(task, task.image, write);
  return { simulated: `${task.image} is not in the local registry, and docker cannot pull it` };
}

interface LocalWork {
  engine: DockerEngine;
  task: Task;
  image: LocalImage;
  world: World;
  /** For an engine that does not reach this registry, as one in a virtual machine. */
  instead: (() => Promise<Plan>) | undefined;
}

async function startLocal(
  { engine, task, image, world, instead }: LocalWork,
  write: (line: string) => void,
): Promise<Running | Refused | { simulated: string }> {
  const problem = await engine.pull(image, world);
  if (problem === undefined) return engine.run(task, image.reference, write);
  const plan = await instead?.();
  if (plan?.kind === 'real') return plan.start(write);
  if (plan?.kind === 'refused') return { refused: plan.reason };
  if (plan?.kind === 'simulated') return { simulated: plan.why };
  return { refused: `CannotPullContainerError: ${problem.failed}` };
}
