/**
 * What runs in a container around the commands of a job, for any POSIX shell. All values are arguments; their variables have
 * names that no job has.
 */

/** Keeps a container alive until the runner closes its input, which also happens when the runner is killed. */
export const KEEP_ALIVE = 'echo ready; while read -r AWS_DEPLOY_LOCAL_LINE; do :; done';

/**
 * Arguments: mark, working directory, and the command. Writes `<mark>+<process id>`, the output of the command, and
 * `<mark>=<exit code>`, or `<mark>!<what is wrong>`. The process id is that of the group of all that the command starts; when
 * it has ended, the rest gets SIGHUP, as on a terminal. `environment` sets variables.
 */
export function commandScript(environment: string): string {
  return `AWS_DEPLOY_LOCAL_MARK=$1 AWS_DEPLOY_LOCAL_FOLDER=$2
shift 2
echo "$AWS_DEPLOY_LOCAL_MARK+$$"
[ -d "$AWS_DEPLOY_LOCAL_FOLDER" ] || mkdir -p "$AWS_DEPLOY_LOCAL_FOLDER" 2>/dev/null
cd "$AWS_DEPLOY_LOCAL_FOLDER" 2>/dev/null || { echo "$AWS_DEPLOY_LOCAL_MARK!folder"; exit; }
unset OLDPWD
${environment}command -v "$1" >/dev/null 2>&1 || { echo "$AWS_DEPLOY_LOCAL_MARK!program"; exit; }
trap : HUP INT TERM
(trap - HUP INT TERM; exec "$@" 2>&1)
AWS_DEPLOY_LOCAL_CODE=$?
trap '' HUP
kill -HUP 0
echo "$AWS_DEPLOY_LOCAL_MARK=$AWS_DEPLOY_LOCAL_CODE"`;
}

/**
 * Arguments: variable and value that all processes of a command have in their environment, the id of its process group, and
 * how many twentieths of a second they may take to end by themselves. Without grep, it is the group alone.
 */
export const STOP = `
found() { for each in $(grep -lszF -e "$1=$2" /proc/[0-9]*/environ 2>/dev/null); do each=\${each#/proc/}; echo "\${each%/environ}"; done; }
alive() { kill -0 "-$3" 2>/dev/null || [ -n "$(found "$1" "$2")" ]; }
tell() { kill "$1" "-$4" $(found "$2" "$3") 2>/dev/null; }
tell -TERM "$1" "$2" "$3"
left=$4
while [ "$left" -gt 0 ] && alive "$1" "$2" "$3"; do sleep 0.05 || break; left=$((left - 1)); done
left=100
while [ "$left" -gt 0 ] && alive "$1" "$2" "$3"; do tell -KILL "$1" "$2" "$3"; sleep 0.05; left=$((left - 1)); done`;

/** Arguments: the folder of the job, and a Node.js. Writes a line `name value` for each thing that is to know of the container. */
export const LOOK_AROUND = `
while read -r key value rest; do
  case $key in Uid:) echo "uid $value";; Gid:) echo "gid $value";; esac
done < /proc/self/status
echo "owner $(set -- $(ls -ldn "$1"); echo "$3")"
echo "host-node $("$2" --version 2>/dev/null)"
node=$(command -v node) && echo "node $("$node" --version 2>/dev/null) $node"
exit 0`;

/** Arguments: user, and the folders that are to belong to it with all that is in them. */
export const GIVE = 'user=$1; shift; chown -hR "$user" -- "$@"';

/**
 * Arguments: group, a folder, and folders below it that both the user of the container and that of the runner write into.
 * What is made there belongs to the group.
 */
export const SHARE = `
group=$1 top=$2; shift 2
chgrp "$group" -- "$top" && chmod g+rwxs -- "$top" && chgrp -R "$group" -- "$@" && chmod -R g+rwX -- "$@" && chmod g+s -- "$@"`;
