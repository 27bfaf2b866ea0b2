import { BATCH_CASES } from './support/orb-cases.ts';
import { describeOrbSteps } from './support/orb-steps.ts';

describeOrbSteps(BATCH_CASES);
