import { describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../../../src/core/json.ts';
import { scriptOf } from '../../../src/local-aws/work/entry-point.ts';
import { ImageFiles } from '../../../src/local-aws/work/image-files.ts';
import { layerOf } from './layer.ts';

const files = await ImageFiles.ofLayers([
  layerOf({
    'app/main.py': { text: 'print()', mode: 0o644 },
    'app/run': '#!/bin/bash -eu\n',
    'app/split': '#!/usr/bin/env -S node --no-warnings\n',
    'app/windows': '#!/bin/sh\r\n',
    'app/env': '#!/usr/bin/env\n',
    'bin/sh': '\u007fELF',
    'bin/tool': '#!/bin/sh\n',
    'etc/conf': 'x',
  }),
]);

function script(config: JsonObject, command: string[] = [], missing: string[] = []): unknown {
  return scriptOf(files, config, command, (name) => (missing.includes(name) ? undefined : `/host/${name}`));
}

describe('what an entry point comes down to', () => {
  it.each<[string, JsonObject, string[], string, unknown[]]>([
    [
      'a script and the words on its first line',
      { Entrypoint: ['/app/run'] },
      [],
      '/host/bash',
      ['-eu', { inImage: 'app/run' }],
    ],
    ['env -S', { Entrypoint: ['/app/split'] }, [], '/host/node', ['--no-warnings', { inImage: 'app/split' }]],
    ['a first line of Windows', { Entrypoint: ['/app/windows'] }, [], '/host/sh', [{ inImage: 'app/windows' }]],
    [
      'relative to the working directory',
      { Entrypoint: ['./run'], WorkingDir: '/app' },
      [],
      '/host/bash',
      ['-eu', { inImage: 'app/run' }],
    ],
    ['on the usual path', { Cmd: ['tool'] }, [], '/host/sh', [{ inImage: 'bin/tool' }]],
    [
      'an interpreter that is a program of the image',
      { Cmd: ['/bin/sh', '/app/run'] },
      [],
      '/host/sh',
      [{ inImage: 'app/run' }],
    ],
    [
      'an interpreter with options',
      { Cmd: ['python3', '-u', '/app/main.py', '-x'] },
      [],
      '/host/python3',
      ['-u', { inImage: 'app/main.py' }, '-x'],
    ],
    [
      'the command in place of Cmd',
      { Entrypoint: ['/app/windows'], Cmd: ['a'] },
      ['b', '/etc/conf', '/nothing'],
      '/host/sh',
      [{ inImage: 'app/windows' }, 'b', { inImage: 'etc/conf' }, '/nothing'],
    ],
  ])('%s', (_name, config, command, interpreter, args) => {
    expect(script(config, command)).toMatchObject({ interpreter, args });
  });

  it.each<[string, JsonObject, string[]]>([
    ['a program', { Cmd: ['/bin/sh'] }, []],
    ['text for a shell', { Cmd: ['sh', '-c', 'rm -rf /'] }, []],
    ['code for an interpreter', { Cmd: ['node', '-e', '1'] }, []],
    ['a module', { Cmd: ['python', '-m', 'app'] }, []],
    ['a file that is not there', { Cmd: ['sh', '/app/none'] }, []],
    ['a file of this machine', { Cmd: ['sh', '/etc/hostname'] }, []],
    ['a path that leads out', { Cmd: ['sh', '../../../etc/hostname'] }, []],
    ['another program with a file', { Cmd: ['cat', '/app/run'] }, []],
    ['a folder', { Cmd: ['sh', '/app'] }, []],
    ['env without a name', { Cmd: ['/app/env'] }, []],
  ])('%s is no script', (_name, config, command) => {
    expect(script(config, command)).toEqual({ why: expect.stringContaining('is not a script of the image') });
  });

  it('a script whose interpreter is missing here says which', () => {
    expect(script({ Cmd: ['/app/run'] }, [], ['bash'])).toEqual({ why: expect.stringContaining('wants bash') });
  });

  it('nothing at all does not start', () => {
    expect(script({})).toEqual({ refused: 'CannotStartContainerError: no command specified' });
  });
});
