import { describe, expect, it } from '@jest/globals';
import {
  archiveUrl,
  minimumNode,
  orbReference,
  type PackageFacts,
  repositoryUrl,
} from '../../src/orb/package-facts.ts';

const facts: PackageFacts = {
  version: '1.2.3',
  repository: { url: 'git+https://git.example.com/acme/orb.git' },
  circleci: { orb: 'acme/deploy' },
  engines: { node: '>=20.19' },
};

const withUrl = (url: string): PackageFacts => ({ ...facts, repository: { url } });
const withNode = (node: string): PackageFacts => ({ ...facts, engines: { node } });

describe('package facts', () => {
  it('give the URL of the archive of a release', () => {
    expect(archiveUrl(facts, { fileName: 'cli.tar.br', sha256: '', sumsSha256: '' })).toBe(
      'https://git.example.com/acme/orb/releases/download/v1.2.3/cli.tar.br',
    );
  });

  it('give the reference of this version of the orb', () => {
    expect(orbReference(facts)).toBe('acme/deploy@1.2.3');
  });

  it('take a repository URL without decoration', () => {
    expect(repositoryUrl(withUrl('https://git.example.com/acme/orb'))).toBe('https://git.example.com/acme/orb');
  });

  it.each(['git@git.example.com:acme/orb.git', 'http://git.example.com/acme/orb', 'https://git.example.com/'])(
    'refuse the repository %s',
    (url) => {
      expect(() => repositoryUrl(withUrl(url))).toThrow('repository.url');
    },
  );

  it.each([
    ['>=20.19', '20.19'],
    ['>= 22.1.0', '22.1'],
  ])('read the lowest Node from %s', (node, expected) => {
    expect(minimumNode(withNode(node))).toBe(expected);
  });

  it.each(['^20', '20.19', '>=20 <23'])('refuse the engines %s', (node) => {
    expect(() => minimumNode(withNode(node))).toThrow('engines.node');
  });
});
