import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  type ECSClientConfig,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type ServiceDeployment,
  type Task,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';

import type { JsonObject } from '../../../src/core/json.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../src/local-aws/server.ts';

export function ecsClient(localAws: Pick<LocalAws, 'endpoint'>, config: ECSClientConfig = {}): ECSClient {
  return new ECSClient({
    endpoint: localAws.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
    ...config,
  });
}

export const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

/** A cluster `demo`, a Fargate definition `web`, and a clock that stands still. */
export interface EcsStage {
  localAws: LocalAws;
  ecs: ECSClient;
  /** Back to the start. */
  restart(scenario?: JsonObject): Promise<void>;
  /** A revision of `web`; gives its ARN. */
  register(input?: Partial<RegisterTaskDefinitionCommandInput>): Promise<string>;
  /** A service `web` of `web` with two tasks. */
  createService(input?: Partial<CreateServiceCommandInput>): Promise<Service>;
  update(input?: Partial<UpdateServiceCommandInput>): Promise<Service>;
  service(name?: string): Promise<Service>;
  /** Service deployments, the newest first. */
  deployments(name?: string): Promise<ServiceDeployment[]>;
  /** The newest of them. */
  deployment(): Promise<ServiceDeployment>;
  tasks(desiredStatus?: 'RUNNING' | 'STOPPED'): Promise<Task[]>;
  /** The messages of the service's events, the oldest first, without ids. */
  events(): Promise<string[]>;
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startEcsStage(options: LocalAwsOptions = {}): Promise<EcsStage> {
  const localAws = await startLocalAws(options);
  const ecs = ecsClient(localAws);
  const stage: EcsStage = {
    localAws,
    ecs,
    async restart(scenario = {}) {
      localAws.control.reset();
      localAws.control.setRate(0);
      localAws.control.setScenario(scenario);
      await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
      await stage.register();
    },
    async register(input = {}) {
      const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({ ...webDefinition(), ...input }));
      return taskDefinition!.taskDefinitionArn!;
    },
    async createService(input = {}) {
      const { service } = await ecs.send(new CreateServiceCommand({ ...webService(), ...input }));
      return service!;
    },
    async update(input = {}) {
      const { service } = await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web', ...input }));
      return service!;
    },
    async service(name = 'web') {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: [name] }));
      return services![0]!;
    },
    async deployments(name = 'web') {
      const { serviceDeployments: briefs = [] } = await ecs.send(
        new ListServiceDeploymentsCommand({ cluster: 'demo', service: name }),
      );
      const arns = briefs.map(({ serviceDeploymentArn }) => serviceDeploymentArn!);
      const { serviceDeployments } = await ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }),
      );
      return serviceDeployments!;
    },
    async deployment() {
      return (await stage.deployments())[0]!;
    },
    async tasks(desiredStatus = 'RUNNING') {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'demo', desiredStatus }));
      if (taskArns.length === 0) return [];
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: taskArns }));
      return tasks!;
    },
    async events() {
      const { events = [] } = await stage.service();
      return events.map(({ message }) => withoutIds(message!)).toReversed();
    },
    pass: (seconds) => localAws.control.advance(seconds * 1000),
    async close() {
      ecs.destroy();
      await localAws.close();
    },
  };
  return stage;
}

function withoutIds(message: string): string {
  return message.replace(/ecs-svc\/\d+/g, 'ecs-svc/1').replace(/\(task [0-9a-f]{32}\)/g, '(task id)');
}

export function webDefinition(): RegisterTaskDefinitionCommandInput {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      { name: 'app', image: 'ghcr.io/acme/web:1', portMappings: [{ containerPort: 80 }] },
      { name: 'sidecar', image: 'ghcr.io/acme/sidecar:1', essential: false },
    ],
  };
}

export function webService(): CreateServiceCommandInput {
  return {
    cluster: 'demo',
    serviceName: 'web',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    desiredCount: 2,
    networkConfiguration: NETWORK,
  };
}
