import { killAtEveryCall } from './support/kill-walk.ts';
import { callsOf, FIRST_RELEASE, NEXT_RELEASE } from './support/release-scenarios.ts';

killAtEveryCall([
  { scenario: FIRST_RELEASE, calls: await callsOf(FIRST_RELEASE) },
  { scenario: NEXT_RELEASE, calls: await callsOf(NEXT_RELEASE) },
]);
