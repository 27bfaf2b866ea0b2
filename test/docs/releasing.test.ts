import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { catalog } from '../../src/actions/catalog.ts';
import type { Action } from '../../src/actions/define-action.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/core/json.ts';
import { flagName, orbName, orbVariable } from '../../src/params/names.ts';
import { resolveInputs } from '../../src/params/resolve.ts';
import { changeParams } from '../../src/actions/common-params.ts';

// What the page shows is what the orb and the command line take.

const page = readFileSync('docs/releasing.md', 'utf8');
const orb = parse(readFileSync('orb/orb.yml', 'utf8')) as { jobs: Record<string, { parameters: JsonObject }> };

function fenced(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

/** What every job of a workflow takes from CircleCI itself. */
const OF_CIRCLECI = ['name', 'requires', 'context', 'filters', 'type'];

interface JobCall {
  job: string;
  given: JsonObject;
}

function jobCalls(value: JsonValue): JobCall[] {
  if (Array.isArray(value)) return value.flatMap(jobCalls);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (!key.startsWith('aws-deploy/')) return jobCalls(part);
    return [{ job: key.slice('aws-deploy/'.length), given: part as JsonObject }];
  });
}

const calls = fenced('yaml').flatMap((text) => jobCalls(parse(text) as JsonValue));
const commands = [...new Set(fenced('sh').flatMap((text) => text.trim().split('\n')))];

function actionOf(name: string): Action {
  const action = catalog.find((each) => each.name === name || orbName(each.name) === name);
  if (!action) throw new Error(`there is no action ${name}`);
  return action;
}

describe('a snippet of a config', () => {
  it.each(calls)('calls $job with parameters that it has, and values that it takes', ({ job, given }) => {
    const own = Object.entries(given).filter(([name]) => !OF_CIRCLECI.includes(name));
    expect(Object.keys(orb.jobs[job]?.parameters ?? {})).toEqual(expect.arrayContaining(own.map(([name]) => name)));
    const { params } = actionOf(job);
    const env = Object.fromEntries(
      Object.keys(params).flatMap((name) => {
        const value = given[orbName(name)];
        return value === undefined ? [] : [[orbVariable(name), String(value)]];
      }),
    );
    expect(Object.keys(env)).toHaveLength(own.length);
    expect(() => resolveInputs(params, { flags: {}, env: { ...env, AWS_DEPLOY_ORB: '1' } })).not.toThrow();
  });
});

describe('a command', () => {
  it.each(commands)('%s is one that there is, with values that it takes', (command) => {
    const [program, name = '', ...words] = command.split(' ');
    expect(program).toBe('aws-deploy');
    const { params } = actionOf(name);
    const flags: Record<string, string[]> = {};
    for (let at = 0; at < words.length; at++) {
      const [found, param] = Object.entries(params).find(([each]) => flagName(each) === words[at]) ?? [];
      if (found === undefined || param === undefined) throw new Error(`${name} has no ${words[at]}`);
      flags[found] = [param.type === 'boolean' ? 'true' : (words[++at] ?? '')];
    }
    expect(() => resolveInputs(params, { flags, env: {} })).not.toThrow();
  });
});

it('shows every job that comes after the registration, and names no parameter that there is not', () => {
  const shown = new Set([...calls.map(({ job }) => actionOf(job).name), ...commands.map((line) => line.split(' ')[1])]);
  expect([...shown]).toEqual(
    expect.arrayContaining([
      ...['release-batch-job', 'submit-job', 'schedule-job'],
      ...['rollback-job-definition', 'prune-job-definitions', 'job-status'],
    ]),
  );
  const known = new Set(catalog.flatMap(({ params }) => Object.keys(params).map(orbName)));
  const outputs = new Set(catalog.flatMap(({ outputs: declared }) => Object.keys(declared).map(orbName)));
  const named = [...page.matchAll(/`([a-z]+(?:_[a-z]+)*)(?:: [^`]+)?`/g)].map(([, word = '']) => word);
  const jobs = new Set(catalog.map(({ name }) => orbName(name)));
  expect(named.filter((word) => !known.has(word) && !outputs.has(word) && !jobs.has(word))).toEqual([]);
});

it('is right that all of its commands have a region, and those that change something a dry run', () => {
  for (const line of commands) {
    const { name, params } = actionOf(line.split(' ')[1] ?? '');
    const wanted = name === 'job-status' ? ['region'] : Object.keys(changeParams);
    expect(Object.keys(params)).toEqual(expect.arrayContaining(wanted));
  }
});

it('has an entry for each of its parts at the top', () => {
  const parts = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
  const entries = [...page.matchAll(/^- \[(.+)\]\(#([^)]+)\)$/gm)].map(([, title, anchor]) => [title, anchor]);
  const anchorOf = (title: string): string =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-');
  expect(entries).toEqual(parts.map((title) => [title, anchorOf(title)]));
});
