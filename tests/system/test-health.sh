#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The unit of signin-healthd under a real user manager, without any network but loopback: bus activation, sandbox,
# sockets, and leaving without losing a call.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

health_is ()
{
  [ "$(as_user systemctl --user show -P "$1" signin-healthd.service)" = "$2" ]
}

health_pid ()
{
  as_user systemctl --user show -P MainPID signin-healthd.service
}

call ()
{
  as_user busctl --user --timeout=40 call org.signind.Health1 /org/signind/Health1 org.signind.Health1 "$@"
}

get_works ()
{
  [ "$(call Get)" = "aa{sv} 0" ]
}

namespace_of_its_own ()
{
  [ "$(readlink "/proc/$(health_pid)/ns/$1")" != "$(readlink "/proc/$MANAGER_PID/ns/$1")" ]
}

mount_mode ()
{
  findmnt --noheadings --task "$(health_pid)" --output OPTIONS --target "$1" | cut -d, -f1
}

# Everything that is asked comes here and is hung up on: what counts is that it arrives.
listen ()
{
  echo "127.0.0.1 localhost portal.office.com home.dynamics.com login.microsoftonline.com" >"$RIG_SCRATCH/hosts"
  mount --bind "$RIG_SCRATCH/hosts" /etc/hosts
  ip link set lo up
  /usr/bin/python3 - "$RIG_SCRATCH/arrived" <<'EOF' &
import socket, sys
server = socket.create_server(("127.0.0.1", 443))
with open(sys.argv[1], "w") as arrived:
    while True:
        client, _ = server.accept()
        client.close()
        print("one", file=arrived, flush=True)
EOF
  eventually 10 test -e "$RIG_SCRATCH/arrived"
}

test_activation ()
{
  check "nothing runs before the first call" health_is ActiveState inactive
  check "the first call starts the unit, and is answered" get_works
  check "the unit is active" health_is ActiveState active
  check "started by the bus, for signind is not needed" test "$(unit_pid)" = 0
}

test_sandbox ()
{
  check "the generator wrote the second half" \
    test -f "$RIG_RUNTIME/systemd/generator/signin-healthd.service.d/50-sandbox.conf"
  check "the unit has it" health_is PrivateUsers yes
  check "a user namespace of its own" namespace_of_its_own user
  check "home is read-only" test "$(mount_mode "$RIG_HOME")" = ro
  check "/usr is read-only" test "$(mount_mode /usr)" = ro
  check "system calls are filtered" grep -q '^Seccomp:[[:space:]]*2$' "/proc/$(health_pid)/status"
  check "no capabilities can be had" grep -q '^CapBnd:[[:space:]]*0000000000000000$' "/proc/$(health_pid)/status"
  check "signind's own unit has no network" \
    test "$(as_user systemctl --user show -P RestrictAddressFamilies signind.service)" = AF_UNIX
}

test_network ()
{
  check "inside of it, names are looked up and hosts are asked" call Check 'a{sv}' 2 feeds b false graph b false
  check "the questions arrived" eventually 5 test -s "$RIG_SCRATCH/arrived"
}

# One second in place of a minute.
test_leaving ()
{
  local n lost=0 folder=$RIG_RUNTIME/systemd/user/signin-healthd.service.d
  as_user mkdir -p "$folder"
  as_user sh -c "printf '%s\n' '[Unit]' StartLimitIntervalSec=0 '[Service]' ExecStart= \
    'ExecStart=/usr/local/libexec/signin-healthd --idle 1' >'$folder/idle.conf'"
  as_user systemctl --user stop signin-healthd.service
  as_user systemctl --user daemon-reload
  check "it starts again" get_works
  check "and leaves by itself" eventually 10 health_is ActiveState inactive
  check "as a success" health_is Result success
  for n in 1 2 3 4 5 6 7 8; do
    get_works || lost=$((lost + 1))
    # Calls come while it leaves: from before it says so until it is gone.
    /usr/bin/python3 -c "import time; time.sleep(0.9 + $n * 0.02)"
    for _ in 1 2 3; do
      get_works || lost=$((lost + 1))
    done
  done
  check "no call is lost over it" test $lost = 0
  check "and none of its lives failed" health_is NRestarts 0
}

# Where user namespaces are denied the generator writes nothing: the first half has to work alone.
test_without_namespaces ()
{
  manager_stop
  mount --bind /dev/null /usr/local/lib/systemd/user-generators/signind-sandbox-generator
  manager_start
  check "without the second half the unit runs too" get_works
  check "in the user namespace of everybody" health_is PrivateUsers no
  umount /usr/local/lib/systemd/user-generators/signind-sandbox-generator
}

if [ "${RIG_INSIDE-}" != 1 ]; then
  [ "$(make -s --no-print-directory -C "$TOP_BUILDDIR" print-prefix)" = /usr/local ] ||
    rig_fail "configure without --prefix for this test"
  [ "$(id -u)" = 0 ] || exec sudo -n env TOP_SRCDIR="$TOP_SRCDIR" TOP_BUILDDIR="$TOP_BUILDDIR" "$0" "$@"
  [ "${HEALTH_NET-}" = 1 ] || HEALTH_NET=1 exec unshare --net -- "$0" "$@"
fi
rig_enter "$@"

RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
rig_prepare
listen # before the sandbox: it does not see what is mounted later
manager_start
test_activation
test_sandbox
test_network
test_leaving
test_without_namespaces
manager_stop
echo "1..$number"
