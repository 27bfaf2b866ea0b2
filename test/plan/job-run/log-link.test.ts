import { expect, it } from '@jest/globals';
import { logLink } from '../../../src/plan/job-run/log-link.ts';

const NAMES = 'log-groups/log-group/$252Faws$252Fbatch$252Fjob/log-events/crawl$252Fdefault$252F0a1b';

it.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn'],
  ['us-gov-west-1', 'https://console.amazonaws-us-gov.com'],
])('the log of a job in %s is in the console of its partition', (region, console) => {
  const link = logLink({ region, group: '/aws/batch/job', stream: 'crawl/default/0a1b' });
  expect(link).toBe(`${console}/cloudwatch/home?region=${region}#logsV2:${NAMES}`);
});

it('there is no link into an isolated partition', () => {
  expect(logLink({ region: 'us-iso-east-1', group: 'g', stream: 's' })).toBeUndefined();
});
