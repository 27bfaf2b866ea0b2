import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { catalog } from '../../src/actions/catalog.ts';
import { changeParams } from '../../src/actions/common-params.ts';
import type { Action } from '../../src/actions/define-action.ts';
import { serviceFindings } from '../../src/aws/ecs/model.ts';
import { compile } from '../../src/config/compile.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/core/json.ts';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';
import { orbReference } from '../../src/orb/package-facts.ts';
import { flagName, orbName, orbVariable } from '../../src/params/names.ts';
import { resolveInputs } from '../../src/params/resolve.ts';
import { sources } from '../orb/orb-sources.ts';
import { drivingClock } from '../support/driving-clock.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

// What the page shows is what the orb and the command line take, and what comes of it.

const page = readFileSync('docs/deploying-to-ecs.md', 'utf8');
const orb = { name: 'orb.yml', text: readFileSync('orb/orb.yml', 'utf8') };

function fenced(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

const [configs, scenarios] = [
  fenced('yaml').filter((text) => text.startsWith('version:')),
  fenced('yaml').filter((text) => text.includes('\nsetup:\n')),
];
const examples = [...page.matchAll(/^```console\n\$ (.*)\n([^]*?)^```$/gm)].map(
  ([, command = '', output = '']) => [command, output] as const,
);
const commands = [
  ...new Set(
    fenced('sh')
      .flatMap((text) => text.trim().split('\n'))
      .filter((line) => /^aws-deploy [a-z]+-[a-z]+-?[a-z]* --cluster/.test(line)),
  ),
];

function actionOf(name: string): Action {
  const action = catalog.find((each) => each.name === name || orbName(each.name) === name);
  if (!action) throw new Error(`there is no action ${name}`);
  return action;
}

describe('a config', () => {
  it.each(configs.map((text, index) => [index + 1, text] as const))('%s compiles with the orb', (_index, text) => {
    const { problems } = compile({ name: 'config.yml', text }, { orbs: { 'aws-deploy': orb } });
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(text).toContain(`aws-deploy: ${orbReference(sources.package)}\n`);
  });

  it.each(configs.flatMap((text) => jobCalls(parse(text) as JsonValue)))('gives $job values that it takes', (call) => {
    const { params } = actionOf(call.job);
    const env = Object.fromEntries(
      Object.keys(params).flatMap((name) => {
        const value = call.given[orbName(name)];
        return value === undefined ? [] : [[orbVariable(name), String(value)]];
      }),
    );
    const given = { ...env, AWS_DEPLOY_ORB: '1', CIRCLE_SHA1: 'f00' };
    expect(() => resolveInputs(params, { flags: {}, env: given })).not.toThrow();
  });
});

interface JobCall {
  job: string;
  given: JsonObject;
}

function jobCalls(value: JsonValue): JobCall[] {
  if (Array.isArray(value)) return value.flatMap(jobCalls);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === 'orbs') return [];
    if (!key.startsWith('aws-deploy/')) return jobCalls(part);
    return [{ job: key.slice('aws-deploy/'.length), given: part as JsonObject }];
  });
}

it('shows a deploymentConfiguration that AWS knows', () => {
  const [deploymentConfiguration] = fenced('json').map((text) => JSON.parse(text) as JsonObject);
  const service = { serviceName: 'web', deploymentConfiguration: deploymentConfiguration ?? null };
  expect(serviceFindings(service)).toEqual([]);
});

describe('a command', () => {
  it.each(commands)('%s is one that there is, with values that it takes', (command) => {
    const [, name = '', ...words] = command.split(' ');
    const { params } = actionOf(name);
    const flags: Record<string, string[]> = {};
    for (let at = 0; at < words.length; at++) {
      const [found, param] = Object.entries(params).find(([each]) => flagName(each) === words[at]) ?? [];
      if (found === undefined || param === undefined) throw new Error(`${name} has no ${words[at]}`);
      flags[found] = [param.type === 'boolean' ? 'true' : (words[++at] ?? '')];
    }
    expect(() => resolveInputs(params, { flags, env: {} })).not.toThrow();
    const wanted = name === 'watch-deployment' ? ['region'] : Object.keys(changeParams);
    expect(Object.keys(params)).toEqual(expect.arrayContaining(wanted));
  });
});

describe('offline', () => {
  let localAws: LocalAws;
  let home: string;
  beforeAll(async () => {
    localAws = await startLocalAws({ scenario: parse(scenarios[0] ?? '') as JsonObject });
  });
  afterAll(() => localAws.close());

  it('has one scenario, and examples', () => {
    expect(scenarios).toHaveLength(1);
    expect(examples.length).toBeGreaterThan(2);
  });

  // One after the other, as the page tells them.
  it.each(examples)('%s', async (command, output) => {
    home ??= await tempFolder();
    const [asked = '', ...says] = command.split(' || ');
    const [program, ...args] = asked.split(' ');
    expect(program).toBe('aws-deploy');
    const env = {
      AWS_ENDPOINT_URL: localAws.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      HOME: home,
    };
    const run = await runCli(args, { env, clock: drivingClock(localAws.control) });
    expect(says).toEqual(run.exitCode === 0 ? [] : ['echo "exit code $?"']);
    const printed = `${run.stderr}${run.stdout}${run.exitCode === 0 ? '' : `exit code ${run.exitCode}\n`}`;
    for (const part of lasting(output).split(/^…\n/m)) expect(lasting(printed)).toContain(part);
  });
});

/** Ids and times are not the same twice. */
function lasting(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<id>')
    .replaceAll(/ecs-svc\/\d+/g, 'ecs-svc/1')
    .replaceAll(/\b(?:\d+m )?\d+s\b/g, '1s')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

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

it('links only to parts of the reference and to files that are there', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)].map(([, file = '', anchor]) => [file, anchor]);
  expect(links.length).toBeGreaterThan(4);
  for (const [file, anchor] of links) {
    const titles = [...readFileSync(`docs/${file}`, 'utf8').matchAll(/^##+ (.+)$/gm)].map(([, title = '']) => title);
    expect(anchor === undefined ? [] : titles.map((title) => title.toLowerCase())).toEqual(
      anchor === undefined ? [] : expect.arrayContaining([anchor]),
    );
  }
});

it('shows every job for ECS, and names no parameter that there is not', () => {
  const called = configs.flatMap((text) => jobCalls(parse(text) as JsonValue)).map(({ job }) => actionOf(job).name);
  const shown = new Set([...called, ...commands.map((line) => line.split(' ')[1])]);
  const ecs = catalog.filter(({ awsCalls }) => awsCalls.some((call) => call.startsWith('ecs:')));
  expect([...shown]).toEqual(expect.arrayContaining(ecs.map(({ name }) => name)));
  const known = new Set(
    catalog.flatMap(({ name, params, outputs }) =>
      [name, ...Object.keys(params), ...Object.keys(outputs)].map(orbName),
    ),
  );
  const values = new Set(
    catalog.flatMap(({ params }) =>
      Object.values(params).flatMap((param) => (param.type === 'enum' ? [...param.values] : [])),
    ),
  );
  const jobs = new Set(configs.flatMap((text) => [...text.matchAll(/name: (\w+)$/gm)].map(([, name = '']) => name)));
  const named = [...page.matchAll(/`([a-z]+(?:_[a-z]+)*)(?:: [^`]+)?`/g)].map(([, word = '']) => word);
  expect(named.filter((word) => ![known, values, jobs].some((set) => set.has(word)))).toEqual([]);
});
