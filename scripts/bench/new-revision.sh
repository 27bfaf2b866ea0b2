# A new revision from the active one, as pipelines do it today: new-revision.sh <aws> <job definition> <value of BUILD>
set -euo pipefail
described=$("$1" batch describe-job-definitions --job-definition-name "$2" --status ACTIVE)
active=$(jq '.jobDefinitions | max_by(.revision)' <<<"$described")
next=$(jq --arg build "$3" 'del(.jobDefinitionArn, .revision, .status, .containerOrchestrationType)
  | .containerProperties.environment += [{name: "BUILD", value: $build}]' <<<"$active")
"$1" batch register-job-definition --cli-input-json "$next"
"$1" batch describe-job-definitions --job-definition-name "$2" --status ACTIVE
