import type { ServiceRequest } from './service.ts';

/** Where requests go that name no region, as for the AWS tools of old. */
export const DEFAULT_REGION = 'us-east-1';

/** What a SigV4 signature says about itself. The signature is never checked: any key opens the local AWS. */
export interface CredentialScope {
  accessKeyId: string;
  /** As signed: `eu-central-1`. */
  region: string;
  /** The signing name of the service: `batch`. */
  service: string;
}

/**
 * Reads `AKID/20261120/us-east-1/batch/aws4_request` from the Authorization header or, of a presigned URL,
 * from `X-Amz-Credential`; undefined when the request is not signed. SigV4A has no region in its scope, but in a header.
 */
export function credentialScope(request: ServiceRequest): CredentialScope | undefined {
  const header = request.headers['authorization'] ?? '';
  const signed = /^AWS4-\S+\s.*?\bCredential=([^\s,]+)/.exec(header)?.[1];
  const parts = (signed ?? request.query.get('X-Amz-Credential'))?.split('/');
  if (parts?.at(-1) !== 'aws4_request') return undefined;
  if (parts.length === 5) return { accessKeyId: parts[0]!, region: parts[2]!, service: parts[3]! };
  if (parts.length !== 4) return undefined;
  const regionSet = request.headers['x-amz-region-set'] ?? request.query.get('X-Amz-Region-Set') ?? '';
  const region = /^[a-z0-9-]+$/.test(regionSet) ? regionSet : DEFAULT_REGION;
  return { accessKeyId: parts[0]!, region, service: parts[2]! };
}

/** The region that the request was signed for, or `us-east-1`. All state is kept by it. */
export function requestRegion(request: ServiceRequest): string {
  return credentialScope(request)?.region ?? DEFAULT_REGION;
}

/** `aws`, `aws-cn` or `aws-us-gov`: the second part of every ARN of that region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
