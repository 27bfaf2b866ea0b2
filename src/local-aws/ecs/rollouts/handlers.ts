import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import type { JsonCall } from '../../json-protocol.ts';
import { pageOf } from '../paging.ts';
import { existingService } from '../services/service-record.ts';
import { type EcsState, invalidParameter } from '../state.ts';
import { isInFlight, type ServiceDeploymentRecord } from './deployment-record.ts';
import { deploymentBrief, describedDeployment, describedRevision } from './descriptions.ts';
import type { Engine } from './engine.ts';

const MAX_DESCRIBED = 20;

export function serviceDeploymentHandlers(state: EcsState, engine: Engine) {
  const found = (arn: string | undefined, { region }: JsonCall): ServiceDeploymentRecord => {
    const record = state.region(region).serviceDeployments.get(arn ?? '');
    if (record === undefined) {
      throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
    }
    return record;
  };
  return {
    /** The newest first. */
    ListServiceDeployments(input: ListServiceDeploymentsRequest, call: JsonCall): ListServiceDeploymentsResponse {
      const region = state.region(call.region);
      const { serviceArn } = existingService(region, input.cluster, input.service);
      const { after, before } = input.createdAt ?? {};
      const records = [...region.serviceDeployments.values()].filter(
        (record) =>
          record.serviceArn === serviceArn &&
          (input.status === undefined || input.status.length === 0 || input.status.includes(record.status)) &&
          (after === undefined || record.createdAt > after.getTime()) &&
          (before === undefined || record.createdAt < before.getTime()),
      );
      const keyOf = ({ createdAt, serviceDeploymentArn }: ServiceDeploymentRecord): string =>
        `${String(createdAt).padStart(16, '0')} ${serviceDeploymentArn}`;
      const { items, nextToken } = pageOf(records, keyOf, input, { usual: 20, descending: true });
      return { serviceDeployments: items.map(deploymentBrief), nextToken };
    },

    DescribeServiceDeployments(
      input: DescribeServiceDeploymentsRequest,
      call: JsonCall,
    ): DescribeServiceDeploymentsResponse {
      const { serviceDeployments, services } = state.region(call.region);
      const wanted = checkedArns(input.serviceDeploymentArns, 'serviceDeploymentArns');
      const records = wanted.flatMap((arn) => serviceDeployments.get(arn) ?? []);
      return {
        serviceDeployments: records.map((record) =>
          describedDeployment(state, record, services.get(record.serviceArn)!),
        ),
        failures: missing(wanted, serviceDeployments),
      };
    },

    DescribeServiceRevisions(input: DescribeServiceRevisionsRequest, call: JsonCall): DescribeServiceRevisionsResponse {
      const { serviceRevisions } = state.region(call.region);
      const wanted = checkedArns(input.serviceRevisionArns, 'serviceRevisionArns');
      return {
        serviceRevisions: wanted.flatMap((arn) => serviceRevisions.get(arn) ?? []).map(describedRevision),
        failures: missing(wanted, serviceRevisions),
      };
    },

    /** One that stops or rolls back already goes on with it (developer guide, Stopping Amazon ECS service deployments). */
    StopServiceDeployment(input: StopServiceDeploymentRequest, call: JsonCall): StopServiceDeploymentResponse {
      const { stopType = 'ROLLBACK' } = input;
      if (stopType !== 'ROLLBACK' && stopType !== 'ABORT') {
        throw invalidParameter('stopType must be one of ABORT, ROLLBACK.');
      }
      const record = found(input.serviceDeploymentArn, call);
      if (!isInFlight(record)) {
        throw new AwsError('ConflictException', `The service deployment is in the ${record.status} state.`);
      }
      engine.stopDeployment(record, stopType);
      return { serviceDeploymentArn: record.serviceDeploymentArn };
    },

    ContinueServiceDeployment(
      input: ContinueServiceDeploymentRequest,
      call: JsonCall,
    ): ContinueServiceDeploymentResponse {
      const { action = 'CONTINUE', hookId } = input;
      if (action !== 'CONTINUE' && action !== 'ROLLBACK') {
        throw invalidParameter('action must be one of CONTINUE, ROLLBACK.');
      }
      if (!hookId) throw invalidParameter('hookId can not be blank.');
      const record = found(input.serviceDeploymentArn, call);
      engine.continueDeployment(record, hookId, action);
      return { serviceDeploymentArn: record.serviceDeploymentArn };
    },
  };
}

function checkedArns(arns: string[] | undefined, member: string): string[] {
  if (arns === undefined || arns.length === 0) throw invalidParameter(`${member} can not be empty.`);
  if (arns.length > MAX_DESCRIBED) throw invalidParameter(`${member} can have up to ${MAX_DESCRIBED} elements.`);
  return arns;
}

function missing(arns: readonly string[], known: ReadonlyMap<string, unknown>): { arn: string; reason: string }[] {
  return arns.filter((arn) => !known.has(arn)).map((arn) => ({ arn, reason: 'MISSING' }));
}
