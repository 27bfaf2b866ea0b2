import type { ClientSettings } from './client-settings.ts';
import { ecsClients } from './ecs-clients.ts';
import { serviceOperations, type ServiceOperations } from './ecs-services.ts';
import { taskDefinitionOperations, type TaskDefinitionOperations } from './ecs-task-definitions.ts';
import { taskOperations, type TaskOperations } from './ecs-tasks.ts';

/** Amazon ECS by topic. */
export interface EcsOperations {
  services: ServiceOperations;
  tasks: TaskOperations;
  taskDefinitions: TaskDefinitionOperations;
}

export function openEcs(settings: ClientSettings): EcsOperations {
  const clients = ecsClients(settings);
  return {
    services: serviceOperations(clients),
    tasks: taskOperations(clients),
    taskDefinitions: taskDefinitionOperations(clients),
  };
}
