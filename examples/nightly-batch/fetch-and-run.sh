#!/bin/sh
# Runs a job script that lies in S3, in a container of AWS Batch. It is the ENTRYPOINT; its arguments go to the script.
#
#   BATCH_FILE_TYPE    script or zip; of a zip, the first argument names the file in it to run
#   BATCH_FILE_S3_URL  s3://bucket/key
#   BATCH_FILE_SHA256  of that object, in hex. What has another hash is never run.
#
# The exit code is the script's own, or 143 after SIGTERM and 130 after SIGINT while there is no script yet, or:
#
#   20x, stays as it is:  200 wrong or missing variable   201 a program is missing   202 no credentials   203 not allowed
#                         204 not there   205 refused otherwise   206 other SHA-256   207 not runnable   208 no folder
#   21x, try again later: 210 no credentials to be had   211 no answer from S3
#
# The image needs sh, curl 7.88 or later, sha256sum and the usual small programs (cat, chmod, mkdir, mktemp, mv, od, rm, sed,
# sleep, tr), and unzip for a zip. TMPDIR, or else /tmp, must be writable, and programs in it must be allowed to run.
#
# Variables begin with "_": whatever the job has set under another name must reach the script as it is.
set -u

_attempts=${AWS_MAX_ATTEMPTS:-5}
_pause=${BATCH_FILE_RETRY_SECONDS:-1}
_work=
_child=
_stop=
_signals=0
_line_break='
'

say() { printf 'fetch-and-run: %s\n' "$*" >&2; }

fail() {
  _code=$1
  shift
  say "$*"
  exit "$_code"
}

# --- Signals. A shell acts on one between two commands or while it waits, so all that takes time runs in the background.

# shellcheck disable=SC2317 # the traps call it
on_signal() {
  _stop=$1
  _signals=$((_signals + 1))
  # To a script, SIGINT goes on as SIGTERM: a shell starts what runs in the background with SIGINT ignored.
  [ -z "$_child" ] || kill -TERM "$_child" 2>/dev/null
}

trap '[ -z "$_work" ] || rm -rf "$_work"' EXIT
trap 'on_signal 143' TERM
trap 'on_signal 130' INT
trap 'on_signal 129' HUP

# Waits for the last command that was started in the background, and sets _code to its exit code.
await_child() {
  _child=$!
  # The signal may have come before the child had a name.
  [ -z "$_stop" ] || kill -TERM "$_child" 2>/dev/null
  _code=127
  while :; do
    _before=$_signals
    _result=0
    # A signal ends "wait", not the child: then there is more to wait for.
    wait "$_child" || _result=$?
    # 127: it was waited for already, and _code has what came of it.
    [ "$_result" -eq 127 ] || _code=$_result
    [ "$_before" -ne "$_signals" ] || break
  done
  _child=
}

stop_if_asked() { [ -z "$_stop" ] || fail "$_stop" 'stopped before the script was started'; }

# --- What is asked for

check_request() {
  case ${BATCH_FILE_TYPE-} in
    script) ;;
    zip)
      case ${1-} in
        '') fail 200 'of a zip, the first argument must name the file in it to run' ;;
        /* | ../* | */../* | */..) fail 200 "not a file of the zip: $1" ;;
      esac
      ;;
    *) fail 200 "BATCH_FILE_TYPE must be script or zip (it is \"${BATCH_FILE_TYPE-}\")" ;;
  esac
  _path=${BATCH_FILE_S3_URL-}
  _path=${_path#s3://}
  _bucket=${_path%%/*}
  _key=${_path#*/}
  case ${BATCH_FILE_S3_URL-} in
    # curl would shorten a path with dots in it.
    *"$_line_break"* | */ | */. | */.. | */./* | */../*) _bucket= ;;
    s3://?*/?*) ;;
    *) _bucket= ;;
  esac
  case $_bucket in *[!A-Za-z0-9._-]*) _bucket= ;; esac
  [ -n "$_bucket" ] || fail 200 "BATCH_FILE_S3_URL must be s3://bucket/key (it is \"${BATCH_FILE_S3_URL-}\")"
  _sha256=${BATCH_FILE_SHA256-}
  case $_sha256 in
    '') fail 200 'BATCH_FILE_SHA256 is not set, and nothing is run whose hash is not known' ;;
    *[!0-9a-f]*) _sha256= ;;
  esac
  [ ${#_sha256} -eq 64 ] || fail 200 "BATCH_FILE_SHA256 must be 64 digits of lower-case hex (it is \"$BATCH_FILE_SHA256\")"
  # Fargate sets it and EC2 does not; from us-east-1, S3 sends on to any other.
  _region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
  case $_region in *[!a-z0-9-]*) fail 200 "AWS_REGION is not the name of a region: \"$_region\"" ;; esac
  for _number in "$_attempts" "$_pause"; do
    case $_number in '' | *[!0-9]* | 0?*) fail 200 'AWS_MAX_ATTEMPTS and BATCH_FILE_RETRY_SECONDS must be numbers' ;; esac
  done
}

