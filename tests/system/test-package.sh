#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Debian packages in a Debian that has nothing else: installed, upgraded under a running session, removed, purged.
# The Debian is made with debootstrap from where this machine has its packages; it goes when the test ends.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u

if [ "${INSIDE-}" != 1 ]; then
  [ "$(id -u)" = 0 ] || exec sudo -n env TOP_SRCDIR="$TOP_SRCDIR" TOP_BUILDDIR="$TOP_BUILDDIR" "$0"
  # Ends with everything that runs in it, and what is mounted in it is mounted nowhere else.
  INSIDE=1 exec unshare --mount --pid --fork --kill-child --mount-proc "$0"
fi

# eventually and check
. "$TOP_SRCDIR/tests/system/user-manager.sh"

work=$(mktemp -d /var/tmp/signind-package.XXXXXX)
trap 'umount -l "$root"/{dev,proc,run} 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
root=$work/root
log=$work/log
number=0
user=person

inside ()
{
  chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

as_user ()
{
  inside setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/$user XDG_RUNTIME_DIR=/run/user/1000 \
    DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus "$@"
}

make_root ()
{
  local uri suite
  # shellcheck disable=SC2016
  read -r uri suite < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
    grep -v -e -security -e -updates | head -n 1)
  debootstrap --variant=minbase "$suite" "$root" "$uri" || return 1
  mount --bind /dev "$root/dev" && mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/run" || return 1
  # No service manager runs in there.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
  inside apt-get install -y --no-install-recommends dbus-daemon dbus-session-bus-common init-system-helpers || return 1
  inside useradd --uid 1000 --create-home $user
}

# The packages of this source, and the same as if a later version had come.
make_packages ()
{
  local package tree
  cp "$TOP_BUILDDIR"/package/*.deb "$work/" && rm -f "$work"/*-dbgsym_*.deb || return 1
  mkdir "$root/packages" "$root/later"
  for package in "$work"/*.deb; do
    tree=$work/tree
    rm -rf "$tree"
    dpkg-deb -R "$package" "$tree" || return 1
    sed -i 's/^Version: .*/&+later1/; s/signind (= \([^)]*\))/signind (= \1+later1)/' "$tree/DEBIAN/control"
    cp "$package" "$root/packages/" && dpkg-deb -b "$tree" "$root/later/${package##*/}" || return 1
  done
}

install_from ()
{
  inside sh -c "apt-get install -y --no-install-recommends $1/*.deb"
}

start_bus ()
{
  mkdir -p "$root/run/user/1000" && chown 1000:1000 "$root/run/user/1000" &&
    as_user dbus-daemon --session --fork --address=unix:path=/run/user/1000/bus
}

owner ()
{
  as_user dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.signind.Signin1
}

still_signed_in ()
{
  as_user signinctl status contoso | tee "$log.status"
  grep -q 'signed in since' "$log.status"
}

enabled ()
{
  [ "$(inside readlink /etc/systemd/user/default.target.wants/signind.service)" = /usr/lib/systemd/user/signind.service ]
}

taken_over ()
{
  local now
  now=$(owner) && [ -n "$now" ] && [ "$now" != "$before" ]
}

# there PATH...: these files are in the Debian.
there ()
{
  local path missing=0
  for path; do
    [ -f "$root$path" ] || { echo "$path is missing"; missing=1; }
  done
  return $missing
}

# What is called from outside, and what people read: each program with its unit, bus name and pages.
signind_in_place ()
{
  there /usr/bin/signinctl /usr/libexec/signin{d,-healthd,d-browser-host} \
    /usr/lib/systemd/user/signin{d,d-state,-healthd}.service \
    /usr/share/dbus-1/services/org.signind.{Signin1,Health1}.service \
    /usr/share/man/man1/signinctl.1.gz /usr/share/man/man8/signin{d,-healthd,d-browser-host}.8.gz \
    /usr/share/man/man5/{signind.conf,signind-service,org.signind.Signin1,org.signind.Health1}.5.gz \
    /usr/share/bash-completion/completions/signinctl /usr/share/zsh/vendor-completions/_signinctl \
    /usr/share/fish/vendor_completions.d/signinctl.fish
}

