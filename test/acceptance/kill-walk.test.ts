import { afterAll } from '@jest/globals';
import { buildCli } from './support/built-cli.ts';
import { killAtEveryCall } from './support/kill-walk.ts';
import { FIRST_RELEASE, NEXT_RELEASE, rehearse } from './support/release-scenarios.ts';

const program = await buildCli();
const rehearsals = await Promise.all([FIRST_RELEASE, NEXT_RELEASE].map((scenario) => rehearse(program, scenario)));
afterAll(() => Promise.all(rehearsals.map(({ cloud }) => cloud.close())));

killAtEveryCall(rehearsals);
