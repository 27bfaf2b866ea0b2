import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { localCommands } from '../../../src/cli/local-commands.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ORBS: Readonly<Record<string, { version: string; source: string }>> = {
  'acme/hello@1': { version: '1.2.3', source: 'orbs: { base: acme/base@2.0.0 }\n' },
  'acme/base@2.0.0': { version: '2.0.0', source: 'commands: {}\n' },
};

/** Answers as CircleCI's registry does, for the orbs above. */
let registry: Server;
let host: string;
let asked: string[];
let folder: string;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reference = String(JSON.parse(await text(request)).variables.orbVersionRef);
  asked.push(reference);
  const orb = ORBS[reference];
  const [name] = reference.split('@');
  const orbVersion = orb ? { version: orb.version, orb: { name }, source: orb.source } : null;
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { orbVersion } }));
}

beforeEach(async () => {
  folder = await tempFolder();
  asked = [];
  registry = createServer((request, response) => void answer(request, response));
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const address = registry.address();
  host = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterEach(async () => {
  registry.close();
  await once(registry, 'close');
});

function fetchOrb(...argv: string[]): Promise<CliRun> {
  return runCli(['config', 'fetch-orb', '--host', host, ...argv], {
    cwd: folder,
    env: { HOME: folder },
    local: localCommands,
  });
}

describe('config fetch-orb', () => {
  it('stores an orb in the exact version that it got, with the orbs that it imports', async () => {
    const { exitCode, stdout } = await fetchOrb('acme/hello@1');
    const cache = join(folder, '.aws-deploy', 'orbs', 'acme');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: [
        `acme/hello@1.2.3 is stored in ${join(cache, 'hello@1.2.3.yml')}.`,
        `acme/base@2.0.0 is stored in ${join(cache, 'base@2.0.0.yml')}.`,
        '',
      ].join('\n'),
    });
    expect(await readFile(join(cache, 'hello@1.2.3.yml'), 'utf8')).toBe(ORBS['acme/hello@1']?.source);
  });

  it('stores it where the config can keep it', async () => {
    await fetchOrb('acme/base@2.0.0', '--into', '.circleci/orbs');
    expect(await readFile(join(folder, '.circleci/orbs/acme/base@2.0.0.yml'), 'utf8')).toBe('commands: {}\n');
  });

  it('without a reference fetches what the config imports and is not here yet', async () => {
    await mkdir(join(folder, '.circleci/orbs/acme'), { recursive: true });
    await writeFile(join(folder, '.circleci/orbs/acme/base@2.0.0.yml'), 'commands: {}\n');
    const config = 'version: 2.1\norbs: { hello: acme/hello@1, base: acme/base@2.0.0 }\n';
    await writeFile(join(folder, '.circleci/config.yml'), config);
    const { exitCode, stdout } = await fetchOrb();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('acme/hello@1.2.3 is stored in ');
    expect(asked[0]).toBe('acme/hello@1');
  });

  it('ends with 5 when the registry has no such orb', async () => {
    const { exitCode, stderr } = await fetchOrb('acme/gone@1.0.0');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('acme/gone@1.0.0');
  });
});
