import type { ImageTagMutability, ImageTagMutabilityExclusionFilter } from '@aws-sdk/client-ecr';
import { stableStringify, type JsonObject, type JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import { partitionOf } from '../request-region.ts';
import type { World } from '../service.ts';
import type { LayerUpload } from './uploads.ts';

/** What ECR's API and the registry work on together: what is pushed to the one shows in the other. */
export interface Ecr {
  world: World;
  /** By region, then by name. */
  regions: Map<string, Map<string, Repository>>;
  /** Unfinished layer uploads by ID. No operation lists them, so they are not part of a snapshot. */
  uploads: Map<string, LayerUpload>;
}

export interface Repository {
  name: string;
  region: string;
  /** ISO 8601, as all times in this state. */
  createdAt: string;
  mutability: ImageTagMutability;
  exclusions: ImageTagMutabilityExclusionFilter[];
  scanOnPush: boolean;
  encryption: { encryptionType: 'AES256' | 'KMS' | 'KMS_DSSE'; kmsKey?: string };
  resourceTags: Map<string, string>;
  /** By digest. A layer belongs to the repository once it was uploaded or mounted there. */
  layers: Map<string, Layer>;
  /** By digest. The manifest's bytes are in the blob store. */
  images: Map<string, StoredImage>;
  /** Tag to digest. */
  tags: Map<string, string>;
  policyText?: string;
  lifecycle?: { policyText: string; evaluatedAt: string };
}

export interface Layer {
  size: number;
}

export interface StoredImage {
  mediaType: string;
  /** The media type of the configuration, which says what kind of artifact it is. */
  artifactMediaType?: string;
  /** All compressed layers together; of an index, its largest image. */
  size: number;
  pushedAt: string;
  /** Manifests that an index refers to. */
  children: string[];
}

/** The hash in a digest `sha256:…`, which is also the name of its bytes in the blob store. */
const hashOf = (digest: string): string => digest.slice('sha256:'.length);

export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);

/** The bytes of a manifest or layer that the repository holds. */
export function bytesOf(ecr: Ecr, digest: string): Buffer {
  const bytes = ecr.world.blobs.get(hashOf(digest));
  if (bytes === undefined) throw new Error(`the blob store has lost ${digest}`);
  return bytes;
}

export function repositoriesOf(ecr: Ecr, region: string): Map<string, Repository> {
  let repositories = ecr.regions.get(region);
  if (repositories === undefined) ecr.regions.set(region, (repositories = new Map()));
  return repositories;
}

/** @throws AwsError RepositoryNotFoundException */
export function findRepository(ecr: Ecr, region: string, name: string, registryId = ecr.world.accountId): Repository {
  const repository = registryId === ecr.world.accountId ? ecr.regions.get(region)?.get(name) : undefined;
  if (repository === undefined) throw new AwsError('RepositoryNotFoundException', missingRepository(name, registryId));
  return repository;
}

export function missingRepository(name: string, registryId: string): string {
  return `The repository with name '${name}' does not exist in the registry with id '${registryId}'`;
}

export function repositoryArn(ecr: Ecr, region: string, name: string): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${ecr.world.accountId}:repository/${name}`;
}

/** `127.0.0.1:4566/name` */
export function repositoryUri(ecr: Ecr, name: string): string {
  return `${new URL(ecr.world.endpoint()).host}/${name}`;
}

/** The time of a call as it is kept: whole seconds, as ECR has them. */
export function nowOf(ecr: Ecr): string {
  return new Date(Math.floor(ecr.world.clock.now().getTime() / 1000) * 1000).toISOString();
}

export function tagsOf(repository: Repository, digest: string): string[] {
  return [...repository.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
}

type PlainRepository = Omit<Repository, 'resourceTags' | 'layers' | 'images' | 'tags'> & {
  resourceTags: Record<string, string>;
  layers: Record<string, Layer>;
  images: Record<string, StoredImage>;
  tags: Record<string, string>;
};

/** Region to repository name to repository. */
export function snapshotOf(ecr: Ecr): JsonValue {
  const regions: Record<string, Record<string, PlainRepository>> = {};
  for (const [region, repositories] of ecr.regions) {
    if (repositories.size > 0)
      regions[region] = Object.fromEntries([...repositories].map(([name, one]) => [name, plain(one)]));
  }
  return JSON.parse(stableStringify(regions as unknown as JsonObject)) as JsonValue;
}

function plain(repository: Repository): PlainRepository {
  const { resourceTags, layers, images, tags } = repository;
  return {
    ...repository,
    resourceTags: Object.fromEntries(resourceTags),
    layers: Object.fromEntries(layers),
    images: Object.fromEntries(images),
    tags: Object.fromEntries(tags),
  };
}

/** Takes over a snapshot; trusts that it is one of its own. */
export function restoreInto(ecr: Ecr, snapshot: JsonValue): void {
  ecr.regions.clear();
  ecr.uploads.clear();
  const regions = structuredClone(snapshot) as unknown as Record<string, Record<string, PlainRepository>>;
  for (const [region, repositories] of Object.entries(regions)) {
    const restored = Object.entries(repositories).map(([name, { resourceTags, layers, images, tags, ...rest }]) => {
      const repository: Repository = {
        ...rest,
        resourceTags: new Map(Object.entries(resourceTags)),
        layers: new Map(Object.entries(layers)),
        images: new Map(Object.entries(images)),
        tags: new Map(Object.entries(tags)),
      };
      return [name, repository] as const;
    });
    ecr.regions.set(region, new Map(restored));
  }
}
