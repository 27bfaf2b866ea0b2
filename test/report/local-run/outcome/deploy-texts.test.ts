import { describe, expect, it } from '@jest/globals';
import { deployTexts } from '../../../../src/report/local-run/outcome/deploy-texts.ts';
import type { NodeRecord } from '../../../../src/runner/run-record.ts';
import type { ReleaseRecord } from '../../../../src/runner/tools/control-files.ts';

function marker(change: Partial<ReleaseRecord>): ReleaseRecord {
  return {
    action: 'plan',
    name: 'web',
    status: 'PENDING',
    component: 'web',
    environment: 'staging',
    namespace: 'default',
    targetVersion: '1.2',
    rollback: false,
    at: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

function textsOf(...markers: Partial<ReleaseRecord>[]): string[] {
  const node: NodeRecord = { steps: [], artifacts: [], deploys: markers.map(marker) };
  return deployTexts([{ steps: [], artifacts: [] }, node]);
}

describe('deployTexts', () => {
  it.each<[string, Partial<ReleaseRecord>[], string[]]>([
    ['nothing where nothing was marked', [], []],
    ['what was planned', [{}], ['web 1.2 to staging: PENDING']],
    [
      'the last word on a deploy, whoever said it',
      [
        { status: 'SUCCESS', at: '2026-01-01T00:00:02.000Z' },
        { status: 'RUNNING', at: '2026-01-01T00:00:01.000Z' },
        {},
      ],
      ['web 1.2 to staging: SUCCESS'],
    ],
    [
      'why one failed',
      [{ status: 'FAILED', failureReason: 'no capacity' }],
      ['web 1.2 to staging: FAILED, no capacity'],
    ],
    ['a rollback', [{ rollback: true, status: 'RUNNING' }], ['web back to 1.2 in staging: RUNNING']],
    [
      'several',
      [{}, { name: 'api', component: 'api' }],
      ['web 1.2 to staging: PENDING', 'api 1.2 to staging: PENDING'],
    ],
  ])('tell %s', (_what, markers, texts) => {
    expect(textsOf(...markers)).toEqual(texts);
  });

  it('tell each deploy that was logged', () => {
    const { name: _name, ...logged } = marker({ action: 'log', status: 'LOGGED' });
    expect(deployTexts([{ steps: [], artifacts: [], deploys: [logged, logged] }])).toHaveLength(2);
  });

  it('steer no terminal', () => {
    expect(textsOf({ component: 'a\u001B[31mb' })).toEqual(['ab 1.2 to staging: PENDING']);
  });
});
