#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A sign-in, then the machine is switched off.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

systemctl --user enable signind.service 2>/dev/null
systemctl --user start signind.service
signinctl add contoso --service dynamics365 --org contoso --region crm4 >/dev/null
check "a sign-in is recorded" signinctl record contoso
signinctl status --json | in_json signed_in_at_sec >~/signed-in-at
