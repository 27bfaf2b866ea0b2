import { expect, it } from '@jest/globals';
import { bounded } from '../../src/aws/bounded-call.ts';
import { isAmbiguous } from '../../src/aws/errors.ts';

const never = new Promise<string>(() => undefined);

it('a call that never comes back counts as a broken connection', async () => {
  const error: unknown = await bounded(never, 1).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: 'no answer in 0.001 s' });
  expect(isAmbiguous(error)).toBe(true);
});

it('an answer and an error come through', async () => {
  expect(await bounded(Promise.resolve('x'))).toBe('x');
  await expect(bounded(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
