import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { minimumNode, orbReference, repositoryUrl } from '../../src/orb/package-facts.ts';
import { sources } from '../orb/orb-sources.ts';

const page = readFileSync('docs/importing.md', 'utf8');
const facts = sources.package;
const repository = new URL(repositoryUrl(facts)).pathname;

it('shows how to import the version that the package has', () => {
  expect(page).toContain(`aws-deploy: ${orbReference(facts)}\n`);
  expect(page).toContain(`aws-deploy: https://raw.githubusercontent.com${repository}/v${facts.version}/orb/orb.yml\n`);
  expect(new Set(page.match(/\b\d+\.\d+\.\d+\b/g))).toEqual(new Set([facts.version]));
});

it('names the repository and the Node of the package', () => {
  expect(page).toContain(`${repositoryUrl(facts)}/releases/download/`);
  expect(page).toContain(`Node ${minimumNode(facts)} or later`);
});

it('links only to files that are there', () => {
  const links = [...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map((match) => match[1] ?? '');
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect(readFileSync(`docs/${link}`, 'utf8')).not.toBe('');
});
