# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktops for the integration tests: a recording notification server, and a real one on a virtual display."""

import json
import os
import struct
import subprocess
import sys

from gi.repository import GLib

from harness import check, end_process, wait_until

NOTIFICATIONS = "org.freedesktop.Notifications"
REAL_SERVER = "/usr/lib/notification-daemon/notification-daemon"


class NotificationServer:
    """Runs notification-server.py and takes down what it says."""

    def __init__(self, rig, mode="answer", *identity, wait=True):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notification-server.py")
        # One that is started while something is timed shall not be what takes the time.
        self.process = subprocess.Popen([*([] if wait else ["nice"]), sys.executable, script, mode, *identity],
                                        env=rig.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said = []
        self.rest = b""
        os.set_blocking(self.process.stdout.fileno(), False)
        self.watch = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, self.process.stdout.fileno(),
                                           GLib.IOCondition.IN | GLib.IOCondition.HUP, self._take)
        rig.keep(self)
        if wait:
            wait_until(lambda: {"owned": True} in self.said, what="the notification server to own its name")

    def _take(self, *_args):
        data = os.read(self.process.stdout.fileno(), 65536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.said += [json.loads(line) for line in lines]
        if not data:
            self.watch = 0
        return bool(data)

    def calls(self, member="Notify"):
        """Every call of MEMBER so far, with its arguments."""
        return [line for line in self.said if line.get("call") == member]

    def is_idle(self):
        """Whether everything that was asked of a slow server is done."""
        return sum("asked" in line for line in self.said) <= sum("open" in line for line in self.said)

    def open(self):
        """How many popups are on its screen."""
        return ([0] + [line["open"] for line in self.said if "open" in line])[-1]

    def wait_popup(self, count=1):
        """Waits for the COUNT-th popup and gives it."""
        wait_until(lambda: len(self.calls()) >= count, what=f"popup {count}")
        return self.calls()[count - 1]

    def press(self, number, key):
        """Presses a button."""
        self.process.stdin.write(f"{number} {key}\n".encode())
        self.process.stdin.flush()

    def close_popup(self, number):
        """Closes a popup as a person does."""
        self.process.stdin.write(f"{number}\n".encode())
        self.process.stdin.flush()

    def close(self):
        """Ends the server; a stopped one, too."""
        if self.watch:
            GLib.source_remove(self.watch)
            self.watch = 0
        end_process(self.process)
        self.process.stdin.close()
        self.process.stdout.close()


class Display:
    """A virtual display with a real notification server on it."""

    def __init__(self, rig, *command, size="1024x600", **environment):
        rig.keep(self)
        self.client = rig.client
        self.server = None
        self.frame = os.path.join(rig.dir, "Xvfb_screen0")
        with open(os.path.join(rig.dir, "display.log"), "wb") as log:
            self.xvfb = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", size + "x24", "-nolisten", "tcp",
                                          "-noreset", "-wr", "-fbdir", rig.dir], stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=log)
            number = self.xvfb.stdout.readline().decode().strip()
            check(number, "Xvfb did not start")
            self.env = dict(rig.env, DISPLAY=":" + number, NO_AT_BRIDGE="1", GTK_A11Y="none", **environment)
            self.server = subprocess.Popen(command or [REAL_SERVER], env=self.env, stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=log)
        wait_until(lambda: self.client.owner(NOTIFICATIONS) or self.server.poll() is not None, 60,
                   "the real notification server")
        check(self.server.poll() is None, f"{command} ended with {self.server.returncode}")

    def lines(self):
        """What is on the display: the bytes of each of its lines, four a pixel."""
        with open(self.frame, "rb") as file:
            data = file.read()
        # The format of xwd: a header of numbers, the colours, the pixels.
        header = struct.unpack(">25I", data[:100])
        begin, height, line = header[0] + 12 * header[19], header[5], header[12]
        return [data[begin + y * line:begin + (y + 1) * line] for y in range(height)]

    def pixels(self):
        """What is on the display, as raw bytes."""
        return b"".join(self.lines())

    def save(self, path):
        """Keeps what is on the display as a picture."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["import", "-silent", "-window", "root", path], env=self.env, check=True)

    def close(self):
        """Ends the server and the display."""
        if self.server:
            end_process(self.server)
        end_process(self.xvfb)
        self.xvfb.stdout.close()
