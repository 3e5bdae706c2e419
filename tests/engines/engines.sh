#!/usr/bin/env bash
# Real engines for tests, each started privately on 127.0.0.1: own ports, own folders, own processes, no system service touched.
#
#   engines.sh install [--only LIST]                   what is missing, from Debian packages
#   engines.sh up [--only LIST] [--owner PID] DIR      installs, starts; prints KEY=VALUE lines and nothing else to standard output
#   engines.sh stop [--only LIST] [--kill] DIR         ends them and keeps ports and data: the next up starts them where they were
#   engines.sh pause [--only LIST] DIR                 holds their processes up (SIGSTOP), as a frozen machine would; resume lets them go on
#   engines.sh down DIR                                ends all and removes DIR
#
# LIST: comma separated, of redis, rabbitmq, mongodb, s3 (all by default). With --owner everything goes down when that process ends,
# however it ends. See README.md beside this file.
set -euo pipefail

# Children must not hold what the caller holds (locks, pipes).
for descriptor in 3 4 5 6 7 8 9; do eval "exec $descriptor>&-"; done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
program="$here/engines.sh"
all=(redis rabbitmq mongodb s3)
export PATH="/usr/bin:/usr/sbin:/bin:/sbin:$PATH"

. "$here/parts/processes.sh"
. "$here/parts/packages.sh"
. "$here/parts/redis.sh"
. "$here/parts/rabbitmq.sh"
. "$here/parts/mongodb.sh"
. "$here/parts/s3.sh"

usage() {
  sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

verb=${1:-}
[ $# -gt 0 ] && shift
chosen=("${all[@]}")
owner=
signal_kill=
directory=
while [ $# -gt 0 ]; do
  case $1 in
    --only) IFS=, read -ra chosen <<<"${2:-}"; shift 2 ;;
    --owner) owner=${2:-}; shift 2 ;;
    --kill) signal_kill=1; shift ;;
    -*) usage ;;
    *) directory=$1; shift ;;
  esac
done
for engine in "${chosen[@]}"; do
  case " ${all[*]} " in *" $engine "*) ;; *) fail "unknown engine '$engine': one of ${all[*]}" ;; esac
done

case $verb in
  install)
    for engine in "${chosen[@]}"; do "${engine}_install"; done
    ;;
  up)
    [ -n "$directory" ] || usage
    open_directory
    # First of all, so that nothing stays behind even when the owner ends while this runs.
    [ -z "$owner" ] || watch_owner "$owner"
    for engine in "${chosen[@]}"; do "${engine}_install"; done
    for engine in "${chosen[@]}"; do "${engine}_start"; done
    for engine in "${chosen[@]}"; do "${engine}_wait"; done
    for engine in "${chosen[@]}"; do "${engine}_addresses"; done
    ;;
  stop)
    [ -n "$directory" ] || usage
    find_directory
    for engine in "${chosen[@]}"; do "${engine}_stop"; done
    ;;
  pause | resume)
    [ -n "$directory" ] || usage
    find_directory
    for engine in "${chosen[@]}"; do signal_engine "$engine" "$([ "$verb" = pause ] && echo STOP || echo CONT)"; done
    ;;
  down)
    [ -n "$directory" ] || usage
    [ -e "$directory" ] || exit 0
    find_directory
    down
    ;;
  *) usage ;;
esac
