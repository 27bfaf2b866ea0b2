import type { RecordEntry } from '../../circleci/release-record.ts';
import type { JsonObject } from '../../core/json.ts';
import { chooseContainer, containerAt, containerSlots, imageOf } from '../../plan/job-definition/containers.ts';
import { editDefinition, type DefinitionEdits } from '../../plan/job-definition/edit.ts';
import {
  chooseImages,
  chooseScript,
  scriptContainer,
  type ImageChoice,
  type ScriptLocation,
} from './release-inputs.ts';

/** What a release changes in a definition. What is not given stays, or comes from the release record. */
export interface DefinitionChanges extends DefinitionEdits {
  container: string | undefined;
  script: ScriptLocation | undefined;
}

export interface ChangeSources {
  /** What earlier actions of the workflow left. */
  record: readonly RecordEntry[];
  /** An image by digest where its registry can be asked. */
  resolveImage(image: string): Promise<string>;
  /** In a file, tags of images that are not replaced are resolved too; what is carried forward stays as it runs now. */
  resolveAll: boolean;
}

/** The definition with everything that a release changes. The same changes made twice give the same definition. */
export async function applyChanges(
  base: JsonObject,
  changes: DefinitionChanges,
  sources: ChangeSources,
): Promise<JsonObject> {
  const slots = containerSlots(base);
  const { container: wanted, image, environment, removeEnvironment, ...plainEdits } = changes;
  const chosen: ImageChoice[] =
    image === undefined
      ? chooseImages(base, slots, wanted, sources.record)
      : [{ slot: chooseContainer(slots, wanted), image }];
  const kept = slots.filter((slot) => sources.resolveAll && !chosen.some((choice) => choice.slot === slot));
  let definition = base;
  for (const choice of [...chosen, ...kept.map((slot) => ({ slot, image: imageOf(base, slot) }))]) {
    if (choice.image === undefined) continue;
    definition = editDefinition(definition, choice.slot, { image: await sources.resolveImage(choice.image) });
  }

  const script = changes.script ?? recordedScript(definition, wanted, sources.record);
  if (script) {
    const { type: BATCH_FILE_TYPE, s3Url: BATCH_FILE_S3_URL, sha256: BATCH_FILE_SHA256 } = script;
    definition = editDefinition(definition, scriptContainer(definition, slots, wanted), {
      environment: { BATCH_FILE_TYPE, BATCH_FILE_S3_URL, BATCH_FILE_SHA256 },
    });
  }
  if (Object.keys(environment ?? {}).length > 0 || (removeEnvironment ?? []).length > 0) {
    definition = editDefinition(definition, chooseContainer(slots, wanted), { environment, removeEnvironment });
  }
  return editDefinition(definition, undefined, plainEdits);
}

function recordedScript(
  definition: JsonObject,
  wanted: string | undefined,
  record: readonly RecordEntry[],
): ScriptLocation | undefined {
  if (!record.some(({ action }) => action === 'upload-script')) return undefined;
  return chooseScript(containerAt(definition, scriptContainer(definition, containerSlots(definition), wanted)), record);
}
