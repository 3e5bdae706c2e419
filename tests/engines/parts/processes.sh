# Processes, ports and folders of one running set of engines.
#
#   DIR/.coolchat-engines   marks the folder as ours: only such a folder is ever removed
#   DIR/run/NAME.pid        "pid, start time of that pid, signal that ends it": a recycled pid is never touched
#   DIR/run/NAME.port       ports stay the same when an engine is stopped and started again
#   DIR/log/NAME.log        what it wrote

say() { echo "engines: $*" >&2; }

fail() { say "$*"; exit 1; }

# The folder may be new or ours. Others may pass through it: PostgreSQL refuses to run as root and runs as nobody then.
open_directory() {
  if [ -e "$directory" ] && [ ! -e "$directory/.coolchat-engines" ] && [ -n "$(ls -A "$directory")" ]; then
    fail "$directory holds something else"
  fi
  mkdir -p "$directory/run" "$directory/log"
  : >"$directory/.coolchat-engines"
  directory=$(cd "$directory" && pwd)
  chmod 711 "$directory"
  # One at a time for one folder.
  exec 9>"$directory/.coolchat-engines"
  flock 9
}

find_directory() {
  [ -e "$directory/.coolchat-engines" ] || fail "$directory is no folder of engines"
  directory=$(cd "$directory" && pwd)
}

# free_port NAME: sets $port, from below the range that outgoing connections take theirs from.
free_port() {
  local file="$directory/run/$1.port"
  if [ -e "$file" ]; then
    port=$(<"$file")
    return
  fi
  for _ in $(seq 100); do
    port=$((10000 + (RANDOM * 32768 + RANDOM) % 22000))
    if ! listening "$port" && ! grep -qsx "$port" "$directory"/run/*.port; then
      echo "$port" >"$file"
      return
    fi
  done
  fail "no free port found"
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The time a process started at, in clock ticks; the name in the second field may hold blanks.
started_at() { sed -E 's/^.*\) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# start NAME SIGNAL COMMAND...: in a session of its own, without our descriptors.
start() {
  local name=$1 signal=$2
  shift 2
  setsid "$@" </dev/null >>"$directory/log/$name.log" 2>&1 9>&- &
  echo "$! $(started_at $!) $signal" >"$directory/run/$name.pid"
}

# alive NAME: sets $pid and $signal when it runs.
alive() {
  local began
  [ -e "$directory/run/$1.pid" ] || return 1
  read -r pid began signal <"$directory/run/$1.pid"
  [ -n "$began" ] && [ "$(started_at "$pid")" = "$began" ] && ! grep -q ') Z' "/proc/$pid/stat"
}

# end NAME: by its signal, then by force, with all that it started.
end() {
  if alive "$1"; then
    if [ -n "$signal_kill" ]; then
      kill -KILL -- "-$pid" 2>/dev/null || true
    else
      kill "-$signal" "$pid" 2>/dev/null || true
      # One that is held up hears it only when it goes on.
      kill -CONT -- "-$pid" 2>/dev/null || true
      for _ in $(seq 300); do alive "$1" || break; sleep 0.05; done
    fi
    kill -KILL -- "-$pid" 2>/dev/null || true
    for _ in $(seq 100); do alive "$1" || break; sleep 0.02; done
  fi
  rm -f "$directory/run/$1.pid"
}

# signal_engine NAME SIGNAL: to all its processes: those named NAME or NAME-something, and what they started.
signal_engine() {
  local file
  for file in "$directory/run/$1.pid" "$directory/run/$1"-*.pid; do
    if [ -e "$file" ] && alive "$(basename "$file" .pid)"; then kill "-$2" -- "-$pid"; fi
  done
}

# wait_for NAME SECONDS COMMAND...: until the command succeeds, as long as the process lives.
wait_for() {
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" 2>/dev/null; do
    if [ $SECONDS -ge $deadline ] || ! alive "$name"; then
      tail -n 40 "$directory/log/$name.log" >&2
      fail "$name does not answer"
    fi
    sleep 0.05
  done
}

# answers PORT REQUEST BYTES PATTERN: the first bytes of the answer, or its first line, hold the pattern.
answers() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
    printf "$2" >&3
    IFS= read -r -t 5 -n "$3" -u 3 reply
    [[ $reply == *"$4"* ]]
  ) 2>/dev/null
}

# Goes down when the owner ends, be it by SIGKILL.
watch_owner() {
  alive watch && return
  start watch TERM bash -c 'tail --pid="$1" -f /dev/null; exec "$2" down "$3"' watch "$1" "$program" "$directory"
}

down() {
  # All at once: nothing is kept, so nothing has to wait for another.
  local file name
  for file in "$directory"/run/*.pid; do
    name=$(basename "$file" .pid)
    if [ "$name" != watch ] && alive "$name"; then kill "-$signal" "$pid" 2>/dev/null || true; fi
  done
  for engine in "${all[@]}"; do "${engine}_stop"; done
  # Not oneself, when it is the watch that calls.
  if alive watch && [ "$pid" != $$ ]; then end watch; fi
  rm -rf "$directory"
}
