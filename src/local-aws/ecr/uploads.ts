import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { isDigest, type Ecr, type Repository } from './state.ts';

/** A layer on its way. */
export interface LayerUpload {
  repository: Repository;
  /** As they came; joined once, at the end. */
  parts: Buffer[];
  size: number;
}

export function startUpload(ecr: Ecr, repository: Repository): string {
  const id = randomUUID();
  ecr.uploads.set(id, { repository, parts: [], size: 0 });
  return id;
}

/** @throws AwsError UploadNotFoundException */
export function findUpload(ecr: Ecr, repository: Repository, id: string): LayerUpload {
  const upload = ecr.uploads.get(id);
  if (upload !== undefined && upload.repository === repository) return upload;
  const message = `The upload with id '${id}' does not exist in the repository with name '${repository.name}' in the registry with id '${ecr.world.accountId}'`;
  throw new AwsError('UploadNotFoundException', message);
}

/** @throws AwsError InvalidLayerPartException when the part does not start where the last one ended */
export function appendPart(upload: LayerUpload, bytes: Buffer, firstByte: number): void {
  if (firstByte !== upload.size) {
    throw new AwsError(
      'InvalidLayerPartException',
      `First byte of the layer part is ${firstByte} instead of ${upload.size}`,
    );
  }
  if (bytes.length === 0) return;
  upload.parts.push(bytes);
  upload.size += bytes.length;
}

/**
 * Makes a layer of what was uploaded, if it is what the client says that it is. A refused upload is gone.
 * @throws AwsError InvalidLayerException, InvalidParameterException
 */
export function finishUpload(ecr: Ecr, id: string, upload: LayerUpload, digest: string): void {
  if (!isDigest(digest)) throw new AwsError('InvalidParameterException', `'${digest}' is not a sha256 digest`);
  ecr.uploads.delete(id);
  const bytes =
    upload.parts.length === 1 && upload.parts[0] !== undefined ? upload.parts[0] : Buffer.concat(upload.parts);
  const actual = `sha256:${ecr.world.blobs.put(bytes)}`;
  if (actual !== digest) {
    const message = `Digest '${digest}' of the layer does not match the digest '${actual}' of what was uploaded`;
    throw new AwsError('InvalidLayerException', message);
  }
  upload.repository.layers.set(digest, { size: bytes.length });
}
