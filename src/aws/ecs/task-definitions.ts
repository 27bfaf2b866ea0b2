import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  RegisterTaskDefinitionRequest$,
  TagResourceCommand,
  TaskDefinition$,
  UntagResourceCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import type { EcsClients } from './clients.ts';
import { deployError, errorName } from '../errors.ts';
import { allPages } from '../pages.ts';
import { receiveRawJson, sendRawJson } from '../raw-json.ts';
import { sendableMembers } from '../sendable-members.ts';

export interface RegisteredTaskDefinition {
  arn: string;
  revision: number;
}

export interface TaskDefinitionOperations {
  /**
   * One revision, with every member that AWS sent, known to the SDK or not, and its tags; undefined when there is none.
   * @param reference a family (its newest ACTIVE revision), `family:revision` or an ARN
   */
  describe(reference: string): Promise<DescribedTaskDefinition | undefined>;
  /**
   * ARNs of the revisions of a family, the newest first.
   * @param most no more pages are read than hold so many
   */
  revisions(family: string, status: 'ACTIVE' | 'INACTIVE', most?: number): Promise<string[]>;
  /** Families that have an ACTIVE revision. */
  families(): Promise<string[]>;
  /**
   * Sends the definition as it is, unknown members included. Not repeated after a broken connection or a server error:
   * the SDK's error is thrown as it came, and the caller looks whether the revision exists.
   */
  register(definition: JsonObject): Promise<RegisteredTaskDefinition>;
  /** Sets tags of a revision; its others stay. */
  tag(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Removes tags of a revision; those that it does not have are no error. */
  untag(arn: string, keys: readonly string[]): Promise<void>;
  /** Makes a revision INACTIVE: what runs goes on, but a service can't be set to it any more. */
  deregister(arn: string): Promise<void>;
}

export function taskDefinitionOperations({ client, once }: EcsClients): TaskDefinitionOperations {
  async function named<T>(call: string, resource: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw deployError(error, `ecs:${call}`, resource);
    }
  }

  return {
    async describe(reference) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] });
      let raw: JsonObject = {};
      receiveRawJson(command, (body) => {
        raw = body;
      });
      try {
        await client.send(command);
      } catch (error) {
        // AWS has one name for all that a client does wrong; this is its text for what is not there.
        if (errorName(error) === 'ClientException' && /Unable to describe task definition/i.test(String(error))) {
          return undefined;
        }
        throw deployError(error, 'ecs:DescribeTaskDefinition', reference);
      }
      return isJsonObject(raw['taskDefinition']) ? described(raw['taskDefinition'], raw) : undefined;
    },
    revisions: (family, status, most) =>
      named('ListTaskDefinitions', family, async () => {
        const arns = await allPages(async (nextToken) => {
          const page = await client.send(
            new ListTaskDefinitionsCommand({ familyPrefix: family, status, sort: 'DESC', maxResults: 100, nextToken }),
          );
          return { items: page.taskDefinitionArns ?? [], nextToken: page.nextToken };
        }, most);
        return arns.filter((arn) => arn.split('/').at(-1)?.split(':')[0] === family);
      }),
    families: () =>
      named('ListTaskDefinitionFamilies', 'all task definitions', () =>
        allPages(async (nextToken) => {
          const input = { status: 'ACTIVE', maxResults: 100, nextToken } as const;
          const page = await client.send(new ListTaskDefinitionFamiliesCommand(input));
          return { items: page.families ?? [], nextToken: page.nextToken };
        }),
      ),
    async register(definition) {
      const command = new RegisterTaskDefinitionCommand(definition as unknown as RegisterTaskDefinitionCommandInput);
      sendRawJson(command, definition);
      const { taskDefinition } = await once.send(command);
      return { arn: taskDefinition?.taskDefinitionArn ?? '', revision: taskDefinition?.revision ?? 0 };
    },
    async tag(arn, tags) {
      const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
      await named('TagResource', arn, () => client.send(new TagResourceCommand({ resourceArn: arn, tags: list })));
    },
    async untag(arn, keys) {
      const command = new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] });
      await named('UntagResource', arn, () => client.send(command));
    },
    async deregister(arn) {
      const command = new DeregisterTaskDefinitionCommand({ taskDefinition: arn });
      await named('DeregisterTaskDefinition', arn, () => client.send(command));
    },
  };
}

/** What is told and can't be sent is left out by the SDK's own model, so that no member has to be listed here. */
function described(taskDefinition: JsonObject, { tags }: JsonObject): DescribedTaskDefinition {
  const definition = sendableMembers(taskDefinition, { told: TaskDefinition$, taken: RegisterTaskDefinitionRequest$ });
  return {
    arn: String(taskDefinition['taskDefinitionArn'] ?? ''),
    family: String(taskDefinition['family'] ?? ''),
    revision: Number(taskDefinition['revision'] ?? 0),
    status: String(taskDefinition['status'] ?? ''),
    definition: Array.isArray(tags) && tags.length > 0 ? { ...definition, tags } : definition,
  };
}
