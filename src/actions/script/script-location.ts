import type { S3Location } from '../../core/s3-location.ts';
import type { ScriptBundle } from './script-bundle.ts';

/** `s3://bucket/prefix` and a script give `prefix/<sha256>/<name>`: another content is another key. */
export function scriptLocation(
  destination: string,
  { name, sha256 }: Pick<ScriptBundle, 'name' | 'sha256'>,
): S3Location {
  const [bucket = '', ...prefix] = destination.slice('s3://'.length).split('/');
  return { bucket, key: [...prefix.filter((part) => part !== ''), sha256, name].join('/') };
}
