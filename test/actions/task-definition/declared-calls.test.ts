import { expect, it } from '@jest/globals';
import { registerTaskDefinition } from '../../../src/actions/register-task-definition.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { ON_EC2, withTaskContainer } from '../../support/task-definitions.ts';
import { taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

/** Declared, and no operation of its own. ecs:TagResource is what registering with tags needs. */
const IMPLIED = new Set(['iam:PassRole', 'ecs:TagResource']);

it('register-task-definition makes the calls that it declares, all of them and no others', async () => {
  const { stage, ecs, newest, register } = world();
  const host = new URL(stage.localAws.endpoint).host;
  await stage.register({ cpu: '512', memory: '1024' });
  await ecs.taskDefinitions.tag((await newest()).arn, { 'aws-deploy:rejected': 'now' });
  stage.localAws.control.clearRequests();
  await register(['--family', 'web', '--cpu', '1024', '--memory', '2048']);
  await register(['--family', 'wbe']);
  await register([], { file: withTaskContainer(ON_EC2, { image: `${host}/no/repository:1` }) });
  const called = new Set(operationsOf(stage.localAws));
  const declared = registerTaskDefinition.awsCalls.filter((call) => !IMPLIED.has(call));
  expect([...called].toSorted()).toEqual(declared.toSorted());
});
