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
for id in contoso brief; do
  check "the session of $id is known" sh -c "signinctl status $id | grep 'signed in since'"
  check "and nothing is told of it" test "$(how_many warning $id) $(how_many expired $id)" = "0 0"
done
true_at=$(plus "$(up)" 15)
sudo date --set="@$((signed_in_at + 27600 - 15))" >/dev/null
check "once the clock is right, the warning comes" within 60 exactly 1 warning contoso
check "when it is due" in_time warning contoso "$true_at"
check "and an end, too" within 60 exactly 1 expired brief
check "when it is due" in_time expired brief "$true_at"
check "no end of what goes on" exactly 0 expired contoso
check "the warning was told once" exactly 1 warning contoso
check "and the one before that end, too" exactly 1 warning brief
