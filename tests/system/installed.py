# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make install` puts there, in the browsers of Debian with fresh profiles: nothing is clicked, no store is asked.

In a mount namespace whose /usr and /etc are written to in memory, without any network but loopback.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests", "browser"))

import chromium  # noqa: E402
import firefox  # noqa: E402
from rig import clean_environment, raise_loopback  # noqa: E402

HOST = "org.signind.browser"
SERVICE = "org.signind.Signin1.service"
STATUS = f'JSON.stringify(await api.runtime.sendNativeMessage("{HOST}", {{ type: "status" }}))'
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class InstalledChromium(chromium.Chromium):
    """By Debian's wrapper, which is what loads extensions that were installed."""

    def __init__(self, folder, env):
        command = ["/usr/bin/chromium", "--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu",
                   "--disable-dev-shm-usage", "--remote-debugging-pipe", f"--user-data-dir={folder}/profile"]
        self.pipe = chromium.Pipe(command, env, os.path.join(folder, "chromium.log"))
        self.own = self.own_page = None


class InstalledFirefox(firefox.Firefox):
    """With nothing but what it finds."""

    def __init__(self, folder, env):
        super().__init__(folder, 9, None, env)

    def reload_extension(self):
        """It is there already."""


def start_bus(folder, env):
    """A session bus that can start signind, and nothing else."""
    os.mkdir(os.path.join(folder, "services"))
    shutil.copy(os.path.join("/usr/share/dbus-1/services", SERVICE), os.path.join(folder, "services"))
    config = os.path.join(folder, "bus.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(BUS_CONFIG.format(folder=folder))
    bus = subprocess.Popen(["dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + config, "--print-address=1"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
    env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
    bus.stdout.close()
    return bus


def ask(kind):
    """What the installed extension is told by the installed daemon, which has to be started for it."""
    folder = tempfile.mkdtemp(prefix="signind-installed-")
    env = clean_environment(folder)
    env.pop("SIGNIND_DATADIR")
    bus = start_bus(folder, env)
    try:
        subprocess.run(["signinctl", "add", "contoso", "--org", "contoso", "--region", "crm4"], env=env, check=True,
                       capture_output=True, timeout=60)
        browser = kind(folder, env)
        try:
            chromium.wait(lambda: browser.extension("!!api.runtime.id"), what="the extension")
            return json.loads(browser.extension(STATUS))
        finally:
            browser.close()
    finally:
        bus.terminate()
        bus.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    """One test a browser. The daemon leaves with its bus."""
    raise_loopback()
    failed = 0
    print("1..2", flush=True)
    for number, (name, kind) in enumerate((("Chromium", InstalledChromium), ("Firefox", InstalledFirefox)), 1):
        try:
            answer = ask(kind)
            good = answer["ok"] and [account["id"] for account in answer["accounts"]] == ["contoso"]
            print(f"# {answer}")
        except Exception:  # Whatever it was, the other browser is tried too.
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            good = False
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name} has the extension, which reaches signind", flush=True)
    sys.exit(1 if failed else 0)


main()
