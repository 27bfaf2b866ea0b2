import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const COMMIT = 'c0ffee0000000000000000000000000000000001';

const DEFINITION = {
  jobDefinitionName: 'crawl',
  type: 'container',
  parameters: { day: 'today' },
  tags: { team: 'data' },
  timeout: { attemptDurationSeconds: 3600 },
  retryStrategy: { attempts: 2 },
  containerProperties: {
    image: 'replaced-by-the-release',
    jobRoleArn: 'arn:aws:iam::123456789012:role/crawl',
    command: ['crawl', 'Ref::day'],
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    resourceRequirements: [
      { type: 'VCPU', value: '1' },
      { type: 'MEMORY', value: '512' },
    ],
  },
};

const FILES: Readonly<Record<string, string>> = {
  Dockerfile: ['ARG BASE', 'FROM $BASE', 'COPY app /app', 'COPY settings /etc/crawl/', 'CMD ["/app/crawl"]', ''].join(
    '\n',
  ),
  '.dockerignore': 'job\njob-definition.json\n',
  'app/crawl': 'the program\n',
  'settings/crawl.conf': 'depth = 3\n',
  'job/crawl.sh': '#!/bin/sh\necho "crawling $1"\n',
  'job-definition.json': `${JSON.stringify(DEFINITION, null, 2)}\n`,
};

/** Writes a small project as a user would have it; `changed` replaces or adds files. */
export async function writeProject(folder: string, changed: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [path, text] of Object.entries({ ...FILES, ...changed })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
