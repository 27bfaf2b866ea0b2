import { dockerCredentials, readDockerConfig } from './docker-config.ts';
import { registryAddress, type ImageReference } from './image-reference.ts';
import { RegistryClient } from './registry-client.ts';

export interface BaseRegistriesOptions {
  /** Clients that are logged in already, such as the one of the registry that is pushed to; they stay open. */
  known: readonly RegistryClient[];
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/** The registries of base images: one client for each, logged in as the docker program would be. */
export class BaseRegistries {
  readonly #options: BaseRegistriesOptions;
  readonly #opened = new Map<string, Promise<RegistryClient>>();

  constructor(options: BaseRegistriesOptions) {
    this.#options = options;
  }

  /** For `bases` of `buildEmbedded`. */
  readonly clientOf = async (reference: ImageReference): Promise<RegistryClient> => {
    const { scheme, host } = registryAddress(reference.registry);
    const known = this.#options.known.find((client) => client.host === host);
    if (known) return known;
    let client = this.#opened.get(host);
    if (!client) {
      client = this.#open(reference.registry, scheme, host);
      this.#opened.set(host, client);
    }
    return client;
  };

  /** Closes what `clientOf` opened; call it after the push, which may still read layers. */
  async close(): Promise<void> {
    for (const client of await Promise.allSettled(this.#opened.values())) {
      if (client.status === 'fulfilled') client.value.close();
    }
  }

  async #open(registry: string, scheme: 'http' | 'https', host: string): Promise<RegistryClient> {
    const { env, signal } = this.#options;
    const credentials = await dockerCredentials(await readDockerConfig(env), registry, env, signal);
    return new RegistryClient({ scheme, host, credentials, signal });
  }
}
