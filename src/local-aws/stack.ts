import type { JsonObject } from '../core/json.ts';
import { createServices } from './all-services.ts';
import { memoryBlobStore, type OwnedBlobStore } from './blob-store.ts';
import { ContainerCredentials } from './container-credentials.ts';
import type { Control, ControlParts } from './control.ts';
import type { DispatchParts } from './dispatch.ts';
import { Faults } from './faults.ts';
import { invoke } from './internal-calls.ts';
import { RequestLog } from './request-log.ts';
import { invalidScenario, readScenarioFile, type Scenario, scenarioProblems } from './scenario.ts';
import type { Service, World } from './service.ts';
import { openStateFolder, snapshotOf, type StateFolder } from './state-folder.ts';
import { TrustedIdentities } from './sts/trusted-identities.ts';
import { ClockTimeline } from './timeline.ts';
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
export type Stack = DispatchParts &
  ControlParts & {
    /** Lets time begin: called when the server listens. */
    start(): void;
    /** Ends all that would happen by itself, and what runs outside of this program. */
    stop(): Promise<void>;
  };

/** Throws a DeployError for a scenario that says what no service knows, or a state folder that can't be read. */
export function createStack(options: StackOptions, endpoint: () => string): Stack {
  const clock = options.clock ?? new VirtualClock();
  const folder = options.stateDir === undefined ? undefined : openStateFolder(options.stateDir);
  const blobs = folder?.blobs ?? memoryBlobStore();
  const scenario = { current: {} as Scenario };
  const writeLog = options.log ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  const bug = (error: unknown): void =>
    writeLog(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const timeline = new ClockTimeline({ clock, happened: () => folder?.save(services, clock), bug });
  const containerCredentials = new ContainerCredentials({ clock, endpoint });
  const identities = new TrustedIdentities(() => scenario.current['iam']);
  const world: World = {
    accountId: ACCOUNT_ID,
    clock,
    timeline,
    invoke: (call) => invoke(call, dispatchParts),
    containerCredentials,
    identities,
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
  const dispatchParts: DispatchParts = {
    world,
    services,
    faults,
    log,
    applied: () => folder?.save(services, clock),
    bug,
  };
  return {
    ...dispatchParts,
    control: controlOf({
      services,
      clock,
      timeline,
      containerCredentials,
      identities,
      blobs,
      folder,
      faults,
      log,
      scenario,
      firstScenario,
    }),
    start: () => timeline.start(),
    async stop() {
      timeline.stop();
      await Promise.all(services.map(async (service) => service.stop?.()));
    },
    health: () => ({
      status: 'ok',
      account: ACCOUNT_ID,
      endpoint: endpoint(),
      services: services.map(({ name }) => name).toSorted(),
    }),
    scenarioProblems: (wanted) => scenarioProblems(wanted, services),
  };
}

interface Controlled {
  services: readonly Service[];
  clock: VirtualClock;
  timeline: ClockTimeline;
  containerCredentials: ContainerCredentials;
  identities: TrustedIdentities;
  blobs: OwnedBlobStore;
  folder: StateFolder | undefined;
  faults: Faults;
  log: RequestLog;
  scenario: { current: Scenario };
  firstScenario: Scenario;
}

function controlOf(controlled: Controlled): Control {
  const {
    services,
    clock,
    timeline,
    containerCredentials,
    identities,
    blobs,
    folder,
    faults,
    log,
    scenario,
    firstScenario,
  } = controlled;
  const saveClock = (): void => folder?.save(services, clock, true);
  return {
    reset() {
      timeline.clear();
      for (const service of services) service.reset();
      blobs.clear();
      containerCredentials.clear();
      identities.forget();
      faults.clear();
      log.clear();
      clock.reset();
      scenario.current = firstScenario;
      saveClock();
    },
    now: () => clock.now(),
    rate: () => clock.rate(),
    async advance(ms, options) {
      await timeline.advance(ms, options);
      saveClock();
    },
    settled: () => timeline.settled(),
    setRate(rate) {
      clock.setRate(rate);
      saveClock();
    },
    scenario: () => scenario.current,
    setScenario(wanted) {
      scenario.current = checkedScenario(wanted, services);
    },
    identities,
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
