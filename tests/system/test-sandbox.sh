#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each line of the sandbox is tried: what it forbids can be done without it, cannot be done under it alone, and cannot
# be done in the whole unit, with and without user namespaces.

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

# in_unit UNIT COMMAND: the program of the unit replaced by another, everything else as installed.
in_unit ()
{
  local unit=$1 command=$2 folder=$RIG_RUNTIME/systemd/user.control/$1.d setting
  mkdir -p "$folder"
  {
    printf '[Service]\nType=oneshot\nBusName=\nRestart=no\nWatchdogSec=0\nExecStart=\n'
    printf 'ExecStart=%s\nStandardOutput=truncate:%s\nStandardError=null\n' "$command" "$RIG_HOME/said"
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

# opens ACT LINES MORE: the other way round, for lines that let through what MORE forbids.
opens ()
{
  local act=$1 lines=$2 more=$3 with without
  without=$(probe "$more" "$act")
  with=$(probe "$more"$'\n'"$lines" "$act")
  echo "without: $without; with: $with"
  [ "$without" = "$act denied" ] && [ "$with" = "$act allowed" ]
}

# The lines of the file that begin so; one that is not there proves nothing.
lines_of ()
{
  grep -E "^($2)=" "$1" || echo "NoSuchLine=$2"
}

# What a file has, as a transient unit wants it.
expanded ()
{
  lines_of "$@" | sed "s|%h|$RIG_HOME|; s|%t|$RIG_RUNTIME|"
}

# first ACT LINE-NAMES: of the unit itself.
first ()
{
  check "${unit##*/}, $2: $1" proves "$1" "$(lines_of "$unit" "$2")"
  proven+=$(lines_of "$unit" "$2")$'\n'
}

# second ACT LINE-NAMES: of what the generator adds, which needs PrivateUsers=.
second ()
{
  check "$2: $1" proves "$1" "$(lines_of "$drop_in" "$2")" 'PrivateUsers=yes'
  proven+=$(lines_of "$drop_in" "$2")$'\n'
}

# through ACT FILE LINE-NAMES: what one unit may all the same.
through ()
{
  check "${2#"$RIG_RUNTIME"/}, $3: $1" opens "$1" "$(expanded "$2" "$3")" \
    $'PrivateUsers=yes\nProtectHome=read-only\nProtectSystem=strict'
  proven+=$(lines_of "$2" "$3")$'\n'
}

test_first_half ()
{
  first umask UMask
  first privileges NoNewPrivileges
  first personality LockPersonality
  first code MemoryDenyWriteExecute
  first inet RestrictAddressFamilies
  first netlink RestrictAddressFamilies
  first packet RestrictAddressFamilies
  first namespace RestrictNamespaces
  first realtime RestrictRealtime
  first setuid RestrictSUIDSGID
  if [ "$(uname -m)" = x86_64 ]; then
    first 32-bit SystemCallArchitectures
  else
    proven+=$(lines_of "$unit" SystemCallArchitectures)$'\n'
  fi
  first priority 'SystemCallFilter|SystemCallErrorNumber'
  first chown 'SystemCallFilter|SystemCallErrorNumber'
  first trace 'SystemCallFilter|SystemCallErrorNumber'
}

test_second_half ()
{
  check "PrivateUsers: users" proves users PrivateUsers=yes
  proven+=$'PrivateUsers=yes\n'
  second capabilities CapabilityBoundingSet
  second devices PrivateDevices
  second network PrivateNetwork
  second tmp PrivateTmp
  second var-tmp PrivateTmp
  second shm InaccessiblePaths
  second clock ProtectClock
  second cgroups ProtectControlGroups
  second home ProtectHome
  second config ProtectHome
  second runtime ProtectHome
  second runtime-own ProtectHome
  second dconf ProtectHome
  second kernel-log ProtectKernelLogs
  second modules ProtectKernelModules
  second kernel-settings ProtectKernelTunables
  second system ProtectSystem
}

test_exceptions ()
{
  through state "$drop_in" ReadWritePaths
  through runtime-own "$unit" 'RuntimeDirectory|RuntimeDirectoryMode|RuntimeDirectoryPreserve'
  through dconf "$health_drop_in" ReadWritePaths
}

# Lines that restrict, or except from that, in all files.
no_line_without_probe ()
{
  local line missing=0 restricts='Restrict|Protect|Private|Lock|Memory|NoNew|SystemCall|Capab|UMask|.*Paths='
  while read -r line; do
    grep -qxF "$line" <<<"$proven" || { echo "$line" && missing=1; }
  done < <(grep -hE "^($restricts|Temporary|.*Directory)" "$unit" "$drop_in" "$health_unit" "$health_drop_in")
  [ "$missing" = 0 ]
}

# whole UNIT ALLOWED...: everything is denied but this.
whole ()
{
  local unit=$1 act
  shift
  in_unit "$unit" "$RIG_LOCAL_PROBE all"
  for act in "${all_acts[@]}"; do
    case " $* " in
      *" $act "*) check "$unit may: $act" says "$act allowed" ;;
      *) check "$unit may not: $act" says "$act denied" ;;
    esac
  done
}

