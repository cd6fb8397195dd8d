#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `./dev run` on a desktop: a whole installation below ~/.local, and its way back.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

in_home ()
{
  as_user sh -c "cd ~/source && $1" </dev/null
}

nothing_left ()
{
  local left
  left=$(find "$RIG_HOME/.local" "$RIG_HOME/.config" -not -type d -not -path '*/state/*')
  [ -z "$left" ] || {
    echo "$left"
    return 1
  }
}

rig_enter "$@"

rig_prepare
mkdir "$RIG_HOME/source"
tar -C "$TOP_SRCDIR" --exclude=./build --exclude=./build-home --exclude=./build-coverage --exclude=./.git -cf - . |
  tar -C "$RIG_HOME/source" -xf -
chown -R $RIG_UID:$RIG_UID "$RIG_HOME/source"
manager_start
# A display is only looked for: nothing is shown before a warning is due.
check "dev run installs into ~/.local" in_home 'DISPLAY=:0 ./dev run'
check "the unit runs" running
check "from there" unit_is FragmentPath "$RIG_HOME/.local/share/systemd/user/signind.service"
check "and starts at every login" as_user systemctl --user is-enabled signind.service
check "the unit can be stopped" as_user systemctl --user stop signind.service
check "and the installed signinctl starts it again" in_home '../.local/bin/signinctl status'
check "by its unit" running
check "the generator can be called by hand" \
  in_home '../.local/lib/systemd/user-generators/signind-sandbox-generator ../.config/systemd/user'
check "for the whole sandbox" in_home 'systemctl --user daemon-reload && systemctl --user restart signind.service'
check "which the unit then has" unit_is PrivateUsers yes
rm -r "$RIG_HOME/.config/systemd/user/"{signind,signin-healthd}.service.d
check "what dev run says to undo it works" \
  in_home 'systemctl --user disable --now signind.service && make -C build-home uninstall'
check "and leaves nothing but the state" nothing_left
manager_stop
echo "1..$number"
