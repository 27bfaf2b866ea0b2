#!/bin/bash
# Installs the aws-deploy CLI that belongs to this version of the orb.
# Nothing of the archive is unpacked or run before its SHA-256 is the one that the orb was published with.

set -euo pipefail

version=$AWS_DEPLOY_CLI_VERSION
archive_url=$AWS_DEPLOY_CLI_URL
archive_sha256=$AWS_DEPLOY_CLI_SHA256
sums_sha256=$AWS_DEPLOY_CLI_SUMS_SHA256
minimum_node=$AWS_DEPLOY_CLI_NODE
timeout=${AWS_DEPLOY_INSTALL_TIMEOUT:-$AWS_DEPLOY_CLI_TIMEOUT}

attempts=3
work=''

main() {
  require_tools
  if [[ -z ${HOME:-} ]]; then
    fail 2 'HOME is not set' 'Set HOME to a folder that the job can write to.'
  fi
  if [[ ! $timeout =~ ^[1-9][0-9]*$ ]]; then
    fail 2 "AWS_DEPLOY_INSTALL_TIMEOUT must be a number of seconds (got: $timeout)" 'Correct it, or remove the variable.'
  fi
  local state="$HOME/.aws-deploy"
  local target="$state/cli/$version-${archive_sha256:0:12}"
  # The record folder must hold something for jobs to persist it, also when they have nothing to say; what two jobs
  # persist must not have one name.
  mkdir -p "$state/cli" "$state/record" || fail 1 "$state can not be written" 'Check the permissions of HOME and the space on the disk.'
  if [[ ${CIRCLE_WORKFLOW_JOB_ID:-} =~ ^[A-Za-z0-9-]+$ ]]; then : >"$state/record/$CIRCLE_WORKFLOW_JOB_ID"; fi

  if is_intact "$target"; then
    echo "aws-deploy $version is installed already and is unchanged"
  else
    trap clean_up EXIT
    work=$(mktemp -d "$state/cli/.install-XXXXXX") || fail 1 "$state/cli can not be written" 'Check its permissions and the space on the disk.'
    download "$work/archive"
    check_archive "$work/archive"
    unpack "$work/archive" "$work/cli"
    put_in_place "$work/cli" "$target"
  fi

  add_to_path "$target/bin"
  local said
  said=$("$target/bin/aws-deploy" --version) || fail 1 'The installed aws-deploy does not start' 'Its message is above. Report it with the image of the executor.'
  echo "aws-deploy $said is in $target"
}

# fail EXIT_CODE WHAT WHAT_TO_DO
fail() {
  printf 'error: %s\n  %s\n' "$2" "$3" >&2
  exit "$1"
}

clean_up() {
  if [[ -n $work ]]; then rm -rf "$work"; fi
}

require_tools() {
  local found
  if ! command -v node >/dev/null; then
    fail 5 'node is not installed in this executor' "Use an executor with Node $minimum_node or later, such as the default executor of the orb."
  fi
  found=$(node --version) || fail 5 'node does not start in this executor' 'Its message is above. Use the default executor of the orb.'
  if ! is_at_least "${found#v}" "$minimum_node"; then
    fail 5 "Node ${found#v} is too old" "Use an executor with Node $minimum_node or later, such as the default executor of the orb."
  fi
  command -v curl >/dev/null || fail 5 'curl is not installed in this executor' 'Install curl in the image, or use the default executor of the orb.'
  command -v tar >/dev/null || fail 5 'tar is not installed in this executor' 'Install tar in the image, or use the default executor of the orb.'
  if ! command -v sha256sum >/dev/null && ! command -v shasum >/dev/null; then
    fail 5 'Neither sha256sum nor shasum is installed in this executor' 'Install coreutils in the image, or use the default executor of the orb.'
  fi
}

