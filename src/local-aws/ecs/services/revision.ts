import type { ContainerImage } from '@aws-sdk/client-ecs';

import type { ServiceSettings } from './service-record.ts';

/** What a service was made of at one time: the members of its settings that a deployment is for. */
export interface RevisionRecord {
  serviceRevisionArn: string;
  serviceArn: string;
  clusterArn: string;
  createdAt: number;
  settings: DeployedSettings;
  /** The digests are those that the revision's first task has found; its later tasks use them too. */
  containerImages: ContainerImage[];
}

/** The settings of which a change starts a deployment (API reference, UpdateService). */
const DEPLOYED_SETTINGS = [
  'taskDefinition',
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const satisfies readonly (keyof ServiceSettings)[];

export type DeployedSettings = Pick<ServiceSettings, (typeof DEPLOYED_SETTINGS)[number]>;

export function deployedSettings(settings: ServiceSettings): DeployedSettings {
  const given = DEPLOYED_SETTINGS.filter((member) => settings[member] !== undefined);
  return Object.fromEntries(given.map((member) => [member, structuredClone(settings[member])]));
}
