# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A real `systemd --user` with its session bus and journal, in namespaces of its own. Sourced by the tests of this
# folder, which run as root: no login, no systemd as PID 1, and nothing of the machine changes. A test calls
# `rig_enter "$@"` first, which runs the same script again inside; there:
#   rig_prepare                 user, home, /run and the journal, all private
#   manager_start, manager_stop what logging in and out does
#   as_user CMD...              runs CMD as the user, in a session of the manager
# RIG_HOME is an empty home, RIG_LOCAL what is to be seen as /usr/local (the machine's own is hidden). A test that has
# a whole system of its own in a folder calls `rig_move_to FOLDER` before rig_prepare.

RIG_USER=signindtest
# Not one of the range of DynamicUser=: those have no journal of their own.
RIG_UID=54321
RIG_HOME=/home/$RIG_USER
RIG_RUNTIME=/run/user/$RIG_UID
RIG_CGROUP=/sys/fs/cgroup/user.slice/user-$RIG_UID.slice

rig_fail ()
{
  echo "Bail out! $*"
  exit 99
}

# eventually SECONDS CMD...: waits until CMD succeeds. What is waited for is state that nothing announces.
eventually ()
{
  local end=$((SECONDS + $1)) idle
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    exec {idle}<> <(:)
    read -r -t 0.05 -u "$idle"
    exec {idle}>&-
  done
}

# Outside: a cgroup of our own first, or the manager would move the processes of the machine; then the namespaces.
rig_enter ()
{
  [ "${RIG_INSIDE-}" != 1 ] || return 0
  [ "$(id -u)" = 0 ] || exec sudo -n env TOP_SRCDIR="$TOP_SRCDIR" TOP_BUILDDIR="$TOP_BUILDDIR" "$0" "$@"

  local cgroup2 own rc mounted=
  RIG_SCRATCH=$(mktemp -d /var/tmp/signind-rig.XXXXXX) || rig_fail "no scratch folder"
  export RIG_SCRATCH
  cgroup2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
  if [ -z "$cgroup2" ]; then
    cgroup2=$RIG_SCRATCH/cgroup mounted=1
    mkdir "$cgroup2"
    mount -t cgroup2 cgroup2 "$cgroup2" || rig_fail "no cgroup2 can be mounted"
  fi
  # Of runs that were killed.
  for own in "$cgroup2"/signind-rig.*; do
    [ ! -d "$own" ] || [ -d "/proc/${own##*.}" ] || rig_remove_cgroup "$own"
  done
  own=$cgroup2/signind-rig.$$
  mkdir "$own" || rig_fail "cannot make a cgroup in $cgroup2"
  (
    echo "$BASHPID" >"$own/cgroup.procs" || rig_fail "cannot enter $own"
    RIG_INSIDE=1 exec setpriv --pdeathsig KILL -- unshare --cgroup --mount --ipc --uts --pid --fork --kill-child \
      --mount-proc -- setsid "$(readlink -f "$0")" "$@" </dev/null
  )
  rc=$?
  eventually 5 rig_remove_cgroup "$own" || echo "# $own is not empty"
  [ -z "$mounted" ] || umount "$cgroup2"
  rm -rf "$RIG_SCRATCH"
  exit $rc
}

rig_remove_cgroup ()
{
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [ ! -d "$1" ]
}

# From here on that folder is the root, for what asks whether it runs in a chroot, too: nothing else can be reached.
rig_move_to ()
{
  {
    mount --bind "$1" "$1" && mount --rbind /dev "$1/dev" && mount --rbind /sys "$1/sys" &&
      mount -t proc proc "$1/proc" && mkdir -p "$1/tmp/outside" && cd "$1" && pivot_root . tmp/outside && cd / &&
      umount -l /tmp/outside && rmdir /tmp/outside
  } || rig_fail "cannot move to $1"
  hash -r
  RIG_MOVED=1
  RIG_SCRATCH=$(mktemp -d)
  export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
}

rig_prepare ()
{
  mount --make-rprivate /
  rig_mount_files
  rig_start_journal
}

rig_mount_files ()
{
  umount -R /sys/fs/cgroup 2>/dev/null
  mount -t cgroup2 -o nosuid,nodev,noexec,nsdelegate cgroup2 /sys/fs/cgroup || rig_fail "no cgroup2 inside"
  mount -t tmpfs -o mode=755 tmpfs /run
  # Units of other packages would start with the manager; in a system of the test's own there are none.
  [ -n "${RIG_MOVED-}" ] || [ ! -d /etc/systemd/user ] || mount -t tmpfs -o mode=755 tmpfs /etc/systemd/user

  cp /etc/passwd "$RIG_SCRATCH/passwd"
  cp /etc/group "$RIG_SCRATCH/group"
  echo "$RIG_USER:x:$RIG_UID:$RIG_UID::$RIG_HOME:/bin/sh" >>"$RIG_SCRATCH/passwd"
  echo "$RIG_USER:x:$RIG_UID:" >>"$RIG_SCRATCH/group"
  mount --bind "$RIG_SCRATCH/passwd" /etc/passwd
  mount --bind "$RIG_SCRATCH/group" /etc/group

  mount -t tmpfs -o mode=755 tmpfs /home
  install -d -m 700 -o $RIG_UID -g $RIG_UID "$RIG_HOME"
  [ -z "${RIG_LOCAL-}" ] || mount --bind "$RIG_LOCAL" /usr/local

  mkdir -p /run/systemd/system /run/systemd/propagate /run/lock /run/log /run/user
  # PID 1 makes it on a real machine; without it every line that needs a mount namespace fails with 226. The second name
  # is that of later versions.
  mkdir -m 700 /run/systemd/unit-root /run/systemd/mount-rootfs
  install -d -m 700 -o $RIG_UID -g $RIG_UID $RIG_RUNTIME
}

