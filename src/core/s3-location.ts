export interface S3Location {
  bucket: string;
  key: string;
}

export function s3Url({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/** Undefined for a text that is no s3:// URL of an object. */
export function parseS3Url(url: string): S3Location | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}
