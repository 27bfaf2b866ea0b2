import { ECS_CASES } from './support/orb-ecs-cases.ts';
import { describeOrbSteps } from './support/orb-steps.ts';

describeOrbSteps(ECS_CASES);
