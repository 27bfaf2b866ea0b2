import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type CreateRepositoryCommandInput,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { ecrClient, refusal, RegistryClient } from './ecr-client.ts';

let aws: LocalAws;
let ecr: ECRClient;
const repositoryName = 'team/crawl';

beforeAll(async () => {
  aws = await startLocalAws();
  ecr = ecrClient(aws.endpoint);
});

beforeEach(() => aws.control.reset());

afterAll(async () => {
  ecr.destroy();
  await aws.close();
});

const create = (more: Partial<CreateRepositoryCommandInput> = {}) =>
  ecr.send(new CreateRepositoryCommand({ repositoryName, ...more }));

const filters = (...names: string[]) => names.map((filter) => ({ filter, filterType: 'WILDCARD' as const }));

describe('a repository', () => {
  it('is described with what was asked for and an address on this machine', async () => {
    aws.control.setRate(0);
    await create({ imageScanningConfiguration: { scanOnPush: true } });
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    expect(repositories).toEqual([
      {
        repositoryArn: `arn:aws:ecr:eu-central-1:123456789012:repository/${repositoryName}`,
        registryId: '123456789012',
        repositoryName,
        repositoryUri: `127.0.0.1:${aws.port}/${repositoryName}`,
        createdAt: new Date(Math.floor(aws.control.now().getTime() / 1000) * 1000),
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'AES256' },
      },
    ]);
  });

  it.each(['A', 'a', 'Upper', 'two//slashes', '-dash', 'end-', 'under__score', 'x'.repeat(257)])(
    'is not called %j',
    async (name) => {
      expect(await refusal(create({ repositoryName: name }))).toBe('InvalidParameterException');
    },
  );

  it.each(['ab', 'a/b', 'team/sub-team/app_1.x'])('may be called %j', async (name) => {
    expect((await create({ repositoryName: name })).repository?.repositoryName).toBe(name);
  });

  it('cannot be made twice, but once in every region', async () => {
    await create();
    expect(await refusal(create())).toBe('RepositoryAlreadyExistsException');
    const elsewhere = ecrClient(aws.endpoint, 'us-east-1');
    await elsewhere.send(new CreateRepositoryCommand({ repositoryName }));
    elsewhere.destroy();
  });

  it('that is not there is named by the error', async () => {
    const call = ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['nope'] }));
    await expect(call).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message: "The repository with name 'nope' does not exist in the registry with id '123456789012'",
    });
  });

  it('is listed with the others, a page at a time', async () => {
    for (const name of ['cc', 'aa', 'bb']) await create({ repositoryName: name });
    const first = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2 }));
    const { nextToken } = first;
    const second = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2, nextToken }));
    const names = [first, second].map((page) => page.repositories?.map((one) => one.repositoryName));
    expect(names).toEqual([['aa', 'bb'], ['cc']]);
    expect(second.nextToken).toBeUndefined();
  });

  it('with images is deleted only by force', async () => {
    await create();
    const registry = await RegistryClient.login(aws.endpoint, ecr);
    await registry.pushImage(repositoryName, 'one', 'v1');
    expect(await refusal(ecr.send(new DeleteRepositoryCommand({ repositoryName })))).toBe(
      'RepositoryNotEmptyException',
    );
    await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    expect(await refusal(ecr.send(new DescribeImagesCommand({ repositoryName })))).toBe('RepositoryNotFoundException');
  });

  it('of another account is not found', async () => {
    await create();
    const call = ecr.send(new DescribeImagesCommand({ repositoryName, registryId: '999999999999' }));
    expect(await refusal(call)).toBe('RepositoryNotFoundException');
  });
});

