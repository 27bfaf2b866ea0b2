import type { JsonValue } from '../../../src/core/json.ts';
import { REGION, type LocalCloud } from './local-cloud.ts';

/** One use of an action: the arguments that a config gives to its command or job. */
export interface OrbCase {
  action: string;
  what: string;
  arguments(cloud: LocalCloud): Record<string, JsonValue>;
  /** Files of the project that are other than usual. */
  files?: Readonly<Record<string, string>>;
  /** What is to be there before: a release of the sample project. */
  released?: true;
  /** What else is to be there before. */
  prepare?(cloud: LocalCloud): Promise<void>;
  env?: Readonly<Record<string, string>>;
}

/** What every action takes that calls AWS. */
export const everyAction = { region: REGION, expected_account_id: '123456789012', no_output_timeout: '5m' };

export const TWO_CONTAINERS = JSON.stringify({
  type: 'container',
  ecsProperties: {
    taskProperties: [
      {
        containers: ['main', 'proxy'].map((name) => ({
          name,
          image: `ghcr.io/acme/${name}:1`,
          environment: [
            { name: 'OBSOLETE', value: '1' },
            { name: 'KEPT', value: '2' },
          ],
          resourceRequirements: [
            { type: 'VCPU', value: '1' },
            { type: 'MEMORY', value: '512' },
          ],
        })),
      },
    ],
  },
});
