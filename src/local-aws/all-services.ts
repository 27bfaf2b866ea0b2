import { batchService } from './batch/service.ts';
import { ecrService } from './ecr/service.ts';
import { ecsService } from './ecs/service.ts';
import { eventsService } from './events/service.ts';
import { logsService } from './logs/service.ts';
import { s3Service } from './s3/service.ts';
import { schedulerService } from './scheduler/service.ts';
import type { Service, World } from './service.ts';
import { stsService } from './sts/service.ts';

/** Every service, in the order in which unsigned requests are offered to them: S3 takes whatever is left. */
export function createServices(world: World): Service[] {
  return [
    batchService(world),
    stsService(world),
    ecrService(world),
    ecsService(world),
    logsService(world),
    schedulerService(world),
    eventsService(world),
    s3Service(world),
  ];
}