describe('tag mutability', () => {
  it('with its exclusions is kept and can be changed', async () => {
    await create({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters('latest', 'dev-*'),
    });
    const describeOne = async () =>
      (await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }))).repositories?.[0];
    expect(await describeOne()).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters('latest', 'dev-*'),
    });
    await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'MUTABLE' }));
    const changed = await describeOne();
    expect(changed?.imageTagMutability).toBe('MUTABLE');
    expect(changed?.imageTagMutabilityExclusionFilters).toBeUndefined();
  });

  it.each([
    ['an exclusion without the mode for it', 'IMMUTABLE', filters('latest')],
    ['the mode without an exclusion', 'MUTABLE_WITH_EXCLUSION', []],
    ['six exclusions', 'MUTABLE_WITH_EXCLUSION', filters('a', 'b', 'c', 'd', 'e', 'f')],
    ['three wildcards', 'MUTABLE_WITH_EXCLUSION', filters('*a*b*')],
    ['another character', 'MUTABLE_WITH_EXCLUSION', filters('a?')],
  ] as const)('is refused for %s', async (_name, imageTagMutability, exclusions) => {
    const call = create({ imageTagMutability, imageTagMutabilityExclusionFilters: [...exclusions] });
    expect(await refusal(call)).toBe('InvalidParameterException');
  });
});

it('changes whether images are scanned on push', async () => {
  await create();
  const imageScanningConfiguration = { scanOnPush: true };
  await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }));
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}));
  expect(repositories?.[0]?.imageScanningConfiguration).toEqual(imageScanningConfiguration);
});

describe('tags of a repository', () => {
  const resourceArn = `arn:aws:ecr:eu-central-1:123456789012:repository/${repositoryName}`;
  const tags = async () => (await ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags;

  it('are added, replaced and taken away', async () => {
    await create({ tags: [{ Key: 'team', Value: 'data' }] });
    await ecr.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { Key: 'team', Value: 'ops' },
          { Key: 'a', Value: '' },
        ],
      }),
    );
    expect(await tags()).toEqual([
      { Key: 'team', Value: 'ops' },
      { Key: 'a', Value: '' },
    ]);
    await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team', 'none'] }));
    expect(await tags()).toEqual([{ Key: 'a', Value: '' }]);
  });

  it('are at most fifty, and none is named aws:', async () => {
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `${index}`, Value: '' }));
    expect(await refusal(create({ tags: many }))).toBe('TooManyTagsException');
    expect(await refusal(create({ tags: [{ Key: 'aws:x', Value: '' }] }))).toBe('InvalidTagParameterException');
    expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });
});

describe('policies', () => {
  it('of the repository are kept, given back and deleted', async () => {
    await create();
    expect(await refusal(ecr.send(new GetRepositoryPolicyCommand({ repositoryName })))).toBe(
      'RepositoryPolicyNotFoundException',
    );
    const policyText = '{"Version":"2012-10-17","Statement":[]}';
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    expect((await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText).toBe(policyText);
    await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    expect(await refusal(ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName })))).toBe(
      'RepositoryPolicyNotFoundException',
    );
  });

  it('of the images’ lives are kept, given back and deleted', async () => {
    await create();
    const lifecyclePolicyText = '{"rules":[]}';
    await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    const kept = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
    expect(kept.lifecyclePolicyText).toBe(lifecyclePolicyText);
    await ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
    expect(await refusal(ecr.send(new GetLifecyclePolicyCommand({ repositoryName })))).toBe(
      'LifecyclePolicyNotFoundException',
    );
  });

  it.each(['not json', '[]', '{"other":1}'])('%j is none', async (text) => {
    await create();
    const set = ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: text }));
    expect(await refusal(set)).toBe('InvalidParameterException');
    const put = ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }));
    expect(await refusal(put)).toBe('InvalidParameterException');
  });
});

it('gives a token for twelve hours of its own clock, and the registry’s address', async () => {
  aws.control.setRate(0);
  await aws.control.advance(7 * 24 * 3600_000);
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const [data] = authorizationData ?? [];
  expect(data?.proxyEndpoint).toBe(aws.endpoint);
  const seconds = Math.floor(aws.control.now().getTime() / 1000) + 12 * 3600;
  expect(data?.expiresAt).toEqual(new Date(seconds * 1000));
  expect(Buffer.from(data?.authorizationToken ?? '', 'base64').toString()).toMatch(/^AWS:[\w-]+$/);
});
