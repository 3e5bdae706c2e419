# An S3-compatible object store: OpenStack Swift with its S3 API; one replica, user chat:app. Buckets are made by whoever needs them.
# swift.conf is Debian's own in /etc/swift: its programs look nowhere else, and its defaults do.

s3_servers=(account container object)

s3_install() {
  require_packages swift-proxy-server swift-proxy swift-account swift-container swift-object
  require_packages memcached memcached
}

s3_start() {
  local etc="$directory/s3/etc" proxy cache_port as_user=()
  mkdir -p "$etc" "$directory/s3/node/d1" "$directory/s3/recon"
  free_port s3; proxy=$port
  free_port s3-memcached; cache_port=$port
  [ -e "$etc/proxy.conf" ] || s3_configure "$etc" "$proxy" "$cache_port"
  [ "$(id -u)" != 0 ] || as_user=(-u nobody)
  alive s3-memcached || start s3-memcached TERM memcached "${as_user[@]}" -l 127.0.0.1 -p "$cache_port" -U 0 -m 16
  for server in "${s3_servers[@]}"; do
    alive "s3-$server" || start "s3-$server" TERM "swift-$server-server" "$etc/$server.conf"
  done
  alive s3 || start s3 TERM swift-proxy-server "$etc/proxy.conf"
}

s3_configure() {
  local etc=$1 ring
  for server in "${s3_servers[@]}"; do
    free_port "s3-$server"
    ring="$etc/$server.builder"
    swift-ring-builder "$ring" create 4 1 0 >/dev/null
    swift-ring-builder "$ring" add --region 1 --zone 1 --ip 127.0.0.1 --port "$port" --device d1 --weight 1 >/dev/null
    # 1: done, with a warning.
    swift-ring-builder "$ring" rebalance >/dev/null || [ $? = 1 ]
    s3_fill "$here/swift/server.conf" "$port" >"$etc/$server.conf"
  done
  s3_fill "$here/swift/proxy.conf" "$2" "$3" >"$etc/proxy.conf"
}

s3_fill() { sed "s|@SERVER@|${server:-}|g; s|@PORT@|$2|g; s|@MEMCACHED@|${3:-}|g; s|@USER@|$(id -un)|g; s|@DIR@|$directory/s3|g" "$1"; }

s3_wait() {
  for server in "${s3_servers[@]}"; do
    free_port "s3-$server"
    wait_for "s3-$server" 60 listening "$port"
  done
  free_port s3
  wait_for s3 60 answers "$port" 'GET /healthcheck HTTP/1.0\r\n\r\n' 12 ' 200'
}

s3_addresses() {
  free_port s3
  echo "COOLCHAT_TEST_S3=http://chat%3Aapp:coolchat-test@127.0.0.1:$port/?region=us-east-1"
}

s3_stop() {
  end s3
  for server in "${s3_servers[@]}" memcached; do end "s3-$server"; done
}
