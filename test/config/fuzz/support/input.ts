import type { CompileOptions } from '../../../../src/config/compile.ts';

/** What is given to the compiler. */
export interface Input {
  readonly text: string;
  /** Texts of orbs by their references. */
  readonly orbs?: Readonly<Record<string, string>>;
  readonly options?: Pick<CompileOptions, 'pipelineParameters' | 'pipelineValues'>;
}
