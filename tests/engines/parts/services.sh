# CoolChat's services as processes. NAME is SERVICE or SERVICE-NUMBER: chat-1.
#
#   DIR/secrets/CALLER-CALLED   what a service proves itself to another with: for this run only, and readable by its owner only.
#                               Services get them by their environment: a command line is everybody's to read

services=(user media processing-1 processing-2 chat-1 chat-2 gateway)
configuration=${COOLCHAT_CONFIGURATION:-Debug}

# Pairs of services of which the first calls the second.
pairs=(user:media media:user chat:user chat:media chat:processing user:chat processing:user)

assembly_of() { echo "$repository/services/$1/bin/$configuration/net10.0/CoolChat.${1^}.dll"; }

address_of() {
  free_port "$1"
  echo "http://127.0.0.1:$port"
}

build_services() {
  local service
  for service in user media processing chat gateway; do
    [ -e "$(assembly_of "$service")" ] || dotnet build "$repository/services/$service" -c "$configuration" -v q >&2 || fail "$service does not build"
  done
}

# secret CALLER:CALLED
secret() {
  local file="$directory/secrets/${1/:/-}"
  if [ ! -e "$file" ]; then
    (umask 077 && mkdir -p "$directory/secrets" && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$file")
  fi
  cat "$file"
}

# read_addresses "KEY=VALUE lines of engines.sh": exports them as the services' connection strings.
read_addresses() {
  local key value
  while IFS='=' read -r key value; do
    case $key in
      COOLCHAT_TEST_MONGODB) export ConnectionStrings__mongodb="$value" ;;
      COOLCHAT_TEST_RABBITMQ) export ConnectionStrings__rabbitmq="$value" ;;
      COOLCHAT_TEST_REDIS) export ConnectionStrings__redis="$value" ;;
      COOLCHAT_TEST_S3) export ConnectionStrings__s3; ConnectionStrings__s3=$(s3_connection "$value") ;;
    esac
  done <<<"$1"
}

# http://ACCESS:SECRET@HOST:PORT/?region=NAME
s3_connection() {
  local rest=${1#*://} keys
  keys=${rest%%@*}
  rest=${rest#*@}
  printf 'Endpoint=http://%s;AccessKey=%b;SecretKey=%b;Region=%s;Bucket=coolchat' \
    "${rest%%/*}" "$(unescape "${keys%%:*}")" "$(unescape "${keys#*:}")" "${rest#*region=}"
}

unescape() { echo "${1//%/\\x}"; }

start_service() {
  alive "$1" && return
  local service=${1%-*} pair
  (
    # Tests come from one address and in bursts.
    export RateLimits__Http__Enabled="${RateLimits__Http__Enabled:-false}" RateLimits__Chat__Enabled="${RateLimits__Chat__Enabled:-false}"
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_gcServer=0 Logging__Console__FormatterName=simple
    [ "$service" = gateway ] || for pair in "${pairs[@]}"; do
      [ "${pair%:*}" != "$service" ] || export "Services__${pair#*:}__Key=$(secret "$pair")" "Services__${pair#*:}__http__0=$(address_of "$(first_of "${pair#*:}")")"
      [ "${pair#*:}" != "$service" ] || export "Callers__${pair%:*}__Key=$(secret "$pair")"
    done
    "settings_of_$service"
    # No service gets what it has no use for.
    case $service in
      gateway) unset ConnectionStrings__mongodb ConnectionStrings__rabbitmq ConnectionStrings__s3 ;;
      user | chat | processing) unset ConnectionStrings__s3 ;;
    esac
    start "$1" TERM dotnet exec "$(assembly_of "$service")" "--urls=$(address_of "$1")"
  )
}

first_of() {
  local name
  for name in "${services[@]}"; do
    if [ "${name%-*}" = "$1" ]; then echo "$name"; return; fi
  done
}

# 1 for a service that there is one of.
number_of() {
  local number=${1#"${1%-*}"}
  echo "${number#-}" | sed 's/^$/1/'
}

settings_of_user() {
  local gateway
  gateway=$(address_of gateway)
  # Browsers say localhost.
  export Auth__PublicOrigins__0="$gateway" Auth__PublicOrigins__1="${gateway/127.0.0.1/localhost}"
}

settings_of_media() { export Media__S3__CreateBucket=true; }

settings_of_processing() { :; }

settings_of_chat() { :; }

settings_of_gateway() {
  export Edge__SharedLimits=true
  local name web="$repository/CoolChat.Standalone/bin/$configuration/net10.0/web"
  [ ! -d "$web" ] || export Gateway__WebApp="$web"
  for name in "${services[@]}"; do
    case ${name%-*} in
      chat | user | media) export "ReverseProxy__Clusters__${name%-*}__Destinations__$(number_of "$name")__Address=$(address_of "$name")" ;;
    esac
  done
}

wait_for_service() {
  free_port "$1"
  wait_for "$1" 120 answers "$port" 'GET /health HTTP/1.0\r\n\r\n' 15 ' 200'
}
