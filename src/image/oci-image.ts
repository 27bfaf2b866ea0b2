import { createHash } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';

/** Media types of https://github.com/opencontainers/image-spec and of Docker's older ones. */
export const MEDIA_TYPE = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** Names some bytes in a registry. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  /** In bytes. */
  size: number;
}

export interface ImageManifest {
  schemaVersion: 2;
  mediaType?: string;
  config: Descriptor;
  layers: Descriptor[];
}

/** `linux/arm64` or `linux/arm/v7`, taken apart. */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
}

/**
 * The part of the image configuration that containers run by, with Docker's spelling. BuildKit also writes ArgsEscaped, which means
 * something on Windows only.
 */
export interface ContainerConfig {
  User?: string;
  ExposedPorts?: Record<string, Record<string, never>>;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  Volumes?: Record<string, Record<string, never>>;
  WorkingDir?: string;
  Labels?: Record<string, string>;
  StopSignal?: string;
  Healthcheck?: JsonObject;
  Shell?: string[];
  OnBuild?: string[];
}

export interface HistoryEntry {
  created?: string;
  created_by?: string;
  author?: string;
  comment?: string;
  empty_layer?: boolean;
}

export interface ImageConfig {
  created?: string;
  author?: string;
  architecture: string;
  os: string;
  variant?: string;
  'os.version'?: string;
  'os.features'?: string[];
  config?: ContainerConfig;
  rootfs: { type: 'layers'; diff_ids: string[] };
  history?: HistoryEntry[];
}

/** The same bytes for the same image on every machine: the keys stand in one order, those of maps are sorted. */
export function configBytes(image: ImageConfig): Buffer {
  const config = image.config ?? {};
  return jsonBytes({
    created: image.created,
    author: image.author,
    architecture: image.architecture,
    variant: image.variant,
    os: image.os,
    'os.version': image['os.version'],
    'os.features': image['os.features'],
    config: {
      User: config.User || undefined,
      ExposedPorts: sorted(config.ExposedPorts),
      Env: filled(config.Env),
      Entrypoint: filled(config.Entrypoint),
      Cmd: filled(config.Cmd),
      Healthcheck: config.Healthcheck,
      Volumes: sorted(config.Volumes),
      WorkingDir: config.WorkingDir || undefined,
      Labels: sorted(config.Labels),
      StopSignal: config.StopSignal,
      Shell: filled(config.Shell),
    },
    rootfs: image.rootfs,
    history: image.history,
  });
}

export function manifestBytes(config: Descriptor, layers: readonly Descriptor[]): Buffer {
  const plain = ({ mediaType, digest, size }: Descriptor): Descriptor => ({ mediaType, digest, size });
  return jsonBytes({
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: plain(config),
    layers: layers.map(plain),
  });
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function parsePlatform(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  // arm64 has one variant only, and nobody writes it into an image.
  const named = variant === undefined || (architecture === 'arm64' && variant === 'v8') ? undefined : variant;
  return { os, architecture, ...(named !== undefined && { variant: named }) };
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** Whether an image for `offered` is what someone who asks for `wanted` means. An arm without variant is v7. */
export function platformMatches(offered: Platform, wanted: Platform): boolean {
  const full = (platform: Platform): string => {
    const fallback = platform.architecture === 'arm' ? 'v7' : platform.architecture === 'arm64' ? 'v8' : '';
    return `${platform.os}/${platform.architecture}/${platform.variant || fallback}`;
  };
  return full(offered) === full(wanted);
}

function jsonBytes(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sorted<T>(map: Record<string, T> | undefined): Record<string, T> | undefined {
  const entries = Object.entries(map ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function filled(list: string[] | undefined): string[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