check_programs() {
  for _program in curl od sed sha256sum tr $([ "$BATCH_FILE_TYPE" != zip ] || echo unzip); do
    command -v "$_program" >/dev/null || fail 201 "$_program is missing in this image"
  done
  _version=$(curl --version | sed -n '1s/^curl \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  [ "${_version% *}" -gt 7 ] || [ "${_version#* }" -ge 88 ] ||
    fail 201 "curl ${_version% *}.${_version#* } is too old: 7.88 is the first that signs all that S3 wants signed"
}

# --- HTTP

# An entry of a curl configuration. curl reads it from a pipe, because everybody can read a command line.
setting() {
  case $2 in *"$_line_break"*) fail 202 "a line break in what curl is to take as $1" ;; esac
  printf '%s = "%s"\n' "$1" "$(printf '%s' "$2" | sed 's/["\\]/\\&/g')"
}

# request CONFIGURATION: sets _status to the HTTP status (000: no answer), and leaves $_work/body and $_work/headers.
request() {
  rm -f "$_work/body" "$_work/headers"
  printf '%s\n' "$1" | curl -q --silent --show-error --globoff --connect-timeout 5 --speed-time 30 --speed-limit 1 \
    --output "$_work/body" --dump-header "$_work/headers" --write-out '%{http_code}' --config - \
    >"$_work/status" 2>"$_work/error" &
  await_child
  stop_if_asked
  _status=$(cat "$_work/status")
  # An answer that was cut off is none.
  [ "$_code" -eq 0 ] || _status=000
}

# One line on the last request, without the parts of S3's answer that repeat the signature and the session token.
outcome() {
  if [ "$_status" = 000 ]; then
    tr '\n' ' ' <"$_work/error"
  else
    printf 'HTTP %s %s' "$_status" "$(xml_text Code) $(xml_text Message)"
  fi
}

xml_text() { tr '\n' ' ' 2>/dev/null <"$_work/body" | sed -n "s/.*<$1>\([^<]*\)<\/$1>.*/\1/p"; }

# pause_before ATTEMPT REASON: the pauses double, and vary so that the jobs of an array do not all come back at once.
pause_before() {
  _seconds=$_pause
  _doubled=2
  while [ "$_doubled" -lt "$1" ]; do
    _seconds=$((_seconds * 2))
    _doubled=$((_doubled + 1))
  done
  _random=$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')
  _seconds=$((_seconds + _random % (_seconds + 1)))
  say "$2; attempt $1 of $_attempts in $_seconds s"
  sleep "$_seconds" &
  await_child
  stop_if_asked
}

# --- Credentials: those of the environment, or of the job role as AWS hands them to a container

# Sets _access_key, _secret_key and _session_token. Returns 1, with _problem set, when they may come later.
find_credentials() {
  if [ -n "${AWS_ACCESS_KEY_ID-}" ] && [ -n "${AWS_SECRET_ACCESS_KEY-}" ]; then
    _access_key=$AWS_ACCESS_KEY_ID _secret_key=$AWS_SECRET_ACCESS_KEY _session_token=${AWS_SESSION_TOKEN-}
    return 0
  fi
  if [ -n "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI-}" ]; then
    _url=http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  else
    _url=${AWS_CONTAINER_CREDENTIALS_FULL_URI-}
  fi
  # The hosts that AWS's own SDKs take without TLS: the loopback interface, and the agents of ECS and EKS.
  case $_url in
    http://*@*) fail 202 'the URL of the credentials must not hold a user' ;;
    '') fail 202 'no credentials: give the job definition a jobRoleArn that allows s3:GetObject' ;;
    https://*) ;;
    http://127.0.0.1[:/]* | http://localhost[:/]* | "http://[::1]"[:/]*) ;;
    http://169.254.170.2/* | http://169.254.170.23/* | "http://[fd00:ec2::23]/"*) ;;
    *) fail 202 'AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https URL, or of the loopback, ECS or EKS address' ;;
  esac
  _token=${AWS_CONTAINER_AUTHORIZATION_TOKEN-}
  if [ -n "${AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE-}" ]; then
    _token=$(cat "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") || fail 202 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE can not be read'
  fi
  _configuration=$(
    setting url "$_url"
    setting noproxy '*'
    [ -z "$_token" ] || setting header "Authorization: $_token"
  ) || exit
  request "$_configuration"
  case $_status in
    200) ;;
    000 | 408 | 429 | 5??) _problem="no credentials yet: $(outcome)" && return 1 ;;
    *) fail 202 "no credentials: their endpoint answered HTTP $_status" ;;
  esac
  _access_key=$(json_text AccessKeyId) _secret_key=$(json_text SecretAccessKey) _session_token=$(json_text Token)
  rm -f "$_work/body"
  _problem='no credentials yet: the answer of their endpoint is not complete'
  [ -n "$_access_key" ] && [ -n "$_secret_key" ] && [ -n "$_session_token" ]
}

