import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';

import { isFargatePair } from '../../batch/fargate-sizes.ts';
import { clientException } from '../state.ts';

const CPU_UNITS = 1024;

/** The task's size in CPU units and MiB, as ECS keeps it; both may be given in words: `1 vCPU`, `2 GB`. */
export function taskSize({ cpu, memory }: Pick<RegisterTaskDefinitionRequest, 'cpu' | 'memory'>): {
  cpu?: string;
  memory?: string;
} {
  return {
    ...(cpu !== undefined && { cpu: String(inUnits(cpu, /^(\d*\.?\d+)\s*vcpu$/i, 'cpu')) }),
    ...(memory !== undefined && { memory: String(inUnits(memory, /^(\d*\.?\d+)\s*gb$/i, 'memory')) }),
  };
}

function inUnits(text: string, inWords: RegExp, member: string): number {
  const words = inWords.exec(text.trim());
  const units = words === null ? Number(text.trim() || NaN) : Number(words[1]) * CPU_UNITS;
  if (Number.isInteger(units) && units > 0) return units;
  // As the developer guide has it (task-cpu-memory-error).
  throw clientException(
    `Invalid '${member}' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  );
}

/** Throws AwsError ClientException for a size that Fargate does not have. */
export function checkFargateSize({ cpu, memory }: { cpu?: string; memory?: string }): void {
  if (cpu === undefined) throw clientException("Fargate requires that 'cpu' be defined at the task level.");
  if (memory === undefined) throw clientException("Fargate requires that 'memory' be defined at the task level.");
  if (!isFargatePair(Number(cpu) / CPU_UNITS, Number(memory))) {
    throw clientException('No Fargate configuration exists for given values.');
  }
}
