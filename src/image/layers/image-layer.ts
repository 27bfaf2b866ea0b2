import type { Descriptor } from '../oci-image.ts';
import type { RegistryClient } from '../registry-client.ts';

/** Where the bytes of a layer are: in a file, or (still) in the registry of the base image. */
export type LayerSource =
  { kind: 'file'; file: string } | { kind: 'registry'; client: RegistryClient; repository: string };

export interface ImageLayer {
  descriptor: Descriptor;
  /** Digest of the plain tar. */
  diffId: string;
  source: LayerSource;
}
