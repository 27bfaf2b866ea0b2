import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { request as httpRequest } from 'node:http';

/** A client with the SDK's own defaults, checksums included. */
export function s3Client(endpoint: string, region = 'us-east-1'): S3Client {
  return new S3Client({ endpoint, region, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } });
}

/** The error that a call ends in. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw new Error('the call was not refused by S3', { cause: error });
  return { name: error.name, status: error.$metadata.httpStatusCode };
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request as it is, with a signature that nobody checks: for what the SDK would never send. */
export function raw(
  endpoint: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): Promise<RawAnswer> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/us-east-1/s3/aws4_request, Signature=0';
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `${endpoint}${path}`,
      { method, headers: { authorization, ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The code in an S3 error document. */
export function errorCode(answer: RawAnswer): string | undefined {
  return /<Code>(\w+)<\/Code>/.exec(answer.body)?.[1];
}
