import { createPrivateKey, createSign, generateKeyPair, randomUUID, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonObject } from '../../core/json.ts';

/** What signs the tokens of a run. Nobody trusts it but who is told of its `jwks`. */
export interface LocalIssuer extends TokenSigner {
  readonly jwks: { readonly keys: readonly JsonObject[] };
}

export interface TokenSigner {
  readonly organizationId: string;
  /** `https://oidc.circleci.com/org/<organization id>` */
  readonly issuer: string;
  readonly keyId: string;
  /** The private key, PKCS #8 in PEM. */
  readonly key: string;
}

/** The job that a token speaks of. */
export interface TokenJob {
  readonly projectId: string;
  readonly userId: string;
  readonly pipelineId: string;
  readonly pipelineDefinitionId?: string;
  readonly workflowId: string;
  readonly jobId: string;
  readonly contextIds: readonly string[];
  /** Such as `github.com/acme/crawler`; absent when the repository has no remote. */
  readonly vcsOrigin?: string;
  /** Such as `refs/heads/main`. */
  readonly vcsRef?: string;
}

export interface TokenOptions {
  readonly now: Date;
  /** 1 names organization, project and user as the subject; 2 also what was built. */
  readonly version: 1 | 2;
  /** The organization's id when not given. */
  readonly audience?: string | readonly string[];
  /** The issuer is CircleCI itself and not the organization. */
  readonly rootIssuer?: boolean;
}

/** The issuer of tokens that any service knows without the id of an organization: `--root-issuer`. */
export const ROOT_ISSUER = 'https://oidc.circleci.com';

const LIFETIME_SECONDS = 3600;

/** Makes an issuer with a key of its own: a new one for each run, so that no token outlives its run. */
export async function localIssuer(organizationId: string): Promise<LocalIssuer> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const keyId = randomUUID();
  const { n, e } = publicKey.export({ format: 'jwk' }) as Required<Pick<JsonWebKey, 'n' | 'e'>>;
  return {
    organizationId,
    issuer: `${ROOT_ISSUER}/org/${organizationId}`,
    keyId,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    jwks: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: keyId, n, e }] },
  };
}

/** An OIDC token as CircleCI gives it to a job: RS256, good for an hour. Its claims are those of CircleCI's documentation. */
export function signToken(signer: TokenSigner, job: TokenJob, options: TokenOptions): string {
  const header = { alg: 'RS256', typ: 'JWT', kid: signer.keyId };
  const unsigned = `${encoded(header)}.${encoded(claimsOf(signer, job, options))}`;
  const signature = createSign('RSA-SHA256').update(unsigned).sign(createPrivateKey(signer.key), 'base64url');
  return `${unsigned}.${signature}`;
}

/** The variables with tokens that CircleCI sets in every job. */
export function tokenVariables(
  signer: TokenSigner,
  job: TokenJob,
  now: Date,
): { CIRCLE_OIDC_TOKEN: string; CIRCLE_OIDC_TOKEN_V2: string } {
  return {
    CIRCLE_OIDC_TOKEN: signToken(signer, job, { now, version: 1 }),
    CIRCLE_OIDC_TOKEN_V2: signToken(signer, job, { now, version: 2 }),
  };
}

function claimsOf(signer: TokenSigner, job: TokenJob, options: TokenOptions): JsonObject {
  const issuedAt = Math.floor(options.now.getTime() / 1000);
  const audience = options.audience ?? signer.organizationId;
  const known = {
    'org-id': signer.organizationId,
    'project-id': job.projectId,
    'pipeline-id': job.pipelineId,
    'pipeline-definition-id': job.pipelineDefinitionId,
    'workflow-id': job.workflowId,
    'job-id': job.jobId,
    'context-ids': job.contextIds.length > 0 ? [...job.contextIds] : undefined,
    'vcs-origin': job.vcsOrigin,
    'vcs-ref': job.vcsRef,
    'ssh-rerun': false,
  };
  const claims: JsonObject = {
    iss: options.rootIssuer === true ? ROOT_ISSUER : signer.issuer,
    sub: subjectOf(signer, job, options.version),
    aud: typeof audience === 'string' ? audience : [...audience],
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
  };
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined) claims[`oidc.circleci.com/${name}`] = value;
  }
  return claims;
}

function subjectOf(signer: TokenSigner, job: TokenJob, version: 1 | 2): string {
  const who = `org/${signer.organizationId}/project/${job.projectId}/user/${job.userId}`;
  if (version === 1 || job.vcsOrigin === undefined || job.vcsRef === undefined) return who;
  return `${who}/vcs-origin/${job.vcsOrigin}/vcs-ref/${job.vcsRef}`;
}

function encoded(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
