# RabbitMQ with the management, prometheus and consistent hash plugins; user guest, virtual host "/".

rabbitmq_install() { require_packages rabbitmq-server rabbitmq-server; }

rabbitmq_start() {
  alive rabbitmq && return
  local data="$directory/rabbitmq" amqp management prometheus distribution names
  free_port rabbitmq; amqp=$port
  free_port rabbitmq-management; management=$port
  free_port rabbitmq-prometheus; prometheus=$port
  free_port rabbitmq-distribution; distribution=$port
  free_port rabbitmq-epmd; names=$port
  mkdir -p "$data"
  echo '[rabbitmq_management,rabbitmq_prometheus,rabbitmq_consistent_hash_exchange].' >"$data/enabled_plugins"
  cat >"$data/rabbitmq.conf" <<CONF
management.tcp.ip = 127.0.0.1
management.tcp.port = $management
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $prometheus
CONF
  # Erlang's name server would be started as a daemon otherwise, and outlive the broker.
  alive rabbitmq-epmd || start rabbitmq-epmd TERM epmd -port "$names" -address 127.0.0.1
  wait_for rabbitmq-epmd 10 listening "$names"
  start rabbitmq TERM env HOME="$data" \
    RABBITMQ_NODENAME="coolchat$amqp@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$amqp" \
    RABBITMQ_DIST_PORT="$distribution" ERL_EPMD_PORT="$names" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_MNESIA_BASE="$data/mnesia" RABBITMQ_LOG_BASE="$data/log" RABBITMQ_LOGS=- \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$data/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$data/advanced.config" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$data/enabled_plugins" RABBITMQ_GENERATED_CONFIG_DIR="$data/generated" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
    /usr/lib/rabbitmq/bin/rabbitmq-server
}

rabbitmq_wait() {
  free_port rabbitmq
  wait_for rabbitmq 90 answers "$port" 'AMQP\0\0\x09\x01' 1 $'\x01'
}

rabbitmq_addresses() {
  free_port rabbitmq
  echo "COOLCHAT_TEST_RABBITMQ=amqp://guest:guest@127.0.0.1:$port/"
  free_port rabbitmq-management
  echo "COOLCHAT_TEST_RABBITMQ_MANAGEMENT=http://guest:guest@127.0.0.1:$port/"
}

rabbitmq_stop() {
  end rabbitmq
  end rabbitmq-epmd
}
