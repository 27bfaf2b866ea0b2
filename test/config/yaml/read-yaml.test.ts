import { describe, expect, it } from '@jest/globals';
import { Report } from '../../../src/config/problem.ts';
import { member, stringOf } from '../../../src/config/node.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';

describe('readYaml', () => {
  it('reads a config', () => {
    const report = new Report();
    const source = { name: 'config.yml', text: 'version: 2.1\njobs:\n  build:\n    docker:\n    - image: cimg/base\n' };
    const docker = member(member(member(readYaml(source, report), 'jobs'), 'build'), 'docker');
    const image = docker?.kind === 'list' ? member(docker.items[0], 'image') : undefined;
    expect(stringOf(image)).toBe('cimg/base');
    expect(image?.at).toEqual({ source, line: 5, column: 14 });
    expect(report.problems).toEqual([]);
  });
});
