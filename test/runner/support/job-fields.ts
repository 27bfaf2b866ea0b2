import type { DockerImage, Executor, Job, Step } from '../../../src/runner/pipeline/pipeline.ts';

export function dockerImage(image: string, fields: Partial<DockerImage> = {}): DockerImage {
  return { image, environment: new Map(), ...fields };
}

export function jobWith(executor: Executor | readonly DockerImage[], fields: Partial<Job> = {}): Job {
  return {
    executor: 'kind' in executor ? executor : { kind: 'docker', images: executor },
    environment: new Map(),
    workingDirectory: '~/project',
    shell: '/bin/bash -eo pipefail',
    parallelism: 1,
    steps: [],
    ...fields,
  };
}

export function stepOf(kind: 'checkout' | 'setup_remote_docker'): Step {
  const at = { source: { name: 'config.yml', text: '' }, line: 1, column: 1 };
  return { kind, name: kind, when: 'on_success', at };
}
