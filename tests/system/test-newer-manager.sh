#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a home holds is the same under the user manager of the next Debian: systemd moved its own idea of a state folder.
# Of that Debian the packages are only unpacked, from where this machine has its own; it goes when the test ends.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

SUITE=trixie
PACKAGES=systemd,dbus-user-session,dbus-bin,libglib2.0-0t64,libsqlite3-0,libnotify4,libcurl4t64,libjansson4

# Nothing is configured: programs and libraries are all that is wanted.
make_root ()
{
  local uri package
  # shellcheck disable=SC2016 # apt expands it
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
    grep -v -e -security | head -n 1)
  debootstrap --foreign --variant=minbase --include="$PACKAGES" "$SUITE" "$root" "$uri" || return 1
  for package in "$root"/var/cache/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -C "$root" --keep-directory-symlink -xf - || return 1
  done
  chroot "$root" ldconfig
}

# No chroot: in one of those no user namespace can be made.
enter_root ()
{
  local path
  mount --bind "$root" "$root" || return 1
  touch "$root"/etc/{passwd,group,machine-id}
  # debootstrap leaves a link there.
  rm -rf "$root/proc"
  mkdir -p "$root"/{proc,usr/local,old} "$root$TOP_SRCDIR"
  for path in /etc/passwd /etc/group /etc/machine-id /dev /home /proc /run /sys /usr/local /var/log "$TOP_SRCDIR"; do
    mount --rbind "$path" "$root$path" || return 1
  done
  pivot_root "$root" "$root/old" && cd / && umount -l /old
}

manager_version ()
{
  as_user systemctl --user show -P Version | sed 's/[^0-9].*//'
}

is_newer ()
{
  echo "$1, then $2"
  [ "$1" -lt 254 ] && [ "$2" -gt 254 ]
}

one_database ()
{
  [ "$(find "$RIG_HOME" -name signind.db)" = "$RIG_HOME/.local/state/signind/signind.db" ]
}

# Fills the home under this machine's manager.
test_before ()
{
  local now
  now=$(date +%s)
  before=$(manager_version)
  as_user mkdir -p "$RIG_HOME/.config/signind"
  printf '[Health]\nhealth-at-warning=no\n' >"$RIG_HOME/.config/signind/signind.conf"
  check "an account" as_user signinctl add contoso --service dynamics365 --org contoso --region crm4
  check "signed in an hour ago" as_user signinctl record contoso --source new --at "$(stamp $((now - 3600)))"
  check "and 7 h 41 min ago elsewhere" \
    as_user signinctl record contoso --source old --at "$(stamp $((now - 27660)))"
  check "which is warned of" eventually 10 warned_once_of old
  check "and no question leaves this machine" \
    test "$(as_user systemctl --user show -P ActiveState signin-healthd.service)" = inactive
  FACTS=$(facts)
}

test_after ()
{
  check "another manager, from behind the move" is_newer "$before" "$(manager_version)"
  check "every session is as it was, and nothing announced again" nothing_is_lost
  check "under its unit" running
  check "with the whole sandbox" unit_is PrivateUsers yes
  check "what is recorded here" as_user signinctl record contoso --source new
  check "is kept after a restart" \
    as_user sh -c 'systemctl --user restart signind && signinctl status --json | grep "\"remaining_sec\": 2[78]"'
  check "in the same database" one_database
}

if [ "${RIG_INSIDE-}" != 1 ]; then
  if [ "$(systemctl --version | awk 'NR == 1 { print int ($2) }')" -ge 254 ]; then
    # All other tests of this folder run under one, and there is no older one to come from.
    printf 'ok 1 - the manager of this machine is itself a newer one\n1..1\n'
    exit 0
  fi
  [ "$(make -s --no-print-directory -C "$TOP_BUILDDIR" print-prefix)" = /usr/local ] ||
    rig_fail "configure without --prefix for this test"
fi
rig_enter "$@"

root=$RIG_SCRATCH/root
RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
make_root >"$RIG_SCRATCH/debootstrap.log" 2>&1 ||
  { tail -n 20 "$RIG_SCRATCH/debootstrap.log" | sed 's/^/# /'; rig_fail "no Debian $SUITE can be unpacked"; }
rig_prepare
manager_start
test_before
manager_stop
enter_root || rig_fail "the other Debian cannot be entered"
manager_start
test_after
manager_stop
echo "1..$number"
