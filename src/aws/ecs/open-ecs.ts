import type { ClientSettings } from '../client-settings.ts';
import { ecsClients } from './clients.ts';
import { serviceOperations, type ServiceOperations } from './services.ts';
import { taskDefinitionOperations, type TaskDefinitionOperations } from './task-definitions.ts';
import { taskOperations, type TaskOperations } from './tasks.ts';

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
