import {
  BatchClient,
  DeregisterJobDefinitionCommand,
  DescribeJobDefinitionsCommand,
  RegisterJobDefinitionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-batch';
import type { RegisterJobDefinitionCommandInput } from '@aws-sdk/client-batch';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError } from './errors.ts';
import { receiveRawJson, sendRawJson } from './raw-json.ts';
import { ThrottlingOnlyRetry } from './retry.ts';

/** A revision as DescribeJobDefinitions gives it, with every member that AWS sent, known to the SDK or not. */
export type DescribedDefinition = JsonObject;

export interface RegisteredRevision {
  arn: string;
  revision: number;
}

export interface BatchOperations {
  /** All ACTIVE revisions of a name, in no order; pages are followed to the end. */
  activeRevisions(name: string): Promise<DescribedDefinition[]>;
  /** All revisions that AWS still knows, INACTIVE ones too: it forgets those after 180 days. */
  allRevisions(name: string): Promise<DescribedDefinition[]>;
  /** One revision, ACTIVE or INACTIVE; undefined when there is none of that number. */
  revision(name: string, revision: number): Promise<DescribedDefinition | undefined>;
  /**
   * Sends the definition as it is, unknown members included. Not repeated after a broken connection or a server error:
   * the SDK's error is thrown as it came, and the caller looks whether the revision exists.
   */
  register(definition: JsonObject): Promise<RegisteredRevision>;
  /** Sets tags of a revision; its others stay. */
  tagRevision(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Makes a revision INACTIVE, for good. One that is already is left as it is. */
  deregister(arn: string): Promise<void>;
}

export function openBatch(settings: ClientSettings): BatchOperations {
  const client = new BatchClient(clientOptions(settings));
  const registering = new BatchClient({
    ...clientOptions(settings),
    retryStrategy: new ThrottlingOnlyRetry(settings.maxAttempts),
  });
  return {
    activeRevisions: (name) => describeAll(client, { jobDefinitionName: name, status: 'ACTIVE' }),
    allRevisions: (name) => describeAll(client, { jobDefinitionName: name }),
    async revision(name, revision) {
      const nameAndRevision = `${name}:${revision}`;
      const { definitions } = await describe(client, nameAndRevision, { jobDefinitions: [nameAndRevision] });
      return definitions[0];
    },
    async register(definition) {
      const command = new RegisterJobDefinitionCommand(definition as unknown as RegisterJobDefinitionCommandInput);
      sendRawJson(command, definition);
      const answer = await registering.send(command);
      return { arn: answer.jobDefinitionArn ?? '', revision: answer.revision ?? 0 };
    },
    async tagRevision(arn, tags) {
      try {
        await client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...tags } }));
      } catch (error) {
        throw deployError(error, 'batch:TagResource', arn);
      }
    },
    async deregister(arn) {
      try {
        await client.send(new DeregisterJobDefinitionCommand({ jobDefinition: arn }));
      } catch (error) {
        throw deployError(error, 'batch:DeregisterJobDefinition', arn);
      }
    },
  };
}

/** Follows the pages to the end. */
async function describeAll(
  client: BatchClient,
  { jobDefinitionName, ...filter }: { jobDefinitionName: string; status?: string },
): Promise<DescribedDefinition[]> {
  const found: DescribedDefinition[] = [];
  let nextToken: string | undefined;
  do {
    const input = { jobDefinitionName, ...filter, maxResults: 100, nextToken };
    const page = await describe(client, jobDefinitionName, input);
    found.push(...page.definitions);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

async function describe(
  client: BatchClient,
  resource: string,
  input: {
    jobDefinitionName?: string;
    jobDefinitions?: string[];
    status?: string;
    maxResults?: number;
    nextToken?: string | undefined;
  },
): Promise<{ definitions: DescribedDefinition[]; nextToken: string | undefined }> {
  const { nextToken, ...rest } = input;
  const command = new DescribeJobDefinitionsCommand(nextToken === undefined ? rest : { ...rest, nextToken });
  let raw: JsonObject = {};
  receiveRawJson(command, (body) => {
    raw = body;
  });
  try {
    const answer = await client.send(command);
    const definitions = raw['jobDefinitions'];
    return {
      definitions: Array.isArray(definitions) ? definitions.filter(isJsonObject) : [],
      nextToken: answer.nextToken,
    };
  } catch (error) {
    throw deployError(error, 'batch:DescribeJobDefinitions', resource);
  }
}
