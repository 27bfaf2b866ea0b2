import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { KEYS } from '../stage.ts';
import { CLUSTER, REGION, type Place } from './platform.ts';

/** A service as AWS gives it back. Revisions are numbers of its family. */
export interface ServiceSeen {
  revision: number;
  desired: number;
  /** Of its tasks that run: the revision, and the digest that the sample's container reports. */
  tasks: { revision: number; digest: string }[];
}

/** The newest deployment of a service. */
export interface DeploymentSeen {
  revision: number;
  status: string;
  stage: string | undefined;
  /** Does a hook wait for somebody? */
  isPaused: boolean;
  /** Percent that its revision has. */
  traffic: { production: number; test: number };
}

/** What an AWS holds of ECS, asked with the AWS SDK like anybody would who does not trust the program that wrote it. */
export class EcsView {
  readonly #ecs: ECSClient;
  readonly #ecr: ECRClient;

  constructor(endpoint: string) {
    const settings = { endpoint, region: REGION, credentials: KEYS };
    this.#ecs = new ECSClient(settings);
    this.#ecr = new ECRClient(settings);
  }

  async service({ service, container }: Place): Promise<ServiceSeen> {
    const { services: [found] = [] } = await this.#ecs.send(
      new DescribeServicesCommand({ cluster: CLUSTER, services: [service] }),
    );
    const tasks = await this.#tasks({ serviceName: service, desiredStatus: 'RUNNING' });
    return {
      revision: revisionIn(found?.taskDefinition),
      desired: found?.desiredCount ?? 0,
      tasks: tasks
        .filter(({ lastStatus }) => lastStatus === 'RUNNING')
        .map(({ taskDefinitionArn, containers = [] }) => ({
          revision: revisionIn(taskDefinitionArn),
          digest: containers.find(({ name }) => name === container)?.imageDigest ?? '',
        })),
    };
  }

  async newestDeployment({ service }: Place): Promise<DeploymentSeen | undefined> {
    const { serviceDeployments: [newest] = [] } = await this.#ecs.send(
      new ListServiceDeploymentsCommand({ cluster: CLUSTER, service }),
    );
    if (newest?.serviceDeploymentArn === undefined) return undefined;
    const { serviceDeployments: [found] = [] } = await this.#ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [newest.serviceDeploymentArn] }),
    );
    const {
      arn = '',
      requestedProductionTrafficWeight,
      requestedTestTrafficWeight,
    } = found?.targetServiceRevision ?? {};
    const { serviceRevisions: [target] = [] } = await this.#ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }),
    );
    return {
      revision: revisionIn(target?.taskDefinition),
      status: found?.status ?? '',
      stage: found?.lifecycleStage,
      isPaused: (found?.lifecycleHookDetails ?? []).some(({ status }) => status === 'AWAITING_ACTION'),
      traffic: { production: requestedProductionTrafficWeight ?? 0, test: requestedTestTrafficWeight ?? 0 },
    };
  }

  /** The image of the sample's container in a revision, and its tags by name. */
  async revision({ family, container }: Place, number: number) {
    const { taskDefinition, tags = [] } = await this.#ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: `${family}:${number}`, include: ['TAGS'] }),
    );
    const image = taskDefinition?.containerDefinitions?.find(({ name }) => name === container)?.image ?? '';
    return { image, tags: Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value])) };
  }

  /** How the container of the sample ended in tasks that no service has started, by their revision. */
  async endedTasks({ family, container }: Place): Promise<{ revision: number; exitCode: number | undefined }[]> {
    const tasks = await this.#tasks({ family, desiredStatus: 'STOPPED' });
    return tasks
      .filter(({ group = '' }) => !group.startsWith('service:'))
      .map(({ taskDefinitionArn, containers = [] }) => ({
        revision: revisionIn(taskDefinitionArn),
        exitCode: containers.find(({ name }) => name === container)?.exitCode,
      }));
  }

  /** Digests of the images of a repository. */
  async digests({ family }: Place): Promise<string[]> {
    const { imageDetails = [] } = await this.#ecr.send(new DescribeImagesCommand({ repositoryName: family }));
    return imageDetails.flatMap(({ imageDigest }) => imageDigest ?? []);
  }

  async #tasks(which: {
    serviceName?: string;
    family?: string;
    desiredStatus: 'RUNNING' | 'STOPPED';
  }): Promise<Task[]> {
    const { taskArns = [] } = await this.#ecs.send(new ListTasksCommand({ cluster: CLUSTER, ...which }));
    if (taskArns.length === 0) return [];
    const { tasks = [] } = await this.#ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: taskArns }));
    return tasks;
  }

  close(): void {
    this.#ecs.destroy();
    this.#ecr.destroy();
  }
}

/** The number in `…/shop-web:7`. */
function revisionIn(arn: string | undefined): number {
  return Number(/:(\d+)$/.exec(arn ?? '')?.[1]);
}