rig_start_journal ()
{
  local group=/sys/fs/cgroup/system.slice/systemd-journald.service
  mount -t tmpfs tmpfs /var/log
  # Kept on "disk", because only then users get a journal of their own.
  mkdir -p /var/log/journal /run/systemd/journal "$group"
  touch /run/systemd/journal/flushed
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    exec /lib/systemd/systemd-journald
  ) </dev/null >/dev/null 2>&1 &
  eventually 5 test -S /run/systemd/journal/stdout || rig_fail "journald does not start"
}

# What a login gives: no capabilities, but the whole bounding set, or errors of CapabilityBoundingSet= stay hidden.
rig_user_env ()
{
  exec setpriv --reuid $RIG_UID --regid $RIG_UID --clear-groups --inh-caps=-all --ambient-caps=-all \
    env -i HOME="$RIG_HOME" USER=$RIG_USER LOGNAME=$RIG_USER SHELL=/bin/sh LANG=C.UTF-8 \
    PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR=$RIG_RUNTIME "$@"
}

as_user ()
{
  (
    echo "$BASHPID" >"$RIG_CGROUP/session-1.scope/cgroup.procs" &&
      rig_user_env DBUS_SESSION_BUS_ADDRESS=unix:path=$RIG_RUNTIME/bus "$@"
  )
}

# In the cgroup where a login has it, so that the journal knows whose units they are.
manager_start ()
{
  local group=$RIG_CGROUP/user@$RIG_UID.service
  mkdir -p "$group" "$RIG_CGROUP/session-1.scope"
  chown $RIG_UID:$RIG_UID "$group" "$group"/cgroup.{procs,threads,subtree_control} "$RIG_CGROUP/session-1.scope"
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    rig_user_env "$(rig_systemd)" --user --log-target=journal
  ) </dev/null >/dev/null 2>&1 &
  MANAGER_PID=$!
  eventually 10 test -S $RIG_RUNTIME/systemd/private -a -S $RIG_RUNTIME/bus || rig_fail "systemd --user does not start"
  as_user systemctl --user is-system-running --wait >/dev/null
}

rig_systemd ()
{
  if [ -x /usr/lib/systemd/systemd ]; then echo /usr/lib/systemd/systemd; else echo /lib/systemd/systemd; fi
}

manager_stop ()
{
  as_user systemctl --user exit
  eventually 15 rig_gone "$MANAGER_PID" || rig_fail "systemd --user does not end"
  wait "$MANAGER_PID"
  rm -rf $RIG_RUNTIME/bus $RIG_RUNTIME/systemd
}

rig_gone ()
{
  ! kill -0 "$1" 2>/dev/null
}

number=0

# check NAME CMD...
check ()
{
  local name=$1 output
  shift
  number=$((number + 1))
  if output=$("$@" 2>&1); then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    printf '# %s\n' "$*"
    printf '%s\n' "$output" | sed 's/^/#   /'
  fi
}

unit_is ()
{
  [ "$(as_user systemctl --user show -P "$1" signind.service)" = "$2" ]
}

unit_pid ()
{
  as_user systemctl --user show -P MainPID signind.service
}

running ()
{
  unit_is ActiveState active && [ "$(unit_pid)" != 0 ]
}

# stamp SECONDS: since the epoch, as signinctl takes it.
stamp ()
{
  date --date="@$1" --iso-8601=seconds
}

message_id ()
{
  sed -n "s/^#define SIGNIN_MESSAGE_$1 \"\(.*\)\"/\1/p" "$TOP_SRCDIR/daemon/names.h"
}

# warned_of SOURCE: how often the journal says so of contoso.
warned_of ()
{
  as_user journalctl --user --quiet --no-pager -o cat MESSAGE_ID="$(message_id WARNING)" SIGNIN_ACCOUNT=contoso \
    SIGNIN_SOURCE="$1" | grep -c .
}

warned_once_of ()
{
  [ "$(warned_of "$1")" = 1 ]
}

# All that is known of accounts and sessions, but what runs down, and what is kept in memory only.
facts ()
{
  as_user signinctl status --json |
    sed -E -e '/"health": \{/,/\}/d' -e '/"health": null/d' -e '/"(now|now_sec|remaining_sec)":/d'
}

# Compared with FACTS, which were kept when they were right; and nothing was announced a second time.
nothing_is_lost ()
{
  local now
  now=$(facts) && diff <(echo "$FACTS") <(echo "$now") && warned_once_of old
}
