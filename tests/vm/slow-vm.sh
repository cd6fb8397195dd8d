#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real time: the installed signind in a machine whose clock is set, that sleeps and that starts anew with a wrong clock.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u

[ "$(id -u)" = 0 ] || exec sudo -n env TOP_SRCDIR="$TOP_SRCDIR" TOP_BUILDDIR="$TOP_BUILDDIR" "$0"
. "$TOP_SRCDIR/tests/vm/machine.sh"

guest=${SIGNIND_VM_CACHE-$TOP_BUILDDIR/vm-guest}
disk=$guest.disk
tree=$guest.tree
number=0

finish ()
{
  rm -rf "$tree" "$tree.script" "$disk"
}
trap finish EXIT

# boot SCRIPTS SECONDS [QEMU-ARGUMENT...]: one after the other; their checks become ours.
boot ()
{
  local scripts line ended=
  read -ra scripts <<<"$1"
  shift
  cat "${scripts[@]/#/$TOP_SRCDIR/tests/vm/guest/}" >"$tree.script"
  while IFS= read -r line; do
    case $line in
      "ok - "* | "not ok - "*)
        number=$((number + 1))
        echo "${line%% - *} $number - ${line#* - }"
        ;;
      "vm: ended with 0"*) ended=1 ;;
      *) echo "# ${line#\# }" ;;
    esac
  done < <(vm_boot "$guest" "$disk" "$tree" "$tree.script" "$@" | tr -d '\r')
  number=$((number + 1))
  [ -n "$ended" ] && echo "ok $number - ${scripts[*]} ran to the end" || echo "not ok $number - ${scripts[*]} ran to the end"
}

vm_build "$guest" >"$TOP_BUILDDIR/vm-guest.log" 2>&1 || {
  tail -n 20 "$TOP_BUILDDIR/vm-guest.log" | sed 's/^/# /'
  echo "Bail out! the guest could not be built"
  exit 99
}
prefix=$(make -s --no-print-directory -C "$TOP_BUILDDIR" print-prefix)
make -s -C "$TOP_BUILDDIR" install DESTDIR="$tree" >/dev/null || { echo "Bail out! make install fails"; exit 99; }
mkdir -p "$tree/opt/vm" && cp "$TOP_SRCDIR/tests/vm/guest/lib.sh" "$TOP_BUILDDIR/tests/vm/notifications" "$tree/opt/vm/"
echo "# installed below $prefix"

vm_disk "$guest" "$disk"
boot clock.sh 600
vm_disk "$guest" "$disk"
boot "presence.sh namespaces.sh" 420
vm_disk "$guest" "$disk"
boot before-reboot.sh 240 -rtc base=2026-11-23T08:00:00
boot after-reboot.sh 300 -rtc base=2001-01-01T00:00:00
echo "1..$number"
