import type { JsonObject } from '../../src/core/json.ts';
import { DIGEST } from './definitions.ts';

/** The smallest task definition that ECS takes. */
export const ON_EC2: JsonObject = {
  family: 'web',
  containerDefinitions: [{ name: 'web', image: 'ghcr.io/acme/web:1', memory: 256 }],
};

/** Two containers on Fargate. */
export const ON_FARGATE: JsonObject = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    {
      name: 'web',
      image: `ghcr.io/acme/web@${DIGEST}`,
      portMappings: [{ containerPort: 8080, name: 'http' }],
      environment: [{ name: 'A', value: '1' }],
      secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db' }],
    },
    { name: 'proxy', image: 'ghcr.io/acme/proxy:1', essential: false },
  ],
};

/** The definition with members of one of its containers replaced or added. */
export function withTaskContainer(definition: JsonObject, members: JsonObject, index = 0): JsonObject {
  const containers = definition['containerDefinitions'] as JsonObject[];
  return {
    ...definition,
    containerDefinitions: containers.map((container, at) => (at === index ? { ...container, ...members } : container)),
  };
}
