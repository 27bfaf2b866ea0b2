import type { StepHandlers } from '../job/step-handlers.ts';
import { storeArtifacts } from './outputs/artifacts.ts';
import { restoreCache, saveCache } from './cache/cache.ts';
import { checkOut } from './checkout/checkout.ts';
import { storeTestResults } from './outputs/test-results.ts';
import { attachWorkspace, persistToWorkspace } from './workspace/workspace.ts';

/** What carries out the steps that are no command, in folders of this machine. */
export const storageHandlers: StepHandlers = {
  checkout: checkOut,
  persist_to_workspace: (step, world) => persistToWorkspace(step, world),
  attach_workspace: attachWorkspace,
  save_cache: (step, world) => saveCache(step, world),
  restore_cache: restoreCache,
  store_artifacts: storeArtifacts,
  store_test_results: storeTestResults,
};
