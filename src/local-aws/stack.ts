import type { JsonObject } from '../core/json.ts';
import { createServices } from './all-services.ts';
import { memoryBlobStore, type OwnedBlobStore } from './blob-store.ts';
import { ContainerCredentials } from './container-credentials.ts';
import type { Control, ControlParts } from './control.ts';
import type { DispatchParts } from './dispatch.ts';
import { Faults } from './faults.ts';
import { invoke } from './internal-calls.ts';
import { RequestLog } from './request-log.ts';
import {
  behaviourOf,
  invalidScenario,
  laterScenarioProblems,
  type Scenario,
  type ScenarioFile,
  scenarioProblems,
} from './scenario.ts';
import type { Service, World } from './service.ts';
import { runSetup } from './setup/run-setup.ts';
import { setupCalls, standIns } from './setup/setup-calls.ts';
import { openStateFolder, restoreInto, snapshotOf, type StateFolder } from './state-folder.ts';
import { TrustedIdentities } from './sts/trusted-identities.ts';
import { ClockTimeline } from './timeline.ts';
import { VirtualClock } from './virtual-clock.ts';

const ACCOUNT_ID = '123456789012';

export interface StackOptions {
  scenario?: ScenarioFile;
  /** Keeps the state there over restarts; without it, it is lost in the end. Created when it isn't there. */
  stateDir?: string;
  clock?: VirtualClock;
  /** Told what only a bug of the local AWS explains; standard error by default. */
  log?(line: string): void;
}

/** The services and everything that they share: a local AWS without its HTTP server. */
export type Stack = DispatchParts &
  ControlParts & {
    /**
     * Makes what is there from the start, and lets time begin: called when the server listens, before it answers. Rejects
     * with a DeployError for a call of the scenario's setup that is refused, or a state folder that can't be read.
     */
    start(): Promise<void>;
    /** Ends all that would happen by itself, and what runs outside of this program. */
    stop(): Promise<void>;
  };

/** Throws a DeployError for a scenario that says what no service knows, or a state folder that can't be made. */
export function createStack(options: StackOptions, endpoint: () => string): Stack {
  const clock = options.clock ?? new VirtualClock();
  const folder = options.stateDir === undefined ? undefined : openStateFolder(options.stateDir);
  const blobs = folder?.blobs ?? memoryBlobStore();
  const scenario = { current: {} as Scenario };
  const beginning: Beginning = { blobs: new Set() };
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
    blobs: {
      get: (sha256) => blobs.get(sha256),
      put(bytes) {
        const sha256 = blobs.put(bytes);
        if (!isStarted) beginning.blobs.add(sha256);
        return sha256;
      },
    },
    endpoint,
    scenario: (service) => scenario.current[service],
  };
  const services = createServices(world);
  const file = options.scenario ?? { scenario: {}, from: 'scenario', locate: () => 'scenario' };
  const problems = scenarioProblems(file.scenario, services);
  if (problems.length > 0) throw invalidScenario(file.from, problems.join(' '));
  const firstScenario = behaviourOf(file.scenario);
  scenario.current = firstScenario;
  let isStarted = false;

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
      beginning,
    }),
    async start() {
      await runSetup(file, services, world);
      if (setupCalls(file.scenario).length + standIns(file.scenario).length > 0) {
        beginning.state = snapshotOf(services);
      }
      isStarted = true;
      if (folder?.load(services, clock) === false) folder.save(services, clock);
      timeline.start();
    },
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
    scenarioProblems: (wanted) => laterScenarioProblems(wanted, services),
  };
}

/** What the setup of the scenario has made, and a reset goes back to. */
interface Beginning {
  /** Undefined when there is no setup. */
  state?: JsonObject;
  blobs: Set<string>;
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
  beginning: Beginning;
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
    beginning,
  } = controlled;
  const saveClock = (): void => folder?.save(services, clock, true);
  return {
    reset() {
      timeline.clear();
      timeline.skipWaits(false);
      for (const service of services) service.reset();
      blobs.clear(beginning.blobs);
      containerCredentials.clear();
      identities.forget();
      faults.clear();
      log.clear();
      clock.reset();
      scenario.current = firstScenario;
      if (beginning.state) restoreInto(services, beginning.state);
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
    skipWaits: (skip) => timeline.skipWaits(skip),
    scenario: () => scenario.current,
    setScenario(wanted) {
      const problems = laterScenarioProblems(wanted, services);
      if (problems.length > 0) throw invalidScenario('scenario', problems.join(' '));
      scenario.current = wanted;
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
