import type { Scalar } from '../node.ts';

/**
 * The pipeline values without `pipeline.`, with what `circleci config process` has for them where it knows no repository
 * (CircleCI-Public/circleci-cli, LocalPipelineValues). Values that it doesn't send are null, as CircleCI has them
 * (CircleCI-Public/expr, pipeline-values.yml, the list that CircleCI calls authoritative).
 */
export const PIPELINE_VALUES: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ['id', '00000000-0000-0000-0000-000000000001'],
  ['number', 1],
  ['name', ''],
  ['in_setup', false],
  ['integration_source', null],
  ['definition.id', null],
  ['project.git_url', ''],
  ['project.slug', null],
  ['project.type', 'github'],
  ['project.url', null],
  ...named('config.', 'file_path repository.name repository.url sha', ''),
  ['config.ref', 'refs/head/master'],
  ['config_source', null],

  ...named('git.', 'tag branch revision base_revision repo_id repo_name repo_owner repo_url ssh_checkout_url', ''),
  ['git.branch.is_default', false],
  ...named('git.commit.', 'author_avatar_url author_email author_login author_name body subject url', ''),
  ...named('vcs.', 'event_type origin_repository_id origin_repository_url repository_url revision', null),
  ...named('vcs.', 'target_repository_id target_repository_url type', null),

  ['trigger_source', 'webhook'],
  ['scheduled_source', null],
  ...named('schedule.', 'id name', ''),
  ['trigger.id', '00000000-0000-0000-0000-000000000001'],
  ...named('trigger.', 'name type', ''),
  ['trigger.received_at', '2020-01-01T00:00:00Z'],
  ...named('deploy.', 'component_name environment_name target_environment_name', ''),
  ...named('deploy.', 'current_version target_version namespace reason', ''),

  ...named('event.', 'name action', ''),
  ...named('event.', 'circleci_actor_id provider_actor_id provider_login context.github.sha', null),
  ['event.context.github.pr_url', ''],
  ...named('event.github.', 'after comment.body head_commit.url label repository.url', ''),
  ...named('event.github.', 'sender.avatar_url sender.type', ''),
  ['event.github.label.name', null],
  ['event.github.ref', 'branch-name'],
  ['event.github.repository.name', 'repo-name'],
  ['event.github.repository.owner.login', 'repo-owner'],
  ['event.github.sender.login', 'user-login'],
  ...named('event.github.pull_request.', 'title url head.sha base.sha', ''),
  ['event.github.pull_request.base.ref', 'base-branch'],
  ['event.github.pull_request.head.ref', 'head-branch'],
  ...named('event.github.pull_request.', 'draft merged', false),
  ['event.github.pull_request.number', 111],

  ['trigger_parameters.circleci.event_time', '2020-01-01T00:00:00Z'],
  ['trigger_parameters.circleci.trigger_type', 'github_app'],
  ['trigger_parameters.circleci.event_type', 'push'],
  ...named('trigger_parameters.circleci.', 'trigger_id config_source_id project_id actor_id', null),
  ['trigger_parameters.webhook.body', ''],
  ['trigger_parameters.github_app.branch', 'main'],
  ['trigger_parameters.github_app.ref', 'refs/heads/master'],
  ['trigger_parameters.github_app.commit_timestamp', '2020-01-01T00:00:00Z'],
  ['trigger_parameters.github_app.total_commits_count', 1],
  ['trigger_parameters.github_app.user_id', '00000000-0000-0000-0000-000000000001'],
  ...named('trigger_parameters.github_app.', 'checkout_sha commit_sha commit_title commit_message', ''),
  ...named('trigger_parameters.github_app.', 'commit_author_name repo_name repo_url web_url', ''),
  ...named('trigger_parameters.github_app.', 'user_avatar user_name user_username', ''),
  ['trigger_parameters.gitlab.commit_sha', ''],
  ['trigger_parameters.gitlab.default_branch', 'main'],
  ['trigger_parameters.gitlab.x_gitlab_event_id', '00000000-0000-0000-0000-000000000001'],
  ['trigger_parameters.gitlab.is_fork_merge_request', false],
  ...named('trigger_parameters.gitlab.', 'branch checkout_sha commit_author_email commit_author_name', null),
  ...named('trigger_parameters.gitlab.', 'commit_message commit_timestamp commit_title project_id ref type', null),
  ...named('trigger_parameters.gitlab.', 'repo_name repo_url web_url', null),
  ...named('trigger_parameters.gitlab.', 'user_id user_name user_avatar user_username', null),
]);

/** What stands below these names comes from events, which have more fields than anybody lists. */
const FREE_FORMS = ['event.', 'trigger_parameters.'];

/** Whether a name without `pipeline.` is one that some pipeline can have a value for. */
export function mayBePipelineValue(name: string): boolean {
  return PIPELINE_VALUES.has(name) || FREE_FORMS.some((prefix) => name.startsWith(prefix));
}

function named(prefix: string, names: string, value: Scalar): readonly (readonly [string, Scalar])[] {
  return names.split(' ').map((name) => [prefix + name, value] as const);
}
