import type {
  BatchCheckLayerAvailabilityRequest,
  BatchCheckLayerAvailabilityResponse,
  CompleteLayerUploadRequest,
  CompleteLayerUploadResponse,
  GetDownloadUrlForLayerRequest,
  GetDownloadUrlForLayerResponse,
  InitiateLayerUploadRequest,
  InitiateLayerUploadResponse,
  Layer,
  LayerFailure,
  UploadLayerPartRequest,
  UploadLayerPartResponse,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../aws-error.ts';
import type { JsonCall, JsonHandler } from '../json-protocol.ts';
import { issueToken, TOKEN_PARAMETER } from './authorization.ts';
import { namedRepository } from './repositories.ts';
import { isDigest, type Ecr, type Repository } from './state.ts';
import { appendPart, findUpload, finishUpload, startUpload } from './uploads.ts';
import { invalidParameter, required } from './validation.ts';

const MIB = 1024 * 1024;
/** What ECR recommends; a part may have from 5 MiB on, the last one less. */
const PART_SIZE = 10 * MIB;
const SMALLEST_PART = 5 * MIB;
const LAYER_MEDIA_TYPE = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

export function layerHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    BatchCheckLayerAvailability: (input: BatchCheckLayerAvailabilityRequest, call) => checkLayers(ecr, input, call),
    InitiateLayerUpload(input: InitiateLayerUploadRequest, { region }): InitiateLayerUploadResponse {
      return { uploadId: startUpload(ecr, namedRepository(ecr, region, input)), partSize: PART_SIZE };
    },
    UploadLayerPart: (input: UploadLayerPartRequest, call) => uploadLayerPart(ecr, input, call),
    CompleteLayerUpload: (input: CompleteLayerUploadRequest, call) => completeLayerUpload(ecr, input, call),
    GetDownloadUrlForLayer: (input: GetDownloadUrlForLayerRequest, call) => downloadUrl(ecr, input, call),
  };
}

function checkLayers(
  ecr: Ecr,
  input: BatchCheckLayerAvailabilityRequest,
  { region }: JsonCall,
): BatchCheckLayerAvailabilityResponse {
  const repository = namedRepository(ecr, region, input);
  const digests = required('layerDigests', input.layerDigests);
  if (digests.length < 1 || digests.length > 100)
    throw invalidParameter('layerDigests', 'must have length from 1 to 100');
  const failures = digests
    .filter((digest) => !isDigest(digest))
    .map((layerDigest): LayerFailure => ({
      layerDigest,
      failureCode: 'InvalidLayerDigest',
      failureReason: 'Invalid request parameters: layer digest should satisfy the regex sha256:[0-9a-f]{64}',
    }));
  const layers = digests.filter(isDigest).map((digest) => describeLayer(repository, digest));
  return { layers, failures };
}

function describeLayer(repository: Repository, layerDigest: string): Layer {
  const layer = repository.layers.get(layerDigest);
  if (layer === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' };
  return { layerDigest, layerAvailability: 'AVAILABLE', layerSize: layer.size, mediaType: LAYER_MEDIA_TYPE };
}

function uploadLayerPart(ecr: Ecr, input: UploadLayerPartRequest, { region }: JsonCall): UploadLayerPartResponse {
  const repository = namedRepository(ecr, region, input);
  const uploadId = required('uploadId', input.uploadId);
  const upload = findUpload(ecr, repository, uploadId);
  const bytes = Buffer.from(required('layerPartBlob', input.layerPartBlob));
  const first = required('partFirstByte', input.partFirstByte);
  const last = required('partLastByte', input.partLastByte);
  if (last - first + 1 !== bytes.length) {
    throw new AwsError(
      'InvalidLayerPartException',
      `The layer part has ${bytes.length} bytes instead of ${last - first + 1}`,
    );
  }
  appendPart(upload, bytes, first);
  return { registryId: ecr.world.accountId, repositoryName: repository.name, uploadId, lastByteReceived: last };
}

function completeLayerUpload(
  ecr: Ecr,
  input: CompleteLayerUploadRequest,
  { region }: JsonCall,
): CompleteLayerUploadResponse {
  const repository = namedRepository(ecr, region, input);
  const uploadId = required('uploadId', input.uploadId);
  const upload = findUpload(ecr, repository, uploadId);
  const [layerDigest] = required('layerDigests', input.layerDigests);
  if (layerDigest === undefined || !isDigest(layerDigest)) {
    throw invalidParameter('layerDigests', "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'");
  }
  if (upload.size === 0)
    throw new AwsError('EmptyUploadException', `The upload '${uploadId}' does not contain any layer parts`);
  if (upload.parts.slice(0, -1).some((part) => part.length < SMALLEST_PART)) {
    throw new AwsError('LayerPartTooSmallException', 'Layer parts must be at least 5 MiB in size');
  }
  if (repository.layers.has(layerDigest)) {
    ecr.uploads.delete(uploadId);
    const message = `Layer with digest '${layerDigest}' already exists in the repository with name '${repository.name}' in registry with id '${ecr.world.accountId}'`;
    throw new AwsError('LayerAlreadyExistsException', message);
  }
  finishUpload(ecr, uploadId, upload, layerDigest);
  return { registryId: ecr.world.accountId, repositoryName: repository.name, uploadId, layerDigest };
}

/** The address needs no header: it carries a token of its own. */
function downloadUrl(
  ecr: Ecr,
  input: GetDownloadUrlForLayerRequest,
  { region }: JsonCall,
): GetDownloadUrlForLayerResponse {
  const repository = namedRepository(ecr, region, input);
  const layerDigest = required('layerDigest', input.layerDigest);
  if (!repository.layers.has(layerDigest)) {
    const message = `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}' in the registry with id '${ecr.world.accountId}'`;
    throw new AwsError('LayersNotFoundException', message);
  }
  const url = new URL(`/v2/${repository.name}/blobs/${layerDigest}`, ecr.world.endpoint());
  url.searchParams.set(TOKEN_PARAMETER, issueToken(ecr.world, region).token);
  return { downloadUrl: url.href, layerDigest };
}