# is_at_least VERSION MINIMUM, by major and minor
is_at_least() {
  local major=${1%%.*} minor=${1#*.} minimum_major=${2%%.*} minimum_minor=${2#*.}
  minor=${minor%%.*}
  [[ $major =~ ^[0-9]+$ && $minor =~ ^[0-9]+$ ]] || return 1
  ((major > minimum_major || (major == minimum_major && minor >= minimum_minor)))
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

sha256_of() {
  local line
  line=$(sha256 < "$1") && echo "${line%% *}"
}

# The folder holds exactly the files that SHA256SUMS lists, with their content, and SHA256SUMS is the one of this orb.
is_intact() {
  [[ -f $1/SHA256SUMS && -x $1/bin/aws-deploy ]] || return 1
  [[ $(sha256_of "$1/SHA256SUMS") == "$sums_sha256" ]] || return 1
  local listed present
  listed=$(wc -l < "$1/SHA256SUMS")
  present=$(cd "$1" && find . ! -type d | wc -l)
  ((present == listed + 1)) || return 1
  (cd "$1" && sha256 -c SHA256SUMS) >/dev/null 2>&1
}

# Sets url and curl_options: only the protocol that was asked for, also after a redirect.
choose_source() {
  local mirror=${AWS_DEPLOY_MIRROR:-}
  url=$archive_url
  if [[ -n $mirror ]]; then
    case $mirror in
      *.tar.br | *.tar.br\?*) url=$mirror ;;
      *) url=${mirror%/}/${archive_url##*/} ;;
    esac
  fi
  if [[ $url == https://* ]]; then
    curl_options=(--proto '=https' --location --proto-redir '=https')
  elif [[ $url == file:///* ]]; then
    curl_options=(--proto '=file')
  elif [[ $url =~ ^http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?/ ]]; then
    curl_options=(--proto '=http' --noproxy '*')
  else
    fail 2 "AWS_DEPLOY_MIRROR can not be used: $(without_secrets "$mirror")" 'Give an https:// or file:/// URL of the archive or of its folder. http:// is taken on the loopback interface only.'
  fi
}

download() {
  local url curl_options attempt http_code curl_code curl_says
  choose_source
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    curl_code=0
    # Not curl's --retry: it gives up on a cut connection, and with --retry-all-errors it repeats a 404 as well.
    http_code=$(curl --silent --show-error --fail --globoff "${curl_options[@]}" --connect-timeout 15 --max-time "$timeout" \
      --output "$1" --write-out '%{http_code}' "$url" 2>"$work/curl-says") || curl_code=$?
    if ((curl_code == 0)); then return; fi
    if ! is_worth_repeating "$curl_code" "$http_code"; then break; fi
    if ((attempt < attempts)); then
      echo "Download failed ($(head -n 1 "$work/curl-says")), trying again" >&2
      sleep "$attempt"
    fi
  done
  curl_says=$(head -n 1 "$work/curl-says")
  explain_download "$(without_secrets "$url")" "$curl_code" "$http_code" "$curl_says"
}

# A mirror's URL may carry a password or a signature.
without_secrets() {
  local shown=${1%%\?*}
  if [[ $shown =~ ^([a-z]+://)[^/]*@(.*)$ ]]; then shown="${BASH_REMATCH[1]}${BASH_REMATCH[2]}"; fi
  echo "$shown"
}

# is_worth_repeating CURL_EXIT_CODE HTTP_STATUS
is_worth_repeating() {
  case $1 in
    22) [[ $2 == 5?? || $2 == 408 || $2 == 429 ]] ;;
    1 | 2 | 3 | 4 | 23 | 37 | 60 | 77) return 1 ;;
    *) return 0 ;;
  esac
}

# explain_download URL CURL_EXIT_CODE HTTP_STATUS CURL_MESSAGE
explain_download() {
  local mirror_hint='Where the host can not be reached, set AWS_DEPLOY_MIRROR to a copy of the archive (https:// or file:// URL).'
  case $2 in
    22)
      case $3 in
        404 | 410) fail 5 "The CLI archive does not exist: $1 (HTTP $3)" "Check that version $version was released there. $mirror_hint" ;;
        *) fail 1 "The server refused the CLI archive: $1 (HTTP $3)" "The archive must be readable without credentials. $mirror_hint" ;;
      esac
      ;;
    37) fail 5 "The CLI archive can not be read: $1" 'Check the path in AWS_DEPLOY_MIRROR.' ;;
    3) fail 2 "This is not a URL: $1" 'Correct AWS_DEPLOY_MIRROR. Blanks are written %20.' ;;
    23) fail 1 'The CLI archive can not be stored' 'Check the space on the disk.' ;;
    28) fail 8 "The download of the CLI archive timed out ($timeout s, $attempts times): $1" "Set AWS_DEPLOY_INSTALL_TIMEOUT to more seconds. $mirror_hint" ;;
    18 | 52 | 55 | 56 | 92) fail 1 "The connection was cut while the CLI archive was read: $1 ($4)" "Run the job again. $mirror_hint" ;;
    *) fail 1 "The CLI archive could not be downloaded: $1 ($4)" "$mirror_hint" ;;
  esac
}

check_archive() {
  local actual
  actual=$(sha256_of "$1")
  if [[ $actual != "$archive_sha256" ]]; then
    fail 7 "The CLI archive is not the one that this orb was published with (SHA-256 $actual instead of $archive_sha256)" \
      "Nothing of it was run. Check what $(without_secrets "${AWS_DEPLOY_MIRROR:-$archive_url}") serves for version $version."
  fi
}

unpack() {
  mkdir "$2"
  { decompress "$1" "$1.tar" && tar -xf "$1.tar" -C "$2"; } ||
    fail 1 'The CLI archive could not be unpacked' 'The message is above. Check the space on the disk.'
  is_intact "$2" || fail 7 'The unpacked CLI is not what its checksums say' 'Check the disk and the tar command of the executor, and run the job again.'
}

decompress() {
  node -e 'const [from, to] = process.argv.slice(1), fs = require("fs")
    try { fs.writeFileSync(to, require("zlib").brotliDecompressSync(fs.readFileSync(from))) }
    catch (error) { console.error(error.message); process.exit(1) }' "$1" "$2"
}

# Renames are atomic and never merge two folders; mv would move one into the other.
rename() {
  node -e 'require("fs").renameSync(process.argv[1], process.argv[2])' "$1" "$2" 2>/dev/null
}

# Another step may install at the same time: whoever is first wins, and both end with an intact folder.
put_in_place() {
  if rename "$1" "$2" || is_intact "$2"; then return; fi
  echo "Replacing $2, which was changed after it was installed" >&2
  rename "$2" "$work/changed" || true
  rename "$1" "$2" || is_intact "$2" || fail 1 "$2 can not be replaced" 'Remove it and run the job again.'
}

# Later steps read BASH_ENV; the line is there once, and running it twice adds nothing.
add_to_path() {
  local line quoted
  PATH="$1:$PATH"
  if [[ -z ${BASH_ENV:-} ]]; then
    echo "BASH_ENV is not set: add $1 to PATH yourself"
    return
  fi
  printf -v quoted '%q' "$1"
  # shellcheck disable=SC2016 # expanded by the later step
  printf -v line 'case ":$PATH:" in *:%s:*) ;; *) export PATH=%s:"$PATH" ;; esac' "$quoted" "$quoted"
  if ! grep -qxF -- "$line" "$BASH_ENV" 2>/dev/null; then
    echo "$line" >> "$BASH_ENV"
  fi
}

main
