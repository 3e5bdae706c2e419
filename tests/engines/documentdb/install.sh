#!/usr/bin/env bash
# Unpacks PostgreSQL with the DocumentDB extension into DIR/pg, from Debian, without root and without touching what is installed here:
# install.sh DIR. Needs apt-get and dpkg-deb. Does nothing when it is there.
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
# The suite that has the extension.
suite=forky
exec 9>"$dir/lock"
flock 9
[ ! -e "$dir/pg/.complete" ] || exit 0
for program in apt-get dpkg-deb; do
  command -v $program >/dev/null || { echo "engines: mongodb needs $program to install" >&2; exit 1; }
done
echo "engines: unpacking PostgreSQL with DocumentDB into $dir" >&2

apt="$dir/apt"
rm -rf "$apt" "$dir/pg"
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/none" "$dir/pg"
: >"$apt/status"
# The mirror that this machine uses already.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
  grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 || true)
mirror=${mirror%% }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} $suite main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/none";
Dir::Etc::preferences "$apt/no-preferences";
Dir::Etc::preferencesparts "$apt/none";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled "false";
Debug::NoLocking "true";
CONF
export APT_CONFIG="$apt/apt.conf"
apt-get -qq update

# Names hold versions that move with the suite: what would be installed is matched with the numbers left open.
pattern=$(sed -E 's/\+/[+]/g; s/t64$//; s/[0-9.]+/[0-9.]+/g; s/$/(t64)?/' "$here/packages.txt")
packages=$(apt-get -s -qq install postgresql-18-documentdb | awk '$1 == "Inst" { print $2 }' | grep -xE "$pattern")
# shellcheck disable=SC2086
(cd "$apt/cache/archives" && apt-get -qq download $packages)
for archive in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$archive" "$dir/pg"; done
for folder in bin sbin lib lib64; do [ -e "$dir/pg/$folder" ] || ln -s usr/$folder "$dir/pg/$folder"; done
ln -sf postgis-3.control "$dir/pg/usr/share/postgresql/18/extension/postgis.control"
rm -rf "$dir"/pg/usr/share/{doc,man,info,locale,lintian} "$dir/pg/usr/include" "$apt"

# Every program runs under the tree's own loader and libraries, which are newer than the machine's.
bin="$dir/pg/usr/lib/postgresql/18/bin"
libraries=$(echo "$dir"/pg/usr/lib/*-linux-gnu)
loader=$(echo "$libraries"/ld-linux*.so.*)
for program in postgres initdb psql pg_ctl pg_isready; do
  mv "$bin/$program" "$bin/$program.real"
  cat >"$bin/$program" <<WRAPPER
#!/bin/sh
exec $loader --library-path $libraries:$dir/pg/usr/lib/postgresql/18/lib --argv0 "$bin/$program" $bin/$program.real "\$@"
WRAPPER
  chmod +x "$bin/$program"
done
: >"$dir/pg/.complete"
