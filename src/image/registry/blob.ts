import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeployError } from '../../core/errors.ts';
import type { Descriptor } from '../oci-image.ts';

/** Hands a blob on as it comes, and fails at its end when the bytes are not those of the descriptor. */
export async function verifiedBlob(
  what: string,
  stream: Readable,
  descriptor: Descriptor,
  sink: (stream: Readable) => Promise<void>,
): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(stream, meter, (metered) => sink(metered as Readable));
  compareDigests(what, descriptor.digest, `sha256:${hash.digest('hex')}`);
  if (size === descriptor.size) return;
  throw new DeployError({
    code: 'registry.size_mismatch',
    title: `The manifest gives a wrong size for ${descriptor.digest}`,
    message: `${what}: ${size} bytes came, ${descriptor.size} were announced.`,
  });
}

/** Throws when a digest that was promised is not that of the bytes. Nothing promised is fine. */
export function compareDigests(what: string, expected: string | undefined, actual: string): void {
  if (expected === undefined || expected === actual) return;
  throw new DeployError({
    code: 'registry.digest_mismatch',
    title: 'The registry and the bytes disagree about a digest',
    message: `${what}: expected ${expected}, and the bytes have ${actual}.`,
    hints: ['Try again. If it stays, the registry or something on the way to it changes the data.'],
  });
}
