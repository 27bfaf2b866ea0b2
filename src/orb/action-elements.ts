import { recordParams } from '../actions/common-params.ts';
import type { Action } from '../actions/define-action.ts';
import { orbName } from '../params/names.ts';
import { actionEnvironment, actionParameters } from './action-parameters.ts';
import type { Command, Job, Step } from './orb-model.ts';
import { parameterValue, whenParameter } from './orb-model.ts';
import { attachWorkspace, auth, checkout, executor, noOutputTimeout, remoteDocker } from './step-parameters.ts';

/** Where the CLI keeps what must survive the step, outside of the checkout so that no image build picks it up. */
const STATE_FOLDER = '~/.aws-deploy';

/** Apart from the job's own record, so that no job persists what another has persisted. */
const ATTACHED = `${STATE_FOLDER}/attached`;

/** The command of an action: one step, whose values travel in its environment and whose shell text is constant. */
export function actionCommand(action: Action): Command {
  return {
    name: orbName(action.name),
    description: paragraphs(action, 'Needs the install command earlier in the same job.'),
    parameters: [...actionParameters(action), noOutputTimeout],
    steps: [
      {
        kind: 'run',
        name: stepName(action),
        environment: {
          AWS_DEPLOY_ORB: '1',
          AWS_DEPLOY_PIPELINE_NUMBER: '<< pipeline.number >>',
          ...actionEnvironment(action),
        },
        noOutputTimeout: parameterValue(noOutputTimeout.name),
        command: `aws-deploy ${action.name}`,
      },
    ],
  };
}

/** The job of an action: its command with everything around it that a job needs. */
export function actionJob(action: Action): Job {
  const own = actionParameters(action);
  const jobWide = [executor, auth, checkout, attachWorkspace(readsRecord(action))];
  return {
    name: orbName(action.name),
    description: paragraphs(action),
    parameters: [...own, ...jobWide, ...(action.builds ? [remoteDocker] : []), noOutputTimeout],
    executor: parameterValue(executor.name),
    steps: [
      whenParameter('checkout', [{ kind: 'checkout' }]),
      whenParameter('attach_workspace', [{ kind: 'attach_workspace', at: ATTACHED }]),
      { kind: 'call', command: 'install', arguments: {} },
      { kind: 'parameter', parameter: auth.name },
      ...(action.builds ? [whenParameter(remoteDocker.name, [{ kind: 'setup_remote_docker' }])] : []),
      commandCall(action, [...own.map(({ name }) => name), noOutputTimeout.name]),
      { kind: 'persist_to_workspace', root: STATE_FOLDER, paths: ['record'] },
    ],
  };
}

function commandCall(action: Action, names: readonly string[]): Step {
  const values = names.map((name) => [name, parameterValue(name)] as const);
  return { kind: 'call', command: orbName(action.name), arguments: Object.fromEntries(values) };
}

function readsRecord(action: Action): boolean {
  return Object.keys(recordParams).every((name) => name in action.params);
}

function paragraphs(action: Action, ...more: string[]): string {
  return [action.summary, ...(action.details ?? []), ...more].join('\n\n');
}

function stepName(action: Action): string {
  const words = action.name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
