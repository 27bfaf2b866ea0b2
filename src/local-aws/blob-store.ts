/** Bytes named by their own hash. Equal bytes are kept once. */
export interface BlobStore {
  /** Keeps the bytes and gives their SHA-256 in hex. */
  put(bytes: Buffer): string;
  /** The bytes of a hash that `put` gave; undefined when there are none. */
  get(sha256: string): Buffer | undefined;
}
