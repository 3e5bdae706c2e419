# A MongoDB-compatible engine: the DocumentDB extension on PostgreSQL, unpacked privately, with DocumentDbGateway in front of it, which
# speaks MongoDB's wire protocol. For tests only: fsync is off.

mongodb_install() { "$here/documentdb/install.sh" "$cache/documentdb"; }

mongodb_start() {
  local postgres gateway program
  free_port mongodb-postgres; postgres=$port
  free_port mongodb; gateway=$port
  alive mongodb-postgres || mongodb_start_postgres "$postgres"
  wait_for mongodb-postgres 30 mongodb_sql 'SELECT 1'
  mongodb_sql 'CREATE EXTENSION IF NOT EXISTS documentdb CASCADE' || fail "the extension documentdb can't be created"
  alive mongodb && return
  program=$(mongodb_gateway)
  start mongodb TERM dotnet exec "$program" "$gateway" "Host=127.0.0.1;Port=$postgres;Username=postgres;Database=postgres"
}

mongodb_start_postgres() {
  local data="$directory/mongodb"
  mkdir -p "$data"
  [ "$(id -u)" != 0 ] || chown nobody "$data"
  if [ ! -d "$data/data" ]; then
    as_nobody "$(mongodb_program initdb)" -D "$data/data" -U postgres -A trust -E UTF8 --no-sync \
      --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C >"$directory/log/mongodb-initdb.log" 2>&1 ||
      { tail -n 20 "$directory/log/mongodb-initdb.log" >&2; fail "initdb failed"; }
    sed "s|@PORT@|$1|; s|@DATA@|$data|" "$here/documentdb/postgresql.conf" | as_nobody tee -a "$data/data/postgresql.conf" >/dev/null
  fi
  # A killed PostgreSQL leaves its lock file; the pid in it may be somebody else's by now.
  rm -f "$data/data/postmaster.pid" "$data"/.s.PGSQL.*
  # SIGINT: a fast shutdown. SIGTERM would wait for every client.
  start mongodb-postgres INT "${nobody[@]}" "$(mongodb_program postgres)" -D "$data/data"
}

mongodb_wait() {
  free_port mongodb
  wait_for mongodb 30 listening "$port"
}

mongodb_addresses() {
  free_port mongodb
  echo "COOLCHAT_TEST_MONGODB=mongodb://127.0.0.1:$port/?directConnection=true"
}

mongodb_stop() {
  local server
  end mongodb
  end mongodb-postgres
  # Its servers have sessions of their own: some outlive a killed postmaster, busy for ever, and the next one would not start beside them.
  for _ in $(seq 100); do
    server=$(mongodb_servers)
    [ -n "$server" ] || break
    kill -KILL $server 2>/dev/null || true
    sleep 0.02
  done
}

# They work in the data folder.
mongodb_servers() { find /proc -maxdepth 2 -name cwd -lname "$directory/mongodb/data" 2>/dev/null | cut -d/ -f3 || true; }

mongodb_program() { echo "$cache/documentdb/pg/usr/lib/postgresql/18/bin/$1"; }

mongodb_sql() { "$(mongodb_program psql)" -qAt -h 127.0.0.1 -p "$(<"$directory/run/mongodb-postgres.port")" -U postgres -c 'SET client_min_messages=warning' -c "$1" >/dev/null; }

# PostgreSQL refuses to run as root.
nobody=(env)
[ "$(id -u)" != 0 ] || nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

as_nobody() { (cd / && "${nobody[@]}" "$@"); }

# The newest build; tests build it beside themselves.
mongodb_gateway() {
  local project="$here/DocumentDbGateway" built
  built=$(ls -t "$project"/bin/*/net*/DocumentDbGateway.dll 2>/dev/null | head -1)
  if [ -z "$built" ]; then
    dotnet build "$project" -v q >&2 || fail "DocumentDbGateway does not build"
    built=$(ls -t "$project"/bin/*/net*/DocumentDbGateway.dll | head -1)
  fi
  echo "$built"
}
