#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The machine starts anew and its clock is years behind; then time synchronisation sets it.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

signed_in_at=$(cat ~/signed-in-at)
check "the clock is wrong" test "$(date +%s)" -lt "$signed_in_at"
check "signind was started at boot" within 30 systemctl --user --quiet is-active signind.service
check "its events are followed" follow
check "the session is known" sh -c 'signinctl status contoso | grep "signed in since"'
check "and nothing is told of it" exactly 0 warning contoso
sudo date --set="@$((signed_in_at + 27600 - 15))" >/dev/null
true_at=$(plus "$(up)" 15)
check "once the clock is right, the warning comes" within 60 exactly 1 warning contoso
check "when it is due" about "$(came_at warning contoso)" "$true_at"
check "once" exactly 1 warning contoso
