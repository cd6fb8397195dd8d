#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A machine that denies user namespaces, as several desktops do: both units run with the half of their sandbox that
# needs none.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

UNITS="signind signin-healthd"

ask_health ()
{
  busctl --user --timeout=60 call org.signind.Health1 /org/signind/Health1 org.signind.Health1 Get | grep -q '^aa{sv} '
}

# private UNIT yes|no: what systemd says of it, and what its process has.
private ()
{
  local pid own=no
  pid=$(systemctl --user show -P MainPID "$1.service")
  [ "$(sudo readlink "/proc/$pid/ns/user")" = "$(readlink /proc/self/ns/user)" ] || own=yes
  echo "# $1 has a user namespace of its own: $own"
  [ "$(systemctl --user show -P PrivateUsers "$1.service")" = "$2" ] && [ $own = "$2" ]
}

# drop_ins UNIT: what the generator has written for it.
drop_ins ()
{
  find "$XDG_RUNTIME_DIR"/systemd/generator* -path "*/$1.service.d/*" 2>/dev/null
}

systemctl --user start signind.service
check "signin-healthd answers" ask_health
for unit in $UNITS; do
  check "with user namespaces $unit has a drop-in" test -n "$(drop_ins "$unit")"
  check "and a user namespace of its own" private "$unit" yes
done
before=$(signinctl status --json | grep signed_in_at)

sudo sysctl --quiet --write user.max_user_namespaces=0
check "without: nobody can have one" not unshare --user true
check "nor a unit" not systemd-run --user --wait --quiet --property=PrivateUsers=yes true
systemctl --user daemon-reload
systemctl --user restart signind.service signin-healthd.service
for unit in $UNITS; do
  check "$unit has no drop-in" test -z "$(drop_ins "$unit")"
  check "and runs" systemctl --user --quiet is-active "$unit.service"
  check "in the user namespace of everybody" private "$unit" no
  check "with its system calls filtered" \
    grep -q '^Seccomp:[[:space:]]*2$' "/proc/$(systemctl --user show -P MainPID "$unit.service")/status"
done
check "signind knows what it knew" test "$(signinctl status --json | grep signed_in_at)" = "$before"
check "and doctor tells of the other half" grep -q 'Half of the unit' <(signinctl doctor)
check "signin-healthd answers" ask_health
