import type { ServiceResponse } from '../service.ts';
import { document, element, text } from './xml.ts';

/** An error that S3 answers as XML. The codes, statuses and messages are those of S3's error list. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  /** More elements of the error document: `{ BucketName: 'logs' }`. */
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export const invalidRequest = (message: string): S3Error => new S3Error(400, 'InvalidRequest', message);

export const invalidArgument = (name: string, value: string, message: string): S3Error =>
  new S3Error(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });

export const malformedXml = (): S3Error =>
  new S3Error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const notImplemented = (what: string): S3Error =>
  new S3Error(501, 'NotImplemented', `The local AWS does not implement ${what} of S3`);

export const noSuchBucket = (name: string): S3Error =>
  new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });

export const noSuchKey = (key: string): S3Error =>
  new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });

export const noSuchVersion = (key: string, versionId: string): S3Error =>
  new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId });

export const preconditionFailed = (condition: string): S3Error =>
  new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

/** The answer for an error; for HEAD it has no body, so that the status is all that a client learns. */
export function errorResponse(error: S3Error, method: string, resource: string, requestId: string): ServiceResponse {
  const headers = { ...error.headers, 'x-amz-request-id': requestId };
  if (method === 'HEAD' || error.status === 304) return { status: error.status, headers };
  const body = document(
    element(
      'Error',
      text('Code', error.code),
      text('Message', error.message),
      ...Object.entries(error.details).map(([name, value]) => text(name, value)),
      text('Resource', resource),
      text('RequestId', requestId),
    ),
  );
  return { status: error.status, headers: { ...headers, 'content-type': 'application/xml' }, body };
}
