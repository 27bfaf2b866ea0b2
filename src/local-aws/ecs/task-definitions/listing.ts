import type {
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
} from '@aws-sdk/client-ecs';

import type { JsonCall } from '../../json-protocol.ts';
import { pageOf } from '../paging.ts';
import { type EcsState, invalidParameter } from '../state.ts';

const STATUSES = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'];
const FAMILY_STATUSES = ['ACTIVE', 'INACTIVE', 'ALL'];

export function taskDefinitionListHandlers(state: EcsState) {
  return {
    /** Despite its name, `familyPrefix` is a whole family (API reference, ListTaskDefinitions). */
    ListTaskDefinitions(input: ListTaskDefinitionsRequest, call: JsonCall): ListTaskDefinitionsResponse {
      const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
      if (!STATUSES.includes(status)) throw invalidParameter(`status must be one of ${STATUSES.join(', ')}.`);
      if (sort !== 'ASC' && sort !== 'DESC') throw invalidParameter('sort must be ASC or DESC.');
      const found = [...state.region(call.region).taskDefinitions.values()]
        .flat()
        .filter((definition) => definition.status === status)
        .filter(({ family }) => familyPrefix === undefined || family === familyPrefix);
      // A space comes before all that a family can have, so that families are in their own order.
      const keyOf = ({ family, revision }: { family: string; revision: number }): string =>
        `${family} ${String(revision).padStart(10, '0')}`;
      const { items, nextToken } = pageOf(found, keyOf, input, { usual: 100, descending: sort === 'DESC' });
      return { taskDefinitionArns: items.map(({ taskDefinitionArn }) => taskDefinitionArn), nextToken };
    },

    /** A family is ACTIVE as long as one of its revisions is; here `familyPrefix` is a prefix. */
    ListTaskDefinitionFamilies(
      input: ListTaskDefinitionFamiliesRequest,
      call: JsonCall,
    ): ListTaskDefinitionFamiliesResponse {
      const { familyPrefix = '', status = 'ACTIVE' } = input;
      if (!FAMILY_STATUSES.includes(status)) {
        throw invalidParameter(`status must be one of ${FAMILY_STATUSES.join(', ')}.`);
      }
      const families = [...state.region(call.region).taskDefinitions]
        .filter(([family]) => family.startsWith(familyPrefix))
        .filter(([, revisions]) => {
          const isActive = revisions.some((revision) => revision.status === 'ACTIVE');
          return status === 'ALL' || (status === 'ACTIVE') === isActive;
        })
        .map(([family]) => family);
      const { items, nextToken } = pageOf(families, (family) => family, input, { usual: 100 });
      return { families: items, nextToken };
    },
  };
}
