#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A sign-in to two services, then the machine is switched off.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

# It ends in the moment in which the other one's warning comes.
define_short 460min
systemctl --user enable signind.service 2>/dev/null
systemctl --user start signind.service
signinctl add contoso --service dynamics365 --org contoso --region crm4 >/dev/null
signinctl add brief --service short >/dev/null
now=$(date --iso-8601=seconds)
check "a sign-in is recorded" signinctl record contoso --at "$now"
check "and another one" signinctl record brief --at "$now"
date --date="$now" +%s >~/signed-in-at
