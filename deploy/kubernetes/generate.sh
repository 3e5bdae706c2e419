#!/usr/bin/env bash
# Writes the Helm chart beside this file anew from CoolChat.AppHost. Needs the Aspire packages from nuget.org, and neither Docker nor Helm.
#
#   deploy/kubernetes/generate.sh [--Publish:Host=chat.example.com] [--Publish:IngressClass=nginx] [--Engines=external] [--Monitoring=none]
#
# No secret goes into it: each stands empty in coolchat/values.yaml. COOLCHAT_APPHOST names a CoolChat.AppHost.dll that is built already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$here/../../CoolChat.AppHost
if [ -z "${COOLCHAT_APPHOST:-}" ]; then
  dotnet build "$project" -c Release -v q -p:SkipWeb=true >&2
  COOLCHAT_APPHOST=$project/bin/Release/net10.0/CoolChat.AppHost.dll
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Aspire asks for parameters without a value, and without a terminal waits for ever: they are given one that stays out of the chart. What it remembers of
# values from an earlier time is thrown away. It reads settings from where it stands.
cd "$project"
parameters=()
for name in mongodb-password mongodb-keyfile redis-password rabbitmq-password s3-secret-key grafana-password \
  key-user-media key-user-chat key-media-user key-processing-user key-chat-user key-chat-media key-chat-processing; do
  parameters+=("--Parameters:$name=stays-out")
done
ASPIRE_INTERACTIVITY_ENABLED=false dotnet "$COOLCHAT_APPHOST" --operation publish --step publish --clear-cache true --output-path "$out/coolchat" "${parameters[@]}" "$@" >&2
if grep -rq stays-out "$out"; then
  echo "generate.sh: a secret's value is in the chart" >&2
  exit 1
fi
rm -rf "$here/coolchat"
mv "$out/coolchat" "$here/coolchat"