json_text() { tr -d '\n' <"$_work/body" | sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' | sed 's,\\/,/,g'; }

# --- S3

# The key as it is signed: everything but letters, digits and - . _ ~ / as %XX.
encoded_key() {
  LC_ALL=C
  _rest=$_key
  while [ -n "$_rest" ]; do
    _tail=${_rest#?}
    _char=${_rest%"$_tail"}
    _rest=$_tail
    case $_char in
      [A-Za-z0-9._~/-]) printf '%s' "$_char" ;;
      *) printf '%s' "$_char" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F | sed 's/../%&/g' ;;
    esac
  done
}

object_url() {
  case $_region in cn-*) _domain=amazonaws.com.cn ;; *) _domain=amazonaws.com ;; esac
  _endpoint=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL:-https://s3.$_region.$_domain}}
  printf '%s/%s/%s' "${_endpoint%/}" "$_bucket" "$(encoded_key)"
}

# S3 wants the hash of the request's body, which not every curl computes by itself.
_empty_sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

get_object() {
  _configuration=$(
    setting url "$(object_url)"
    setting aws-sigv4 "aws:amz:$_region:s3"
    setting user "$_access_key:$_secret_key"
    setting header "x-amz-content-sha256: $_empty_sha256"
    [ -z "$_session_token" ] || setting header "x-amz-security-token: $_session_token"
  ) || exit
  request "$_configuration"
}

# One attempt: returns 1, with _problem and _code_later set, for what may be better the next time.
try_fetch() {
  _code_later=210
  find_credentials || return 1
  get_object
  [ "$_status" != 200 ] || return 0
  # S3 says where the bucket is, whatever else it says.
  _home=$(tr 'A-Z\r' 'a-z ' 2>/dev/null <"$_work/headers" | sed -n 's/^x-amz-bucket-region: *\([a-z0-9-]*\) *$/\1/p')
  if [ -n "$_home" ] && [ "$_home" != "$_region" ]; then
    say "the bucket is in $_home, not in $_region"
    _region=$_home
    get_object
    [ "$_status" != 200 ] || return 0
  fi
  _code_later=211
  _problem="$BATCH_FILE_S3_URL could not be fetched: $(outcome)"
  case $_status:$(xml_text Code) in
    000:* | 408:* | 429:* | 5??:* | 400:ExpiredToken | 400:RequestTimeout) return 1 ;;
    401:* | 403:*) fail 203 "$_problem (the job role must allow s3:GetObject on it)" ;;
    404:*) fail 204 "$_problem" ;;
    *) fail 205 "$_problem" ;;
  esac
}

fetch() {
  _attempt=1
  until try_fetch; do
    _attempt=$((_attempt + 1))
    [ "$_attempt" -le "$_attempts" ] || fail "$_code_later" "$_problem; given up after $_attempts attempts"
    pause_before "$_attempt" "$_problem"
  done
  _found=$(sha256sum <"$_work/body")
  _found=${_found%% *}
  [ "$_found" = "$_sha256" ] ||
    fail 206 "$BATCH_FILE_S3_URL has the SHA-256 $_found, and BATCH_FILE_SHA256 is $_sha256: nothing was run"
  say "fetched $BATCH_FILE_S3_URL, SHA-256 as expected"
}

# --- Main

check_request "$@"
check_programs
_umask=$(umask)
umask 077
_work=$(mktemp -d "${TMPDIR:-/tmp}/fetch-and-run.XXXXXXXXXX") || fail 208 "no folder can be made in ${TMPDIR:-/tmp}"
fetch

mkdir "$_work/job"
if [ "$BATCH_FILE_TYPE" = zip ]; then
  unzip -q "$_work/body" -d "$_work/job" >&2 || fail 207 "$BATCH_FILE_S3_URL can not be unpacked"
  _script=$_work/job/$1
  shift
  cd "$_work/job" || fail 208 "$_work/job can not be entered"
  [ -f "$_script" ] || fail 207 "there is no ${_script#"$_work/job/"} in $BATCH_FILE_S3_URL"
else
  _script=$_work/job/${_key##*/}
  mv "$_work/body" "$_script"
fi
chmod u+x "$_script"
umask "$_umask"

stop_if_asked
"$_script" "$@" &
await_child
exit "$_code"
