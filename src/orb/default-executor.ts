import type { Executor } from './orb-model.ts';
import { parameterValue } from './orb-model.ts';

/** Has Node, curl, tar, git and the docker command. A full version: the image behind it does not change. */
export const NODE_IMAGE = 'cimg/node:24.18.0';

export const defaultExecutor: Executor = {
  name: 'default',
  description: `The image ${NODE_IMAGE}, in which everything that the jobs need is installed.`,
  parameters: [
    {
      name: 'resource_class',
      type: 'string',
      default: 'small',
      description: 'Size of the container. A larger one makes only image builds faster.',
    },
  ],
  image: NODE_IMAGE,
  resourceClass: parameterValue('resource_class'),
};
