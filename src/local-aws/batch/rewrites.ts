import type {
  ContainerProperties,
  EcsProperties,
  EksContainer,
  EksProperties,
  JobDefinition,
  KeyValuePair,
  LinuxParameters,
  LogConfiguration,
  NodeRangeProperty,
  RegisterJobDefinitionRequest,
  ResourceRequirement,
  TaskContainerProperties,
} from '@aws-sdk/client-batch';

/*
 * A described definition is not what was registered. These are the changes that the tools which compare definitions
 * have to undo (Terraform's reducers for aws_batch_job_definition, batchkoi), and that the API reference gives as defaults.
 * Members that nothing here names pass through, also those that the SDK doesn't know.
 */

/** The definition as Batch describes it later, without its ARN, number and status. */
export function storedDefinition(
  input: RegisterJobDefinitionRequest,
): Omit<JobDefinition, 'jobDefinitionArn' | 'revision'> {
  const { containerProperties, ecsProperties, eksProperties, nodeProperties, ...rest } = input;
  const isFargate = input.platformCapabilities?.includes('FARGATE') ?? false;
  return {
    ...rest,
    jobDefinitionName: input.jobDefinitionName,
    type: input.type,
    parameters: input.parameters ?? {},
    tags: input.tags ?? {},
    containerOrchestrationType: usesEks(input) ? 'EKS' : 'ECS',
    ...(containerProperties && { containerProperties: storedContainer(containerProperties, isFargate) }),
    ...(ecsProperties && { ecsProperties: storedEcs(ecsProperties, isFargate) }),
    ...(eksProperties && { eksProperties: storedEks(eksProperties) }),
    ...(nodeProperties && {
      nodeProperties: {
        ...nodeProperties,
        nodeRangeProperties: nodeProperties.nodeRangeProperties?.map(storedNodeRange),
      },
    }),
  };
}

function usesEks({ eksProperties, nodeProperties }: RegisterJobDefinitionRequest): boolean {
  return Boolean(eksProperties ?? nodeProperties?.nodeRangeProperties?.some((range) => range.eksProperties));
}

function storedNodeRange(range: NodeRangeProperty): NodeRangeProperty {
  return {
    ...range,
    ...(range.container && { container: storedContainer(range.container, false) }),
    ...(range.ecsProperties && { ecsProperties: storedEcs(range.ecsProperties, false) }),
    ...(range.eksProperties && { eksProperties: storedEks(range.eksProperties) }),
  };
}

function storedContainer(container: ContainerProperties, isFargate: boolean): ContainerProperties {
  const { vcpus, memory, ...rest } = container;
  return {
    ...rest,
    command: container.command ?? [],
    environment: withoutEmptyValues(container.environment),
    mountPoints: container.mountPoints ?? [],
    resourceRequirements: withRequirements(container.resourceRequirements ?? [], vcpus, memory),
    secrets: container.secrets ?? [],
    ulimits: container.ulimits ?? [],
    volumes: container.volumes ?? [],
    ...(container.linuxParameters && { linuxParameters: storedLinuxParameters(container.linuxParameters) }),
    ...(container.logConfiguration && { logConfiguration: storedLogConfiguration(container.logConfiguration) }),
    ...(isFargate && {
      fargatePlatformConfiguration: {
        ...container.fargatePlatformConfiguration,
        platformVersion: container.fargatePlatformConfiguration?.platformVersion ?? 'LATEST',
      },
    }),
  };
}

/** The deprecated `vcpus` and `memory` come back as requirements; a requirement that was given wins over them. */
function withRequirements(
  given: readonly ResourceRequirement[],
  vcpus: number | undefined,
  memory: number | undefined,
): ResourceRequirement[] {
  const moved: ResourceRequirement[] = [];
  if (vcpus !== undefined) moved.push({ type: 'VCPU', value: String(vcpus) });
  if (memory !== undefined) moved.push({ type: 'MEMORY', value: String(memory) });
  return [...given, ...moved.filter(({ type }) => !given.some((requirement) => requirement.type === type))];
}

function withoutEmptyValues(environment: readonly KeyValuePair[] | undefined): KeyValuePair[] {
  return (environment ?? []).filter(({ value }) => value !== undefined && value !== null && value !== '');
}

function storedLinuxParameters(parameters: LinuxParameters): LinuxParameters {
  return {
    ...parameters,
    devices: parameters.devices ?? [],
    tmpfs: (parameters.tmpfs ?? []).map((mount) => ({ ...mount, mountOptions: mount.mountOptions ?? [] })),
  };
}

function storedLogConfiguration(configuration: LogConfiguration): LogConfiguration {
  return {
    ...configuration,
    options: configuration.options ?? {},
    secretOptions: configuration.secretOptions ?? [],
  };
}

function storedEcs(properties: EcsProperties, isFargate: boolean): EcsProperties {
  return {
    ...properties,
    taskProperties: properties.taskProperties?.map((task) => ({
      ...task,
      containers: task.containers?.map(storedTaskContainer),
      volumes: task.volumes ?? [],
      ...(isFargate && { platformVersion: task.platformVersion ?? 'LATEST' }),
    })),
  };
}

function storedTaskContainer(container: TaskContainerProperties): TaskContainerProperties {
  return {
    ...container,
    essential: container.essential ?? true,
    command: container.command ?? [],
    dependsOn: container.dependsOn ?? [],
    environment: withoutEmptyValues(container.environment),
    mountPoints: container.mountPoints ?? [],
    resourceRequirements: container.resourceRequirements ?? [],
    secrets: container.secrets ?? [],
    ulimits: container.ulimits ?? [],
    ...(container.linuxParameters && { linuxParameters: storedLinuxParameters(container.linuxParameters) }),
    ...(container.logConfiguration && { logConfiguration: storedLogConfiguration(container.logConfiguration) }),
  };
}

/**
 * The API reference says that a `dnsPolicy` which was not given is not described either; Terraform's reducer has met
 * one. The local AWS gives it, because a caller who can take that can take the other too.
 */
function storedEks(properties: EksProperties): EksProperties {
  const pod = properties.podProperties;
  if (pod === undefined) return properties;
  return {
    ...properties,
    podProperties: {
      ...pod,
      dnsPolicy: pod.dnsPolicy ?? 'ClusterFirst',
      hostNetwork: pod.hostNetwork ?? true,
      volumes: pod.volumes ?? [],
      ...(pod.containers && { containers: pod.containers.map(storedPodContainer) }),
      ...(pod.initContainers && { initContainers: pod.initContainers.map(storedPodContainer) }),
    },
  };
}

/** The order of `env` is kept: later variables may use earlier ones. */
function storedPodContainer(container: EksContainer): EksContainer {
  return {
    ...container,
    args: container.args ?? [],
    command: container.command ?? [],
    env: container.env ?? [],
    volumeMounts: container.volumeMounts ?? [],
  };
}
