#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each line of the sandbox is tried: what it forbids can be done without it, cannot be done under it alone, and cannot be
# done in the whole unit, with and without user namespaces.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

# probe LINES ACT: what a unit that has nothing but these lines is told.
probe ()
{
  local line options=()
  while IFS= read -r line; do
    [ -z "$line" ] || options+=(-p "$line")
  done <<<"$1"
  as_user systemd-run --user --quiet --wait --pipe --collect "${environment[@]/#/-E}" "${options[@]}" \
    "$RIG_LOCAL_PROBE" "$2"
}

# in_unit UNIT: the program of the unit replaced by the probe, everything else as installed.
in_unit ()
{
  local unit=$1 folder=$RIG_RUNTIME/systemd/user.control/$1.d setting
  mkdir -p "$folder"
  {
    printf '[Service]\nType=oneshot\nBusName=\nRestart=no\nWatchdogSec=0\nExecStart=\n'
    printf 'ExecStart=%s all\nStandardOutput=truncate:%s\n' "$RIG_LOCAL_PROBE" "$RIG_HOME/said"
    for setting in "${environment[@]}"; do
      printf 'Environment="%s"\n' "$setting"
    done
  } >"$folder/99-probe.conf"
  chown -R $RIG_UID:$RIG_UID "$RIG_RUNTIME/systemd"
  as_user systemctl --user daemon-reload
  as_user systemctl --user start "$unit"
  rm -r "$folder"
  as_user systemctl --user daemon-reload
}

says ()
{
  grep -qx "$1" "$RIG_HOME/said" || { cat "$RIG_HOME/said"; return 1; }
}

# proves ACT LINES [MORE]: MORE is what the lines need to have an effect at all.
proves ()
{
  local act=$1 lines=$2 more=${3-} with without
  without=$(probe "$more" "$act")
  with=$(probe "$more"$'\n'"$lines" "$act")
  echo "without: $without; with: $with"
  [ "$without" = "$act allowed" ] && [ "$with" = "$act denied" ]
}

# The lines of the file that begin so; one that is not there proves nothing.
lines_of ()
{
  grep -E "^($2)=" "$1" || echo "NoSuchLine=$2"
}

# first ACT LINE-NAMES: of the unit itself.
first ()
{
  check "$2: $1" proves "$1" "$(lines_of "$unit" "$2")"
  proven+=" $2"
}

# second ACT LINE-NAMES: of what the generator adds, which needs PrivateUsers=.
second ()
{
  check "$2: $1" proves "$1" "$(lines_of "$drop_in" "$2")" 'PrivateUsers=yes'
  proven+=" $2"
}

test_first_half ()
{
  first umask UMask
  first privileges NoNewPrivileges
  first personality LockPersonality
  first code MemoryDenyWriteExecute
  first inet RestrictAddressFamilies
  first netlink RestrictAddressFamilies
  first namespace RestrictNamespaces
  first realtime RestrictRealtime
  first setuid RestrictSUIDSGID
  [ "$(uname -m)" != x86_64 ] || first 32-bit SystemCallArchitectures
  first priority 'SystemCallFilter|SystemCallErrorNumber'
  first chown 'SystemCallFilter|SystemCallErrorNumber'
  first trace 'SystemCallFilter|SystemCallErrorNumber'
}

test_second_half ()
{
  check "PrivateUsers: users" proves users PrivateUsers=yes
  proven+=" PrivateUsers"
  second capabilities CapabilityBoundingSet
  second devices PrivateDevices
  second network PrivateNetwork
  second tmp PrivateTmp
  second clock ProtectClock
  second cgroups ProtectControlGroups
  second home ProtectHome
  second kernel-log ProtectKernelLogs
  second modules ProtectKernelModules
  second kernel-settings ProtectKernelTunables
  second system ProtectSystem
}

# Lines that restrict, in both files, and have no probe.
no_line_without_probe ()
{
  local line name missing=
  while read -r line; do
    name=${line%%=*}
    case " ${proven//|/ } SystemCallArchitectures ReadWritePaths " in *" $name "*) ;; *) missing+=" $name" ;; esac
  done < <(grep -hE '^(Restrict|Protect|Private|Lock|Memory|NoNew|SystemCall|Capab|UMask|ReadW|Inacc)' "$unit" "$drop_in")
  echo "$missing"
  [ -z "$missing" ]
}

# whole UNIT ALLOWED...: everything is denied but this.
whole ()
{
  local unit=$1 act
  shift
  in_unit "$unit"
  for act in "${all_acts[@]}"; do
    case " $* " in
      *" $act "*) check "$unit may: $act" says "$act allowed" ;;
      *) check "$unit may not: $act" says "$act denied" ;;
    esac
  done
}

rig_enter "$@"

RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
RIG_LOCAL_PROBE=/usr/local/libexec/sandbox-probe
install -m 755 "$TOP_BUILDDIR/tests/system/sandbox-probe" "$RIG_SCRATCH/tree$RIG_LOCAL_PROBE"
rig_prepare
manager_start
mkdir "$RIG_HOME/files" && chown $RIG_UID:$RIG_UID "$RIG_HOME/files"
# In the /tmp of everybody, where the build tree may be, too.
marker=$(mktemp /tmp/signind-probe.XXXXXX)
trap 'rm -f "$marker"' EXIT
mount -t tmpfs -o mode=1777 tmpfs /srv
environment=(PROBE_FILES="$RIG_HOME/files" PROBE_TMP="$marker" PROBE_SYSTEM=/srv PROBE_DEVICE=/dev/kmsg
  PROBE_NET="$(readlink "/proc/$MANAGER_PID/ns/net")" PROBE_CGROUP="$RIG_CGROUP/user@$RIG_UID.service")
unit=/usr/local/share/systemd/user/signind.service
drop_in=$RIG_RUNTIME/systemd/generator/signind.service.d/50-sandbox.conf
proven=
as_user systemctl --user start signind-state.service
mapfile -t all_acts < <("$TOP_BUILDDIR/tests/system/sandbox-probe" all | cut -d ' ' -f 1)

test_first_half
test_second_half
check "no line is without a probe" no_line_without_probe
whole signind.service state
whole signin-healthd.service inet netlink network
manager_stop
mount --bind /dev/null /usr/local/lib/systemd/user-generators/signind-sandbox-generator
manager_start
open=(users capabilities modules devices network tmp cgroups kernel-log kernel-settings home system state)
whole signind.service "${open[@]}"
whole signin-healthd.service inet netlink "${open[@]}"
manager_stop
echo "1..$number"
