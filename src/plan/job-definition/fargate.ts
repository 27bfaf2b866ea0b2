/** Memory in MiB that Fargate takes with a number of vCPUs: [from, to, step], or listed. AWS Batch user guide, "ResourceRequirement". */
const MEMORY: Readonly<Record<string, readonly number[]>> = {
  '0.25': [512, 1024, 2048],
  '0.5': steps(1024, 4096, 1024),
  '1': steps(2048, 8192, 1024),
  '2': steps(4096, 16_384, 1024),
  '4': steps(8192, 30_720, 1024),
  '8': steps(16_384, 61_440, 4096),
  '16': steps(32_768, 122_880, 8192),
  '32': [61_440, 122_880, 249_856],
};

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** Why a pair of vCPUs and MiB is none that Fargate has; undefined when it is one. */
export function fargatePairProblem(vcpus: string, memory: string): string | undefined {
  const sizes = MEMORY[String(Number(vcpus))];
  if (!sizes)
    return `Fargate has no ${vcpus} vCPU; it has ${Object.keys(MEMORY)
      .toSorted((a, b) => Number(a) - Number(b))
      .join(', ')}`;
  if (sizes.includes(Number(memory))) return undefined;
  const nearest = sizes.toSorted((a, b) => Math.abs(a - Number(memory)) - Math.abs(b - Number(memory)))[0];
  return `Fargate has no ${memory} MiB with ${vcpus} vCPU; the nearest is ${nearest}`;
}
