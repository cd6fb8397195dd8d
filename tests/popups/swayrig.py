# SPDX-License-Identifier: GPL-3.0-or-later
"""A sway that draws into memory: a Wayland desktop without a screen."""

import json
import os
import subprocess

from harness import end_process, wait_until, watch_for
from screens import LOOK_BOUND, QUIET

SIZE = (1024, 600)
CONFIG = f"output HEADLESS-1 mode {SIZE[0]}x{SIZE[1]} background #3b5a7a solid_color\n"


class Compositor:
    """Runs sway, and looks at what it shows."""

    def __init__(self, rig):
        self.rig = rig
        config = os.path.join(rig.dir, "sway.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        self.env = dict(rig.env, WLR_BACKENDS="headless", WLR_RENDERER="pixman", WLR_LIBINPUT_NO_DEVICES="1",
                        XDG_CURRENT_DESKTOP="sway", SWAYSOCK=os.path.join(rig.dir, "sway.sock"))
        self.started = []
        rig.keep(self)
        # It refuses to run as somebody who could become root.
        drop = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
        self.start(*drop, "sway", "--config", config)
        wait_until(self.socket, LOOK_BOUND, "sway's socket")
        self.env["WAYLAND_DISPLAY"] = self.socket()
        wait_until(lambda: self.msg("-t", "get_outputs"), LOOK_BOUND, "an output")

    def start(self, *command):
        """Starts a program on this desktop, which ends with it."""
        with open(os.path.join(self.rig.dir, "desktop.log"), "ab") as log:
            self.started.append(subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, stdout=log,
                                                 stderr=log))
        return self.started[-1]

    def socket(self):
        """The name of the Wayland display, once there is one."""
        names = [name for name in os.listdir(self.env["XDG_RUNTIME_DIR"]) if name.startswith("wayland-")
                 and not name.endswith(".lock")]
        return names[0] if names else None

    def msg(self, *words):
        """Asks sway; what it answers, or nothing while it cannot."""
        done = subprocess.run(["swaymsg", "--raw", *map(str, words)], env=self.env, capture_output=True, check=False)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout else None

    def pixels(self):
        """What is to be seen."""
        return subprocess.run(["grim", "-t", "ppm", "-"], env=self.env, capture_output=True, check=True).stdout

    def save(self, path):
        """Keeps it as a picture."""
        subprocess.run(["grim", path], env=self.env, check=True)

    def settle(self):
        """Waits until the picture stays as it is."""
        def quiet():
            before = self.pixels()
            watch_for(QUIET)
            return self.pixels() == before

        wait_until(quiet, LOOK_BOUND, "the picture to stay as it is")

    def close(self):
        """Ends all of it."""
        for process in reversed(self.started):
            end_process(process)
