#!/usr/bin/env bash
# Starts Aspire's dashboard by itself, without Docker and without an AppHost: it shows the traces, metrics and logs of whatever sends it OTLP.
#
#   deploy/dashboard/dashboard.sh                                  # http://localhost:18888, receives at http://localhost:4317 until Ctrl+C
#   OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 dotnet run --project CoolChat.Standalone
#
# Further arguments go to `aspire dashboard run` (--frontend-url, --otlp-grpc-url, --otlp-http-url). Linux x64 with glibc; needs npm once, for 145 MB.
# Nobody is asked who they are, so it listens on the loopback only: give it no other address.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cli=$here/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire

if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "dashboard.sh: the pinned package is for Linux x64; elsewhere install the Aspire CLI and run 'aspire dashboard run --allow-anonymous'" >&2
  exit 1
fi
# The version is part of the test: a checkout that moved on installs again.
wanted=$(sed -n 's/.*"@microsoft\/aspire-cli-linux-x64": "\(.*\)".*/\1/p' "$here/package.json")
grep -qs "\"version\": \"$wanted\"" "$here/node_modules/@microsoft/aspire-cli-linux-x64/package.json" ||
  npm ci --prefix "$here" --no-audit --no-fund --loglevel=error >&2

if [ "${1:-}" = --install ]; then
  exit 0
fi
export ASPIRE_CLI_TELEMETRY_OPTOUT=1 ASPIRE_DASHBOARD_TELEMETRY_OPTOUT=1
exec "$cli" dashboard run --allow-anonymous --non-interactive --nologo "$@"
