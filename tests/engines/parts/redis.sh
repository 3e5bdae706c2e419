# Redis, without persistence: nothing that it holds has to survive it.

redis_install() { require_packages redis-server redis-server; }

redis_start() {
  alive redis && return
  free_port redis
  mkdir -p "$directory/redis"
  start redis TERM redis-server --port "$port" --bind 127.0.0.1 --dir "$directory/redis" --save '' --appendonly no --daemonize no
}

redis_wait() {
  free_port redis
  wait_for redis 20 answers "$port" 'PING\r\n' 5 +PONG
}

redis_addresses() {
  free_port redis
  echo "COOLCHAT_TEST_REDIS=127.0.0.1:$port"
}

redis_stop() { end redis; }
