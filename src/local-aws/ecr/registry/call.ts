import type { ServiceRequest, ServiceResponse } from '../../service.ts';
import type { Ecr, Repository } from '../state.ts';

/** A request to the registry, its token checked and its repository found. */
export interface RegistryCall {
  ecr: Ecr;
  request: ServiceRequest;
  repository: Repository;
  /** The tag or digest of a manifest, the digest of a blob, the ID of an upload; else empty. */
  reference: string;
}

export type RegistryHandler = (call: RegistryCall) => ServiceResponse;
