import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { World } from '../../service.ts';
import { fitsWildcard } from '../../wildcard.ts';

/** What a rule of the scenario may be about. */
export interface Subject {
  cluster: string;
  service?: string;
  family: string;
  revision: number;
  images: readonly string[];
}

/** The rules of one list of the scenario's `ecs`, and how often each was used. */
export class Rules {
  readonly #world: World;
  readonly #list: 'tasks' | 'deployments';
  /** By the rule's own object, which another scenario doesn't have. */
  #uses = new WeakMap<JsonObject, number>();

  constructor(world: World, list: 'tasks' | 'deployments') {
    this.#world = world;
    this.#list = list;
  }

  /** Rules are unused again. */
  reset(): void {
    this.#uses = new WeakMap();
  }

  /** The first rule that fits and isn't used up, which is used by that; undefined when there is none. */
  take(subject: Subject): JsonObject | undefined {
    const part = this.#world.scenario('ecs');
    const list = isJsonObject(part) ? part[this.#list] : undefined;
    const rule = (Array.isArray(list) ? list : [])
      .filter(isJsonObject)
      .find((one) => (this.#uses.get(one) ?? 0) < Number(one['times'] ?? Infinity) && fits(one, subject));
    if (rule !== undefined) this.#uses.set(rule, (this.#uses.get(rule) ?? 0) + 1);
    return rule;
  }
}

function fits(rule: JsonObject, { cluster, service, family, revision, images }: Subject): boolean {
  const names = [family, `${family}:${revision}`, ...(service === undefined ? [] : [service, `${cluster}/${service}`])];
  const { match, cluster: ofCluster = '*', image } = rule;
  return (
    names.some((name) => fitsWildcard(String(match), name)) &&
    fitsWildcard(String(ofCluster), cluster) &&
    (image === undefined || images.some((one) => fitsWildcard(String(image), one)))
  );
}
