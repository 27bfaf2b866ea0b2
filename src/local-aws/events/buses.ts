import type {
  CreateEventBusRequest,
  CreateEventBusResponse,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  ListEventBusesRequest,
  ListEventBusesResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';

import { AwsError } from '../aws-error.ts';
import { Constraints, validationException } from '../eventbridge/constraints.ts';
import { pageByKey } from '../eventbridge/key-pages.ts';
import { tagList, withoutTags, withTags } from '../eventbridge/resource-tags.ts';
import type { JsonCall } from '../json-protocol.ts';
import { busName, DEFAULT_BUS, type EventBus, eventsArn, type EventsState } from './state.ts';

const BUS_NAME = { max: 256, pattern: '[\\.\\-_A-Za-z0-9]+' };

/** Event buses, as far as rules need them: nobody puts events on them. */
export function busHandlers(state: EventsState) {
  return {
    CreateEventBus({ Name, Description, Tags }: CreateEventBusRequest, call: JsonCall): CreateEventBusResponse {
      new Constraints().required('name', Name).text('name', Name, BUS_NAME).check();
      const name = Name!;
      const { buses } = state.region(call.region);
      if (name === DEFAULT_BUS || buses.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      }
      const Arn = eventsArn(state.world, call.region, `event-bus/${name}`);
      buses.set(name, {
        Name: name,
        Arn,
        ...(Description !== undefined && { Description }),
        tags: withTags({}, Tags ?? []),
      });
      return { EventBusArn: Arn };
    },

    DescribeEventBus({ Name }: DescribeEventBusRequest, call: JsonCall): DescribeEventBusResponse {
      const name = busName(state, call.region, Name);
      return state.region(call.region).buses.get(name) ?? defaultBus(state, call.region);
    },

    ListEventBuses(input: ListEventBusesRequest, call: JsonCall): ListEventBusesResponse {
      const { NamePrefix: prefix = '', NextToken: token, Limit: limit } = input;
      const all = [defaultBus(state, call.region), ...state.region(call.region).buses.values()];
      const found = all.filter(({ Name }) => Name.startsWith(prefix));
      const { page, next } = pageByKey(found, ({ Name }) => Name, { limit, token, limitMember: 'limit' });
      return { EventBuses: page, NextToken: next };
    },

    DeleteEventBus({ Name = '' }: DeleteEventBusRequest, call: JsonCall): object {
      if (Name === DEFAULT_BUS) throw validationException('Cannot delete event bus default.');
      const { buses, rules } = state.region(call.region);
      if ([...rules.values()].some(({ EventBusName }) => EventBusName === Name)) {
        throw validationException("Event bus can't be deleted since it has rules.");
      }
      // Deleting what isn't there is no error.
      buses.delete(Name);
      return {};
    },

    ListTagsForResource({ ResourceARN }: ListTagsForResourceRequest, call: JsonCall): ListTagsForResourceResponse {
      return { Tags: tagList(taggedResource(state, ResourceARN, call).tags) };
    },

    TagResource({ ResourceARN, Tags }: TagResourceRequest, call: JsonCall): object {
      const resource = taggedResource(state, ResourceARN, call);
      resource.tags = withTags(resource.tags, Tags ?? []);
      return {};
    },

    UntagResource({ ResourceARN, TagKeys }: UntagResourceRequest, call: JsonCall): object {
      const resource = taggedResource(state, ResourceARN, call);
      resource.tags = withoutTags(resource.tags, TagKeys ?? []);
      return {};
    },
  };
}

/** Nobody made it, and it takes no tags here. */
function defaultBus({ world }: EventsState, region: string): EventBus {
  return { Name: DEFAULT_BUS, Arn: eventsArn(world, region, `event-bus/${DEFAULT_BUS}`), tags: {} };
}

/** A rule or an event bus. Throws AwsError ResourceNotFoundException. */
function taggedResource(
  state: EventsState,
  arn: string | undefined,
  { region }: JsonCall,
): { tags: Record<string, string> } {
  const { buses, rules } = state.region(region);
  const found = [...rules.values(), ...buses.values()].find((resource) => resource.Arn === arn);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`);
  return found;
}
