#!/usr/bin/env bash
# Prints values for every secret of the chart: random letters and digits, the same wherever the same secret stands. Keep them out of the repository, and
# keep them: engines remember the password that they were made with.
#
#   (umask 077 && deploy/kubernetes/secrets.sh >secrets.yaml)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

declare -A known
echo "secrets:"
# The block "secrets:" of the values: "  SERVICE:" and "    NAME: """. Whole addresses are made of the passwords by the chart itself.
sed -n '/^secrets:/,/^[a-z]*:/{/^  /p}' "$here/coolchat/values.yaml" | while IFS= read -r line; do
  case $line in
    "    "*_URI:* | "    ConnectionStrings__"*) ;;
    "    "*)
      name=${line%%:*}
      [ -n "${known[$name]:-}" ] || known[$name]=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
      echo "$name: \"${known[$name]}\""
      ;;
    *) echo "$line" ;;
  esac
done
