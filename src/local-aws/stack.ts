import type { JsonObject } from '../core/json.ts';
import { createServices } from './all-services.ts';
import { memoryBlobStore, type OwnedBlobStore } from './blob-store.ts';
import type { Control, ControlParts } from './control.ts';
import type { DispatchParts } from './dispatch.ts';
import { Faults } from './faults.ts';
import { RequestLog } from './request-log.ts';
import { invalidScenario, readScenarioFile, type Scenario, scenarioProblems } from './scenario.ts';
import type { Service, World } from './service.ts';
import { openStateFolder, snapshotOf, type StateFolder } from './state-folder.ts';
import { VirtualClock } from './virtual-clock.ts';

const ACCOUNT_ID = '123456789012';

export interface StackOptions {
  /** A scenario, or the path of a file that holds one. */
  scenario?: Scenario | string;
  /** Keeps the state there over restarts; without it, it is lost in the end. Created when it isn't there. */
  stateDir?: string;
  clock?: VirtualClock;
  /** Told what only a bug of the local AWS explains; standard error by default. */
  log?(line: string): void;
}

/** The services and everything that they share: a local AWS without its HTTP server. */
export type Stack = DispatchParts & ControlParts;

/** Throws a DeployError for a scenario that says what no service knows, or a state folder that can't be read. */
export function createStack(options: StackOptions, endpoint: () => string): Stack {
  const clock = options.clock ?? new VirtualClock();
  const folder = options.stateDir === undefined ? undefined : openStateFolder(options.stateDir);
  const blobs = folder?.blobs ?? memoryBlobStore();
  const scenario = { current: {} as Scenario };
  const world: World = {
    accountId: ACCOUNT_ID,
    clock,
    blobs,
    endpoint,
    scenario: (service) => scenario.current[service],
  };
  const services = createServices(world);
  const firstScenario = checkedScenario(options.scenario ?? {}, services);
  scenario.current = firstScenario;
  folder?.load(services, clock);

  const faults = new Faults();
  const log = new RequestLog();
  const writeLog = options.log ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  return {
    world,
    services,
    faults,
    log,
    control: controlOf({ services, clock, blobs, folder, faults, log, scenario, firstScenario }),
    health: () => ({
      status: 'ok',
      account: ACCOUNT_ID,
      endpoint: endpoint(),
      services: services.map(({ name }) => name).toSorted(),
    }),
    scenarioProblems: (wanted) => scenarioProblems(wanted, services),
    applied: () => folder?.save(services, clock),
    bug: (error) => writeLog(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  };
}

interface Controlled {
  services: readonly Service[];
  clock: VirtualClock;
  blobs: OwnedBlobStore;
  folder: StateFolder | undefined;
  faults: Faults;
  log: RequestLog;
  scenario: { current: Scenario };
  firstScenario: Scenario;
}

function controlOf({ services, clock, blobs, folder, faults, log, scenario, firstScenario }: Controlled): Control {
  const saveClock = (): void => folder?.save(services, clock, true);
  return {
    reset() {
      for (const service of services) service.reset();
      blobs.clear();
      faults.clear();
      log.clear();
      clock.reset();
      scenario.current = firstScenario;
      saveClock();
    },
    now: () => clock.now(),
    rate: () => clock.rate(),
    advance(ms) {
      clock.advance(ms);
      saveClock();
    },
    setRate(rate) {
      clock.setRate(rate);
      saveClock();
    },
    scenario: () => scenario.current,
    setScenario(wanted) {
      scenario.current = checkedScenario(wanted, services);
    },
    addFault: (fault) => faults.add({ nth: 1, times: 1, ...fault }),
    clearFaults: () => faults.clear(),
    requests: () => log.all(),
    clearRequests: () => log.clear(),
    waitForRequest: (fits, signal) => log.waitFor(fits, signal),
    state: (): JsonObject => snapshotOf(services),
  };
}

/** The scenario, read when it is given as a path. Throws an invalid-file error when a service doesn't know a part of it. */
function checkedScenario(given: Scenario | string, services: readonly Service[]): Scenario {
  const scenario = typeof given === 'string' ? readScenarioFile(given) : given;
  const problems = scenarioProblems(scenario, services);
  if (problems.length === 0) return scenario;
  throw invalidScenario(typeof given === 'string' ? given : 'scenario', problems.join(' '));
}
