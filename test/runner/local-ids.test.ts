import { describe, expect, it } from '@jest/globals';
import { LOCAL_ORGANIZATION_ID, localIds } from '../../src/runner/local-ids.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the ids of a run on this machine', () => {
  it.each([[undefined], ['https://github.com/acme/crawler']])('are UUIDs (remote %s)', (remote) => {
    for (const id of Object.values(localIds(remote))) expect(id).toMatch(UUID);
  });

  it.each([
    ['https://github.com/acme/crawler.git'],
    ['https://github.com/acme/crawler/'],
    ['https://GitHub.com/Acme/Crawler'],
    ['git@github.com:acme/crawler.git'],
    ['ssh://git@github.com/acme/crawler.git'],
    ['ssh://git@github.com:22/acme/crawler.git'],
  ])('do not depend on how the remote is spelled: %s', (remote) => {
    expect(localIds(remote)).toEqual(localIds('https://github.com/acme/crawler'));
  });

  it('name another project for another repository', () => {
    const projects = [
      undefined,
      'https://github.com/acme/crawler',
      'https://github.com/acme/shop',
      'gitlab.com:acme/shop',
    ];
    expect(new Set(projects.map((remote) => localIds(remote).projectId)).size).toBe(projects.length);
  });

  it('name the same organization for every repository, so that a trust policy can name it', () => {
    expect(localIds('https://github.com/acme/crawler').organizationId).toBe(LOCAL_ORGANIZATION_ID);
    expect(localIds(undefined).organizationId).toBe(LOCAL_ORGANIZATION_ID);
  });
});
