#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installed into /usr and /etc as a package would be, Debian's browsers have the extension, and it reaches signind. What
# is written to /usr and /etc goes with the namespace.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u

if [ "${INSIDE-}" != 1 ]; then
  [ "$(id -u)" = 0 ] || exec sudo -n env TOP_SRCDIR="$TOP_SRCDIR" TOP_BUILDDIR="$TOP_BUILDDIR" "$0"
  INSIDE=1 exec unshare --mount --net --pid --fork --kill-child --mount-proc "$0"
fi

bail ()
{
  echo "Bail out! $*"
  exit 99
}

scratch=$(mktemp -d /var/tmp/signind-installed.XXXXXX)
trap 'umount -l /usr /etc "$scratch/memory" 2>/dev/null; rm -rf --one-file-system "$scratch"' EXIT
mkdir "$scratch/memory" "$scratch/build"
mount -t tmpfs tmpfs "$scratch/memory" || bail "no memory to write to"

cd "$scratch/build" || bail "no folder to build in"
{
  "$TOP_SRCDIR/configure" --quiet --prefix=/usr --sysconfdir=/etc --libexecdir=/usr/libexec CFLAGS=-O0 &&
    make -s -j"$(nproc)"
} >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" | sed 's/^/# /'; bail "it does not build"; }

for folder in usr etc; do
  mkdir -p "$scratch/memory/$folder/upper" "$scratch/memory/$folder/work"
  mount -t overlay overlay /$folder -o \
    "lowerdir=/$folder,upperdir=$scratch/memory/$folder/upper,workdir=$scratch/memory/$folder/work" ||
    bail "/$folder cannot be covered"
done
make -s install >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" | sed 's/^/# /'; bail "it cannot be installed"; }
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$TOP_SRCDIR/tests/system/installed.py"
