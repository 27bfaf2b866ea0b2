import { memoryBlobStore } from '../../src/local-aws/blob-store.ts';
import { ContainerCredentials } from '../../src/local-aws/container-credentials.ts';
import type { World } from '../../src/local-aws/service.ts';
import { TrustedIdentities } from '../../src/local-aws/sts/trusted-identities.ts';
import { ClockTimeline } from '../../src/local-aws/timeline.ts';
import { VirtualClock } from '../../src/local-aws/virtual-clock.ts';

/** What a service shares with the others, when there are no others. */
export function worldOf(parts: Partial<World> = {}): World {
  const clock = new VirtualClock();
  return {
    accountId: '123456789012',
    clock,
    timeline: new ClockTimeline({ clock, happened() {}, bug() {} }),
    invoke: ({ service, operation }) => Promise.reject(new Error(`nobody is there for ${service}:${operation}`)),
    containerCredentials: new ContainerCredentials({ clock, endpoint: () => '' }),
    identities: new TrustedIdentities(() => undefined),
    blobs: memoryBlobStore(),
    endpoint: () => '',
    scenario: () => undefined,
    ...parts,
  };
}
