# Installing from Debian. Privately unpacked trees are kept in $cache for the next time.

if [ -n "${COOLCHAT_ENGINES_CACHE:-}" ]; then
  cache=$COOLCHAT_ENGINES_CACHE
elif [ "$(id -u)" = 0 ]; then
  cache=/var/cache/coolchat-engines # not below /root: PostgreSQL runs as somebody else
else
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/coolchat-engines
fi

# require_packages COMMAND PACKAGE...: installs the packages when the command is missing.
require_packages() {
  local command=$1 as_root=() log
  shift
  command -v "$command" >/dev/null && return
  command -v apt-get >/dev/null || fail "$command is missing, and there is no apt-get to install it: $*"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "$command is missing: sudo apt-get install --no-install-recommends $*"
    as_root=(sudo)
  fi
  log=$(mktemp)
  say "installing $*"
  forbid_services
  if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; } >"$log" 2>&1; then
    allow_services
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "could not install $*"
  fi
  allow_services
  rm -f "$log"
}

# Debian starts a service as it installs it, unless a policy forbids it.
forbid_services() {
  policy=
  [ -e /usr/sbin/policy-rc.d ] && return
  policy=/usr/sbin/policy-rc.d
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
  "${as_root[@]}" chmod 755 $policy
}

allow_services() { [ -z "$policy" ] || "${as_root[@]}" rm -f "$policy"; }
