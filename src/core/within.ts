/**
 * What the work comes to; undefined when that takes longer than `ms` milliseconds. For bounds of the process itself: it
 * is real time, whatever clock there is.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
