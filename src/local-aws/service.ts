import type { JsonObject, JsonValue } from '../core/json.ts';
import type { BlobStore } from './blob-store.ts';
import type { ContainerCredentials } from './container-credentials.ts';
import type { InternalCall } from './internal-calls.ts';
import type { LocalClock } from './local-clock.ts';
import type { TrustedIdentities } from './sts/trusted-identities.ts';
import type { Timeline } from './timeline.ts';

/** One HTTP request as a service sees it. The body has been read whole. */
export interface ServiceRequest {
  method: string;
  /** As sent, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** What the answer's `x-amzn-requestid` says; for protocols that repeat it in the body. */
  requestId?: string;
  /** It comes from another service of this AWS. */
  internal?: true;
  /** It makes what is there from the start: as if that had been there for long. */
  isSetup?: true;
}

export interface ServiceResponse {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer | string;
}

/** What a request asks for. Nothing is applied before `run` is called, so that faults can come in between. */
export interface Operation {
  /** Service and operation as IAM spells them: `batch:RegisterJobDefinition`; the registry's are `registry:PutManifest`. */
  name: string;
  /** The ARN that IAM would check, or several that all must be allowed, for denials of the scenario; `*` when this is not given. */
  resource?(): string | readonly string[];
  run(): ServiceResponse | Promise<ServiceResponse>;
}

/** An error in the words of the service's own protocol. */
export interface ServiceError {
  status: number;
  /** `ThrottlingException` */
  name: string;
  message: string;
}

/** One AWS service: its behaviour and the state behind it. */
export interface Service {
  /** The IAM prefix: `batch`. */
  name: string;
  /** The operation that a request calls; undefined when the request is for another service. */
  operation(request: ServiceRequest): Operation | undefined;
  /** How a client would ask for an operation of this service; a service without it can't be called from inside. */
  requestFor?(
    operation: string,
    input: JsonObject,
  ): Pick<ServiceRequest, 'method' | 'path' | 'query' | 'body'> & {
    headers: Record<string, string>;
  };
  /**
   * What a client would find wrong with a call before it is made: an operation or a member of the input that is not there,
   * a sentence each.
   */
  inputProblems?(operation: string, input: JsonObject): string[];
  /**
   * Told of a request whose client left before the body was whole; `body` is what had arrived. There is nobody to answer.
   * For a service that keeps what it got; all others want a request whole or not at all.
   */
  cutOff?(request: ServiceRequest): void;
  /** Writes an error as this service's protocol does (JSON with `__type`, or XML). */
  error(error: ServiceError, request: ServiceRequest): ServiceResponse;
  /** Everything that a user of AWS could observe, as plain JSON with sorted keys; bytes are named by their hash in the blob store. */
  snapshot(): JsonValue;
  restore(snapshot: JsonValue): void;
  reset(): void;
  /** Ends what runs outside of this program. */
  stop?(): Promise<void>;
  /** What is wrong with this service's part of a scenario, a sentence each; without it any object will do. */
  scenarioProblems?(part: JsonObject): string[];
}

/** What the services share. */
export interface World {
  /** Twelve digits; the same for every key. */
  accountId: string;
  clock: LocalClock;
  timeline: Timeline;
  /**
   * Calls another service as one service of AWS calls another: with the faults and denials that a client would meet,
   * and in the log of requests. Rejects with the AwsError that the other answers.
   */
  invoke(call: InternalCall): Promise<JsonObject>;
  /** What gives the containers of jobs the credentials of their role. */
  containerCredentials: ContainerCredentials;
  /** The identity providers and roles that this AWS was told of. */
  identities: TrustedIdentities;
  /** Bytes by their SHA-256, kept in memory or in the state folder. */
  blobs: BlobStore;
  /** `http://127.0.0.1:<port>`, once the server listens. */
  endpoint(): string;
  /** The part of the scenario file under the service's name; undefined when there is none. */
  scenario(service: string): JsonValue | undefined;
}
