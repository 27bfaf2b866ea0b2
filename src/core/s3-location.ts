export interface S3Location {
  bucket: string;
  key: string;
}

export function s3Url({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}
