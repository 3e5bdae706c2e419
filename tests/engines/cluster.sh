#!/usr/bin/env bash
# The whole cluster on this machine, for development and tests: the engines, 2 chat, 2 processing, user, media and the gateway, each a process
# on 127.0.0.1 with a port of its own.
#
#   cluster.sh up [--owner PID] [DIR]   installs and builds what is missing, starts, waits until all are healthy;
#                                       the last line of standard output is the gateway's address. A new folder when none is named
#   cluster.sh down DIR                 ends all and removes DIR
#
# With --owner everything goes down when that process ends, however it ends. COOLCHAT_CONFIGURATION says which build is started (Debug).
# Other settings are taken by every service from the environment, like Logging__LogLevel__Default=Warning. See README.md beside this file.
set -euo pipefail

for descriptor in 3 4 5 6 7 8 9; do eval "exec $descriptor>&-"; done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
program="$here/cluster.sh"
signal_kill=
export PATH="/usr/bin:/usr/sbin:/bin:/sbin:$PATH"

. "$here/parts/processes.sh"
. "$here/parts/services.sh"

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

verb=${1:-}
[ $# -gt 0 ] && shift
owner=
directory=
while [ $# -gt 0 ]; do
  case $1 in
    --owner) owner=${2:-}; shift 2 ;;
    -*) usage ;;
    *) directory=$1; shift ;;
  esac
done

up() {
  local name addresses
  # Nothing stays behind, neither of a start that fails nor when the owner ends while this runs.
  trap down EXIT
  [ -z "$owner" ] || watch_owner "$owner"
  build_services
  addresses=$("$here/engines.sh" up "$directory/engines")
  read_addresses "$addresses"
  for name in "${services[@]}"; do start_service "$name"; done
  for name in "${services[@]}"; do wait_for_service "$name"; done
  trap - EXIT
  say "the cluster runs in $directory; end it with: $program down $directory"
  address_of gateway
}

down() {
  # All at once: nothing is kept, so nothing has to wait for another.
  local name
  for name in "${services[@]}"; do
    if alive "$name"; then kill "-$signal" "$pid" 2>/dev/null || true; fi
  done
  for name in "${services[@]}"; do end "$name"; done
  "$here/engines.sh" down "$directory/engines"
  # Not oneself, when it is the watch that calls.
  if alive watch && [ "$pid" != $$ ]; then end watch; fi
  rm -rf "$directory"
}

case $verb in
  up)
    [ -n "$directory" ] || directory=$(mktemp -d "${TMPDIR:-/tmp}/coolchat-cluster.XXXXXX")
    open_directory
    up
    ;;
  down)
    [ -n "$directory" ] || usage
    [ -e "$directory" ] || exit 0
    find_directory
    down
    ;;
  *) usage ;;
esac
