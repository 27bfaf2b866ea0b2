import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { invalidFile } from '../core/errors.ts';
import { isJsonObject, type JsonObject, stableStringify } from '../core/json.ts';
import { folderBlobStore, type OwnedBlobStore, writeWhole } from './blob-store.ts';
import type { Service } from './service.ts';
import type { VirtualClock } from './virtual-clock.ts';

const SCHEMA = 'aws-deploy/local-aws-state@1';

/** Keeps the local AWS over restarts: `state.json` for what there is, `blobs/` for bytes. */
export interface StateFolder {
  blobs: OwnedBlobStore;
  /**
   * Puts what the folder holds into the services, in the place of what they have. False when it holds nothing yet. Throws
   * an invalid-file error when it can't be read.
   */
  load(services: readonly Service[], clock: VirtualClock): boolean;
  /** Writes the state when it differs from what was written last; a clock that was set is a difference that only its owner knows. */
  save(services: readonly Service[], clock: VirtualClock, clockWasSet?: boolean): void;
}

export function openStateFolder(folder: string): StateFolder {
  const file = join(folder, 'state.json');
  const blobs = openBlobs(folder);
  let written = '';
  return {
    blobs,
    load(services, clock) {
      if (!existsSync(file)) return false;
      const state = readState(file);
      const aheadMs = Number(state['clockAheadMs'] ?? 0);
      if (aheadMs > 0) clock.advance(aheadMs);
      for (const service of services) service.reset();
      try {
        restoreInto(services, isJsonObject(state['services']) ? state['services'] : {});
      } catch (error) {
        throw invalidState(file, (error as Error).message);
      }
      return true;
    },
    save(services, clock, clockWasSet = false) {
      const snapshot = snapshotOf(services);
      const text = stableStringify(snapshot);
      if (text === written && !clockWasSet) return;
      const clockAheadMs = Math.round(clock.now().getTime() - Date.now());
      writeWhole(file, stableStringify({ schema: SCHEMA, clockAheadMs, services: snapshot }));
      written = text;
    },
  };
}

function openBlobs(folder: string): OwnedBlobStore {
  try {
    return folderBlobStore(join(folder, 'blobs'));
  } catch (error) {
    const why = `${folder}: ${(error as Error).message}`;
    throw invalidFile('The state folder of the local AWS can not be made', why, [
      'Name a folder that can be written to with --state, or leave --state out.',
    ]);
  }
}

/** What every service holds, by its name. */
export function snapshotOf(services: readonly Service[]): JsonObject {
  return Object.fromEntries(services.map((service) => [service.name, service.snapshot()]));
}

/** Puts what `snapshotOf` gave into services that are empty. Throws an error that names the part which is wrong. */
export function restoreInto(services: readonly Service[], snapshots: JsonObject): void {
  for (const service of services) {
    const snapshot = snapshots[service.name];
    if (snapshot === undefined) continue;
    try {
      service.restore(snapshot);
    } catch (error) {
      throw new Error(`The part "${service.name}": ${(error as Error).message}`, { cause: error });
    }
  }
}

function readState(file: string): JsonObject {
  let state: unknown;
  try {
    state = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalidState(file, (error as Error).message);
  }
  if (!isJsonObject(state) || state['schema'] !== SCHEMA) {
    throw invalidState(file, `Its "schema" is not "${SCHEMA}".`);
  }
  return state;
}

function invalidState(file: string, why: string): Error {
  return invalidFile('The state folder of the local AWS cannot be read', `${file}: ${why}`, [
    'Name another folder with --state, or delete this one to start empty.',
  ]);
}
