import { ECRClient, CreateRepositoryCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { buildEmbedded, type BuiltImage } from '../../../src/image/embedded-builder.ts';
import { pushImage } from '../../../src/image/push-image.ts';
import { RegistryClient } from '../../../src/image/registry-client.ts';
import type { Control } from '../../../src/local-aws/control.ts';
import { startLocalAws } from '../../../src/local-aws/server.ts';
import { VirtualClock } from '../../../src/local-aws/virtual-clock.ts';
import { folderOf, removeFolder } from '../../image/local-registry.ts';

export const BUCKET = 'acme-scripts';
export const REGION = 'eu-central-1';

/** A local AWS whose clock stands still, so that equal histories give equal states, with what every project starts from. */
export interface LocalCloud {
  endpoint: string;
  control: Control;
  /** Its registry, logged in. */
  registry: RegistryClient;
  /** That everybody gets, as the clock stands still. */
  registryPassword: string;
  /** Name of the base image. */
  base: string;
  /** Back to the start: a bucket, a base image, no calls. */
  restart(): Promise<void>;
  /** Names of the operations that were called since, in the order of their arrival. */
  calls(): string[];
  close(): Promise<void>;
}

export async function startLocalCloud(): Promise<LocalCloud> {
  const standing = Date.now();
  const aws = await startLocalAws({ clock: new VirtualClock(() => standing) });
  const settings = {
    endpoint: aws.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'SEED', secretAccessKey: 'seed' },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const ecr = new ECRClient(settings);
  const { host } = new URL(aws.endpoint);
  const credentials = await registryLogin(ecr);
  const registry = new RegistryClient({ scheme: 'http', host, credentials });
  const image = await baseImage();
  return {
    endpoint: aws.endpoint,
    control: aws.control,
    registry,
    registryPassword: credentials.password,
    base: `${host}/base:1`,
    async restart() {
      aws.control.reset();
      await s3.send(
        new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
      );
      await ecr.send(new CreateRepositoryCommand({ repositoryName: 'base' }));
      await pushImage({ image, client: registry, repository: 'base', tags: ['1'] });
      aws.control.clearRequests();
    },
    calls: () => aws.control.requests().map(({ operation }) => operation),
    async close() {
      registry.close();
      s3.destroy();
      ecr.destroy();
      await image.dispose();
      await aws.close();
    },
  };
}

async function registryLogin(ecr: ECRClient): Promise<{ username: string; password: string }> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const [username = '', password = ''] = atob(authorizationData?.[0]?.authorizationToken ?? '').split(':');
  return { username, password };
}

async function baseImage(): Promise<BuiltImage> {
  const contextDir = folderOf({ Dockerfile: 'FROM scratch\nCOPY release /etc/release\n', release: 'stand-in 1\n' });
  try {
    const bases = (): never => {
      throw new Error('the base has no base');
    };
    return await buildEmbedded({ contextDir, bases });
  } finally {
    removeFolder(contextDir);
  }
}
