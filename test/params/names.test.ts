import { describe, expect, it } from '@jest/globals';
import { flagName, orbName, orbVariable, outputVariable } from '../../src/params/names.ts';

describe('one name, spelled for each place', () => {
  it.each([
    ['image', 'image', '--image', 'ORB_IMAGE', 'AWS_DEPLOY_IMAGE'],
    [
      'jobDefinitionName',
      'job_definition_name',
      '--job-definition-name',
      'ORB_JOB_DEFINITION_NAME',
      'AWS_DEPLOY_JOB_DEFINITION_NAME',
    ],
    [
      'batchFileS3Url',
      'batch_file_s3_url',
      '--batch-file-s3-url',
      'ORB_BATCH_FILE_S3_URL',
      'AWS_DEPLOY_BATCH_FILE_S3_URL',
    ],
    [
      'batchFileSha256',
      'batch_file_sha256',
      '--batch-file-sha256',
      'ORB_BATCH_FILE_SHA256',
      'AWS_DEPLOY_BATCH_FILE_SHA256',
    ],
  ])('%s', (name, orb, flag, variable, output) => {
    expect([orbName(name), flagName(name), orbVariable(name), outputVariable(name)]).toEqual([
      orb,
      flag,
      variable,
      output,
    ]);
  });

  it('turns the kebab-case name of an action into that of its orb command', () => {
    expect(orbName('register-job-definition')).toBe('register_job_definition');
  });
});
