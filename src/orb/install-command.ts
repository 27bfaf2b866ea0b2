import type { Command, Script } from './orb-model.ts';
import { archiveUrl, type ArchiveFacts, minimumNode, type PackageFacts } from './package-facts.ts';

const TIMEOUT_SECONDS = 60;

/** Environment variables that a project or context may set for the installation. */
export const INSTALL_ENVIRONMENT = [
  {
    name: 'AWS_DEPLOY_MIRROR',
    description:
      'Another place to get the CLI archive from: an https:// or file:/// URL of the archive, or of the folder that holds it. http:// is taken on the loopback interface only. The archive is checked all the same.',
  },
  {
    name: 'AWS_DEPLOY_INSTALL_TIMEOUT',
    description: `Seconds that one attempt to download may take; there are three. Default: ${TIMEOUT_SECONDS}.`,
  },
] as const;

/** Exit codes of the installation, as the script gives them. */
export const INSTALL_EXIT_CODES = [
  { code: 1, meaning: 'It could not be written or unpacked, or the connection failed.' },
  { code: 2, meaning: 'A setting can not be used.' },
  { code: 5, meaning: 'The archive does not exist, or the executor lacks a tool (or its Node is too old).' },
  { code: 7, meaning: 'The archive is not the one that the orb was published with. Nothing of it was run.' },
  { code: 8, meaning: 'The download timed out.' },
] as const;

/** The command that puts the CLI of exactly this version on the PATH; its hashes are part of the orb. */
export function installCommand(facts: PackageFacts, archive: ArchiveFacts, script: Script): Command {
  return {
    name: 'install',
    description: [
      'Install the aws-deploy CLI that belongs to this version of the orb, and put it on the PATH of later steps.',
      'The SHA-256 of the archive is part of the orb and is checked before anything of it is unpacked or run. When the CLI is there already and its files are unchanged, nothing is downloaded.',
      ...INSTALL_ENVIRONMENT.map(({ name, description }) => `${name}: ${description}`),
    ].join('\n\n'),
    parameters: [],
    steps: [
      {
        kind: 'run',
        name: 'Install aws-deploy',
        environment: {
          AWS_DEPLOY_CLI_VERSION: facts.version,
          AWS_DEPLOY_CLI_URL: archiveUrl(facts, archive),
          AWS_DEPLOY_CLI_SHA256: archive.sha256,
          AWS_DEPLOY_CLI_SUMS_SHA256: archive.sumsSha256,
          AWS_DEPLOY_CLI_NODE: minimumNode(facts),
          AWS_DEPLOY_CLI_TIMEOUT: String(TIMEOUT_SECONDS),
        },
        command: script,
      },
    ],
  };
}