# Folders where it could leave something; find's status does not count. /tmp and /var/tmp are of the unit alone.
only_writes_to ()
{
  in_unit "$1" "-/usr/bin/find / -maxdepth 6 ( -path /proc -o -path /sys ) -prune -o -type d -writable -print"
  shift
  diff <(printf '%s\n' /tmp /var/tmp "$@" | sort) <(sort "$RIG_HOME/said")
}

# What is acted upon: things that a person could have or change here, if no sandbox were in the way.
prepare_acts ()
{
  local file
  folders_of_user "$RIG_HOME"/{files,.config} "$RIG_RUNTIME"/{signind,dconf}
  # In the /tmp of everybody, where the build tree may be, too.
  marker=$(mktemp /tmp/signind-probe.XXXXXX)
  var_tmp=$(mktemp -d /var/tmp/signind-probe.XXXXXX)
  trap 'rm -rf "$marker" "$var_tmp"' EXIT
  chown $RIG_UID:$RIG_UID "$var_tmp"
  mount -t tmpfs -o mode=1777 tmpfs /srv
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  # What only root may touch tells nothing, so others take their places.
  for file in /proc/kmsg /proc/sys/kernel/printk; do
    touch "$RIG_SCRATCH/${file##*/}"
    chmod 666 "$RIG_SCRATCH/${file##*/}"
    mount --bind "$RIG_SCRATCH/${file##*/}" $file || rig_fail "nothing can be put in the place of $file"
  done
  # The machine may have no modules.
  mkdir -p "$RIG_SCRATCH/lib/modules"
  touch "$RIG_SCRATCH/lib/modules/sandbox-probe"
  mount -t overlay -o lowerdir="$RIG_SCRATCH/lib:/usr/lib" overlay /usr/lib || rig_fail "no overlay file system"
}

folders_of_user ()
{
  mkdir -p "$@"
  chown $RIG_UID:$RIG_UID "$@"
}

rig_enter "$@"

RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
RIG_LOCAL_PROBE=/usr/local/libexec/sandbox-probe
for name in '' -setuid -capable; do
  install -m 755 "$TOP_BUILDDIR/tests/system/sandbox-probe" "$RIG_SCRATCH/tree$RIG_LOCAL_PROBE$name"
done
chmod u+s "$RIG_SCRATCH/tree$RIG_LOCAL_PROBE-setuid"
setcap cap_sys_chroot=ep "$RIG_SCRATCH/tree$RIG_LOCAL_PROBE-capable" || rig_fail "no file can have capabilities"
rig_prepare
prepare_acts
manager_start
environment=(PROBE_FILES="$RIG_HOME/files" PROBE_TMP="$marker" PROBE_VAR_TMP="$var_tmp" PROBE_SYSTEM=/srv
  PROBE_DEVICE=/dev/kmsg PROBE_NET="$(readlink "/proc/$MANAGER_PID/ns/net")" PROBE_MODULE=/usr/lib/modules/sandbox-probe
  PROBE_SETUID="$RIG_LOCAL_PROBE-setuid" PROBE_CAPABLE="$RIG_LOCAL_PROBE-capable")
unit=/usr/local/share/systemd/user/signind.service
drop_in=$RIG_RUNTIME/systemd/generator/signind.service.d/50-sandbox.conf
health_unit=${unit%/*}/signin-healthd.service
health_drop_in=$RIG_RUNTIME/systemd/generator/signin-healthd.service.d/50-sandbox.conf
proven=
as_user systemctl --user start signind-state.service
mapfile -t all_acts < <("$TOP_BUILDDIR/tests/system/sandbox-probe" all | cut -d ' ' -f 1)

test_first_half
unit=$health_unit first packet RestrictAddressFamilies
test_second_half
test_exceptions
check "no line is without a probe" no_line_without_probe
whole signind.service state runtime-own
whole signin-healthd.service inet netlink network dconf
check "signind.service writes to its own folders only" \
  only_writes_to signind.service "$RIG_HOME/.local/state/signind" "$RIG_RUNTIME/signind"
check "signin-healthd.service writes to that of dconf only" only_writes_to signin-healthd.service "$RIG_RUNTIME/dconf"
manager_stop
mount --bind /dev/null /usr/local/lib/systemd/user-generators/signind-sandbox-generator
manager_start
open=(users modules devices network tmp var-tmp shm cgroups kernel-log kernel-settings home config runtime runtime-own
  dconf system state)
whole signind.service "${open[@]}"
whole signin-healthd.service inet netlink "${open[@]}"
manager_stop
echo "1..$number"