# Where Debian's Firefox and Chromium look, and what they are let start.
companion_in_place ()
{
  local manifest program id
  local firefox=/usr/lib/mozilla/native-messaging-hosts/org.signind.browser.json
  local chromium=/etc/chromium/native-messaging-hosts/org.signind.browser.json
  there $firefox $chromium || return 1
  for manifest in $firefox $chromium; do
    program=$(sed -n 's/.*"path": "\(.*\)".*/\1/p' "$root$manifest")
    [ -x "$root$program" ] || { echo "$manifest names \"$program\""; return 1; }
  done
  id=$(sed -n 's/.*"allowed_extensions": \[ *"\([^"]*\)".*/\1/p' "$root$firefox")
  there "/usr/share/mozilla/extensions/{ec8030f7-c20a-464f-9b0e-13a3a9e97384}/$id.xpi" \
    /usr/share/chromium/extensions/signind/{manifest.json,background.js}
}

no_extension ()
{
  ! find "$root"/usr/share/{mozilla,chromium} -iname '*signin*' 2>/dev/null | grep .
}

# Whatever has the name of this project; logs and caches of the package manager are its own.
nothing_left ()
{
  ! find "$root" -xdev \( -path "$root/var/log" -o -path "$root/packages" -o -path "$root/later" -o -path "$root/home" \) \
    -prune -o -iname '*signin*' -print | grep .
}

build_packages ()
{
  (cd "$TOP_SRCDIR" && ./dev package)
}

# The tarball made again, by somebody with another umask, in another time zone and language.
same_tarball ()
{
  local tarball
  tarball=$(echo "$TOP_BUILDDIR"/package/*.orig.tar.xz)
  (umask 077 && SOURCE_DATE_EPOCH=$(tar --full-time -tvf "$tarball" | awk 'NR == 1 { print $4, $5; exit }' |
    date -u -f - +%s) TZ=Asia/Tokyo LC_ALL=C make -s -C "$TOP_BUILDDIR" dist) || return 1
  cmp "$TOP_BUILDDIR"/signind-*.tar.xz "$tarball"
}

check "the packages build, and lintian warns of nothing" build_packages
check "the tarball comes out the same again" same_tarball
make_root >"$log" 2>&1 || { tail -n 20 "$log" | sed 's/^/# /'; rig_fail "no Debian could be made"; }
make_packages >"$log" 2>&1 || { tail -n 20 "$log" | sed 's/^/# /'; rig_fail "no packages"; }

check "the packages install" install_from /packages
check "with units, bus names, man pages and completions" signind_in_place
check "and the extension where Debian's browsers find it, with a program that they can start" companion_in_place
check "for everybody, from the next login" enabled
check "a session bus starts" start_bus
check "signinctl starts signind over the bus" as_user signinctl add contoso --service dynamics365 --org contoso --region crm4
check "a sign-in is recorded" as_user signinctl record contoso
check "and shown" still_signed_in
before=$(owner)
check "the packages can be upgraded while it runs" install_from /later
check "to the later version" inside sh -c "dpkg-query -W -f '\${Version}' signind | grep -q later1"
check "the session is still shown" still_signed_in
check "by the process that ran" [ "$before" = "$(owner)" ]
as_user /usr/libexec/signind --replace &
check "the later program takes over" eventually 20 taken_over
# It has the name first and the database then: who asks in between is told nothing of use.
check "and knows the session" eventually 20 still_signed_in
check "the extension can be removed alone" inside apt-get purge -y webext-signind
check "and leaves nothing to browsers" no_extension
check "but the daemon as it was" still_signed_in
check "the packages can be removed" inside sh -c "apt-get purge -y \$(dpkg-query -W -f '\${Package} ' 'signind*' 'webext-signind*')"
check "and nothing of them is left" nothing_left
check "but what people told it" [ -f "$root/home/$user/.local/state/signind/signind.db" ]
echo "1..$number"
