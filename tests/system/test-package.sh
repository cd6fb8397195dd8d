#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Debian packages in a Debian that has nothing else, under its own user manager: installed, there after the next
# login, upgraded while signind runs, removed, purged. The Debian is made with debootstrap from where this machine has
# its packages; it goes when the test ends.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

FIREFOX=/usr/lib/mozilla/native-messaging-hosts/org.signind.browser.json
AFTER_PURGE=.apt\ remove
CHROMIUM=/etc/chromium/native-messaging-hosts/org.signind.browser.json
mapfile -t EVENTS < <(awk '$2 ~ /^SIGNIN_MESSAGE_/ { gsub (/"/, "", $3); print $3 }' "$TOP_SRCDIR/daemon/names.h")

build_packages ()
{
  (cd "$TOP_SRCDIR" && ./dev package)
}

# The tarball made again from nothing but the sources, in another place, by somebody with another umask, in another
# time zone and language.
same_tarball ()
{
  local tarball elsewhere=$RIG_SCRATCH/elsewhere
  tarball=$(echo "$TOP_BUILDDIR"/package/*.orig.tar.xz)
  (
    umask 077
    SOURCE_DATE_EPOCH=$(tar --full-time -tvf "$tarball" | awk 'NR == 1 { print $4, $5; exit }' | date -u -f - +%s)
    export SOURCE_DATE_EPOCH TZ=Asia/Tokyo LC_ALL=C
    mkdir -p "$elsewhere/out" && tar -C "$TOP_SRCDIR" --exclude-vcs --exclude='./build*' --exclude=./m4 \
      --exclude=./configure --exclude=./aclocal.m4 --exclude=./autom4te.cache -cf - . |
      tar -C "$elsewhere" --no-same-owner --no-same-permissions -xf - &&
      cd "$elsewhere" && autoreconf -fi && cd out && ../configure --quiet && make -s dist
  ) || return 1
  cmp "$elsewhere"/out/signind-*.tar.xz "$tarball"
}

make_root ()
{
  local uri suite
  # shellcheck disable=SC2016
  read -r uri suite < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
    grep -v -e -security -e -updates | head -n 1)
  debootstrap --variant=minbase "$suite" "$root" "$uri" || return 1
  # Neither its init nor a daemon of the system runs in there.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
  chroot "$root" /usr/bin/env -i PATH="$PATH" DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends dbus-user-session init-system-helpers </dev/null
}

# The packages of this source, and what a later version of it would be: its programs tell that they are of that.
make_packages ()
{
  local package tree
  version=$(sed -n 's/^AC_INIT(\[signind\], \[\([^]]*\)\].*/\1/p' "$TOP_SRCDIR/configure.ac")
  later=${version%?}$(((${version: -1} + 1) % 10))
  mkdir "$root/packages" "$root/later"
  for package in "$TOP_BUILDDIR"/package/{signind_,webext-signind_}*.deb; do
    tree=$RIG_SCRATCH/tree.$(basename "${package%%_*}")
    cp "$package" "$root/packages/" && dpkg-deb -R "$package" "$tree" && cp -a "$tree" "$RIG_SCRATCH/later" || return 1
    sed -i 's/^Version: .*/&+later1/; s/signind (= \([^)]*\))/signind (= \1+later1)/' \
      "$RIG_SCRATCH/later/DEBIAN/control"
    find "$RIG_SCRATCH/later" -type f -perm /1 -exec grep -qF "$version" {} \; \
      -exec sed -i "s/${version//./\\.}/$later/g" {} +
    dpkg-deb -b "$RIG_SCRATCH/later" "$root/later/${package##*/}" && rm -r "$RIG_SCRATCH/later" || return 1
  done
}

# What software centres and menus read, as it is in the package.
desktop_files_valid ()
{
  local share=$RIG_SCRATCH/tree.signind/usr/share
  appstreamcli validate --no-net "$share"/metainfo/*.xml &&
    desktop-file-validate "$share"/applications/*.desktop "$RIG_SCRATCH"/tree.signind/etc/xdg/autostart/*.desktop
}

# Drawn in the sizes of a panel and of a software centre, and something is to be seen: more than one colour.
icons_can_be_drawn ()
{
  local icon size got colours drawn=0
  for icon in "$RIG_SCRATCH"/tree.signind/usr/share/icons/hicolor/*/apps/*.svg; do
    for size in 16 128; do
      rsvg-convert --width=$size --height=$size --output="$RIG_SCRATCH/icon.png" "$icon" || return 1
      read -r got colours < <(identify -format '%wx%h %k\n' "$RIG_SCRATCH/icon.png")
      echo "$icon: $got, $colours colours"
      [ "$got" = "${size}x$size" ] && [ "$colours" -gt 1 ] && drawn=$((drawn + 1))
    done
  done
  [ $drawn = 4 ]
}

install_from ()
{
  sh -c "apt-get install -y --no-install-recommends $1/*.deb"
}

# there PATH...: these files are in the Debian.
there ()
{
  local path missing=0
  for path; do
    [ -f "$path" ] || { echo "$path is missing"; missing=1; }
  done
  return $missing
}

# What is called from outside, and what people read: each program with its unit, bus name and pages.
signind_in_place ()
{
  there /usr/bin/signinctl /usr/libexec/signin{d,-healthd,d-browser-host} \
    /usr/lib/systemd/user/signin{d,d-state,-healthd}.service \
    /usr/lib/systemd/user-generators/signind-sandbox-generator /usr/lib/systemd/user-preset/80-signind.preset \
    /usr/lib/systemd/catalog/signind.catalog \
    /usr/share/dbus-1/services/org.signind.{Signin1,Health1}.service \
    /usr/share/man/man1/signinctl.1.gz /usr/share/man/man8/signin{d,-healthd,d-browser-host}.8.gz \
    /usr/share/man/man5/{signind.conf,signind-service,org.signind.Signin1,org.signind.Health1}.5.gz \
    /usr/share/bash-completion/completions/signinctl /usr/share/zsh/vendor-completions/_signinctl \
    /usr/share/fish/vendor_completions.d/signinctl.fish /usr/share/signind/fleet/signind-fleet{-export,.service,.timer}
}

desktop_files_in_place ()
{
  there /etc/xdg/autostart/signind.desktop /usr/share/applications/org.signind.Signin1.desktop \
    /usr/share/metainfo/org.signind.Signin1.metainfo.xml \
    /usr/share/icons/hicolor/scalable/apps/org.signind.Signin1.svg \
    /usr/share/icons/hicolor/symbolic/apps/org.signind.Signin1-symbolic.svg
}

# Where Debian's Firefox and Chromium look, and what they are let start.
companion_in_place ()
{
  local manifest program id
  there $FIREFOX $CHROMIUM || return 1
  for manifest in $FIREFOX $CHROMIUM; do
    program=$(sed -n 's/.*"path": "\(.*\)".*/\1/p' "$manifest")
    [ -x "$program" ] || { echo "$manifest names \"$program\""; return 1; }
  done
  id=$(sed -n 's/.*"allowed_extensions": \[ *"\([^"]*\)".*/\1/p' $FIREFOX)
  there "/usr/share/mozilla/extensions/{ec8030f7-c20a-464f-9b0e-13a3a9e97384}/$id.xpi" \
    /usr/share/chromium/extensions/signind/{manifest.json,background.js}
}

no_extension ()
{
  ! find /usr/share/{mozilla,chromium} -iname '*signin*' 2>/dev/null | grep .
}

# explained EVENT...: the journal can say what it means.
explained ()
{
  journalctl --dump-catalog "$@" | grep -c '^Defined-By: signind$' | grep -qx $#
}

# What deb-systemd-helper, and then the preset, has made of it for everybody.
everybody ()
{
  [ "$(systemctl --global is-enabled signind.service)" = "$1" ]
}

disable_for_everybody ()
{
  systemctl --global disable signind.service && everybody disabled
}

# Also where an administrator wants nothing that no preset names.
preset_for_everybody ()
{
  mkdir -p /etc/systemd/user-preset && echo 'disable *' >/etc/systemd/user-preset/99-nothing-else.preset &&
    systemctl --global preset signind.service && everybody enabled
}

started_over_bus ()
{
  as_user systemctl --user stop signind.service && as_user signinctl status && running
}

still_signed_in ()
{
  as_user signinctl status contoso | tee /dev/stderr | grep -q 'signed in since'
}

# property PATH INTERFACE NAME VALUE: signinctl may be gone.
property ()
{
  as_user busctl --user get-property org.signind.Signin1 "/org/signind/Signin1$1" "org.signind.Signin1.$2" "$3" |
    tee /dev/stderr | grep -qxF "$4"
}

daemon_is ()
{
  property "" Manager Version "s \"$1\""
}

still_the_same ()
{
  running && [ "$(unit_pid)" = "$before" ] && property /account/contoso Account State 's "active"'
}

says_so ()
{
  as_user signinctl doctor | tr '\n' ' ' | tee /dev/stderr | grep -q "signind $version.*signinctl .*$later"
}

# What a person and an administrator may have told it, and what `systemctl enable` and `browser install` leave.
leave_traces ()
{
  mkdir -p /etc/signind && touch /etc/signind/signind.conf &&
    as_user mkdir -p $RIG_HOME/.config/signind && as_user touch $RIG_HOME/.config/signind/signind.conf &&
    as_user systemctl --user enable signind.service &&
    as_user signinctl browser install firefox && as_user signinctl browser install chromium
}

# told MARK: the paths in the lists that README has under "Remove", up to the line that begins with MARK.
told ()
{
  sed -n '/^## Remove/,/^## How/p' "$RIG_SCRATCH/README.md" | sed "/^$1/Q" | sed -n '/^- /p; /^  /p' |
    tr '`' '\n' | grep '^[~/]' | sort
}

# left PATH...: whatever has the name of this project elsewhere. The private /tmp of a unit goes with its process.
left ()
{
  local other prune=()
  for other in /packages /later /tmp /var/tmp "$@"; do
    prune+=(-path "$other" -prune -o)
  done
  {
    find / -xdev "${prune[@]}" -iname '*signin*' -prune -print
    find $RIG_HOME -mindepth 1 -iname '*signin*' -prune -print | sed "s|^$RIG_HOME|~|"
  } | sort
}

# Notes of the package manager are its own for as long as it knows the package.
left_by_remove ()
{
  diff <(told '## How') <(left /var/lib/dpkg /var/lib/systemd)
}

left_by_purge ()
{
  diff <(told "$AFTER_PURGE") <(left)
}

removed_as_told ()
{
  local path
  as_user systemctl --user disable --now signind.service
  told "$AFTER_PURGE" | while read -r path; do
    rm -rf "${path/#\~/$RIG_HOME}"
  done
  ! left | grep . && ! ls -d /tmp/*signin* /var/tmp/*signin* 2>/dev/null && ! grep -H signin /proc/[0-9]*/comm
}

# prepare CMD...: without it, nothing can be tested.
prepare ()
{
  "$@" >"$RIG_SCRATCH/log" 2>&1 || { tail -n 20 "$RIG_SCRATCH/log" | sed 's/^/# /'; rig_fail "$* fails"; }
}

rig_enter "$@"
root=$RIG_SCRATCH/root

check "the packages build, and lintian warns of nothing" build_packages
check "the tarball comes out the same elsewhere" same_tarball
prepare make_root
prepare make_packages
check "desktop entries and metainfo are valid" desktop_files_valid
check "the icons can be drawn, small and large" icons_can_be_drawn

cp "$TOP_SRCDIR/README.md" "$root/tmp/"
rig_move_to "$root"
cp /tmp/README.md "$RIG_SCRATCH/"
rig_prepare
export DEBIAN_FRONTEND=noninteractive
check "the packages install" install_from /packages
check "with units, bus names, man pages and completions" signind_in_place
check "with what desktops read" desktop_files_in_place
check "and the extension where Debian's browsers find it, with a program that they can start" companion_in_place
check "what signind writes to the journal is explained" explained "${EVENTS[@]}"
check "it is enabled for everybody" everybody enabled
manager_start
check "and runs after the next login" eventually 20 running
check "signinctl starts it over the bus, too" started_over_bus
check "an account is added" as_user signinctl add contoso --service dynamics365 --org contoso --region crm4
check "a sign-in is recorded" as_user signinctl record contoso
check "and shown" still_signed_in

before=$(unit_pid)
check "an administrator can leave it to each person" disable_for_everybody
check "the packages can be upgraded while it runs" install_from /later
check "to the later version" sh -c "signinctl --version | grep -q '$later'"
check "which leaves it to each person still" everybody disabled
check "the session is still shown" still_signed_in
check "by the process that ran" still_the_same
check "which is of the version before" daemon_is "$version"
check "and signinctl doctor says so" says_so
check "the preset enables it for everybody" preset_for_everybody
check "signind is started anew" as_user systemctl --user restart signind.service
check "and is the later one" daemon_is "$later"
check "which knows the session" still_signed_in

before=$(unit_pid)
check "the extension can be removed alone" apt-get purge -y webext-signind
check "and leaves nothing to browsers" no_extension
check "people leave traces" leave_traces
check "the package can be removed while it runs" apt-get remove -y signind
check "which leaves what README tells" left_by_remove
check "and the process, with its session" still_the_same
check "it can be purged" apt-get purge -y signind
check "which leaves what README tells" left_by_purge
check "and the process still" still_the_same
check "done as README tells, nothing is left" removed_as_told
manager_stop
echo "1..$number"
