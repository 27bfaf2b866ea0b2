import { Session } from 'node:inspector/promises';

/**
 * The names of the functions that are called while `run` runs, by the URL of their module. Counted by V8, so that nothing
 * has to be put between the caller and the function.
 */
export async function calledFunctions(run: () => void): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const wasCalled = ({ ranges }: { ranges: readonly { count: number }[] }): boolean => (ranges[0]?.count ?? 0) > 0;
    return new Map(
      result.map(({ url, functions }) => [
        url,
        new Set(functions.filter(wasCalled).map(({ functionName }) => functionName)),
      ]),
    );
  } finally {
    session.disconnect();
  }
}
