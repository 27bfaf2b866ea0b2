/** MiB of memory that go with each number of vCPUs on Fargate, from the API reference of ResourceRequirement. */
const MEMORY_BY_VCPUS: Readonly<Record<string, readonly number[]>> = {
  '0.25': [512, 1024, 2048],
  '0.5': steps(1024, 4096, 1024),
  '1': steps(2048, 8192, 1024),
  '2': steps(4096, 16_384, 1024),
  '4': steps(8192, 30_720, 1024),
  '8': steps(16_384, 61_440, 4096),
  '16': steps(32_768, 122_880, 8192),
  '32': [61_440, 122_880, 249_856],
};

export function isFargatePair(vcpus: number, memoryMiB: number): boolean {
  return MEMORY_BY_VCPUS[String(vcpus)]?.includes(memoryMiB) ?? false;
}

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}
