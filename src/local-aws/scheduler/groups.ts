import type {
  CreateScheduleGroupInput,
  CreateScheduleGroupOutput,
  DeleteScheduleGroupInput,
  GetScheduleGroupInput,
  GetScheduleGroupOutput,
  ListScheduleGroupsInput,
  ListScheduleGroupsOutput,
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-scheduler';

import { AwsError } from '../aws-error.ts';
import { validationException } from '../eventbridge/constraints.ts';
import { pageByKey } from '../eventbridge/key-pages.ts';
import { tagList, withoutTags, withTags } from '../eventbridge/resource-tags.ts';
import type { JsonCall } from '../json-protocol.ts';
import type { ClientTokens } from './client-tokens.ts';
import type { Firing } from './firing.ts';
import {
  DEFAULT_GROUP,
  defaultGroup,
  existingGroup,
  type ScheduleGroup,
  schedulerArn,
  type SchedulerState,
} from './state.ts';
import { constrainNames, NAME } from './validation.ts';

/** AWS's own quota. */
const MAX_GROUPS = 500;

/** Groups of schedules, which alone have tags. A group is gone with its schedules as soon as it is deleted. */
export function groupHandlers(state: SchedulerState, firing: Firing, tokens: ClientTokens) {
  return {
    CreateScheduleGroup(input: CreateScheduleGroupInput, call: JsonCall): CreateScheduleGroupOutput {
      constrainNames(input).check();
      const name = input.Name ?? '';
      refuseDefault(name);
      return tokens.once('CreateScheduleGroup', call, () => {
        const { groups } = state.region(call.region);
        if (groups.has(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
        if (groups.size >= MAX_GROUPS) {
          const message = `You have reached the maximum of ${MAX_GROUPS} schedule groups.`;
          throw new AwsError('ServiceQuotaExceededException', message, 402);
        }
        const Arn = schedulerArn(state.world, call.region, `schedule-group/${name}`);
        const now = call.clock.now().toISOString();
        const tags = withTags({}, input.Tags ?? []);
        groups.set(name, { Arn, Name: name, CreationDate: now, LastModificationDate: now, tags });
        return { ScheduleGroupArn: Arn };
      });
    },

    GetScheduleGroup(input: GetScheduleGroupInput, call: JsonCall): GetScheduleGroupOutput {
      constrainNames(input).check();
      return detailOf(existingGroup(state, call.region, input.Name ?? ''));
    },

    ListScheduleGroups(input: ListScheduleGroupsInput, call: JsonCall): ListScheduleGroupsOutput {
      const { NamePrefix: prefix = '', NextToken: token, MaxResults: limit } = input;
      constrainNames({}).text('namePrefix', input.NamePrefix, NAME).check();
      const all = [defaultGroup(state, call.region), ...state.region(call.region).groups.values()];
      const found = all.filter(({ Name }) => Name.startsWith(prefix));
      const { page, next } = pageByKey(found, ({ Name }) => Name, { limit, token, limitMember: 'maxResults' });
      return { ScheduleGroups: page.map(detailOf), NextToken: next };
    },

    DeleteScheduleGroup(input: DeleteScheduleGroupInput, call: JsonCall): object {
      constrainNames(input).check();
      const name = input.Name ?? '';
      refuseDefault(name);
      return tokens.once('DeleteScheduleGroup', call, () => {
        existingGroup(state, call.region, name);
        const { groups, schedules } = state.region(call.region);
        for (const [key, schedule] of [...schedules]) {
          if (schedule.GroupName !== name) continue;
          schedules.delete(key);
          firing.forget(schedule);
        }
        groups.delete(name);
        return {};
      });
    },

    ListTagsForResource(input: ListTagsForResourceInput, call: JsonCall): ListTagsForResourceOutput {
      return { Tags: tagList(groupOfArn(state, input.ResourceArn, call).tags) };
    },

    TagResource(input: TagResourceInput, call: JsonCall): object {
      const group = groupOfArn(state, input.ResourceArn, call);
      group.tags = withTags(group.tags, input.Tags ?? []);
      return {};
    },

    UntagResource(input: UntagResourceInput, call: JsonCall): object {
      const group = groupOfArn(state, input.ResourceArn, call);
      group.tags = withoutTags(group.tags, input.TagKeys ?? []);
      return {};
    },
  };
}

function refuseDefault(name: string): void {
  if (name === DEFAULT_GROUP) {
    throw validationException(`This operation cannot be performed on schedule group ${DEFAULT_GROUP}.`);
  }
}

function groupOfArn(state: SchedulerState, arn: string | undefined, { region }: JsonCall): ScheduleGroup {
  const name = /:schedule-group\/([0-9a-zA-Z-_.]+)$/.exec(arn ?? '')?.[1];
  if (name === undefined || arn !== schedulerArn(state.world, region, `schedule-group/${name}`)) {
    throw validationException(`Invalid ResourceArn ${arn}: tags belong to a schedule group.`);
  }
  return existingGroup(state, region, name);
}

function detailOf({ Arn, Name, CreationDate, LastModificationDate }: ScheduleGroup): GetScheduleGroupOutput {
  return {
    Arn,
    Name,
    State: 'ACTIVE',
    CreationDate: new Date(CreationDate),
    LastModificationDate: new Date(LastModificationDate),
  };
}
