# SPDX-License-Identifier: GPL-3.0-or-later
"""The popups of the real daemon on mako, on a sway that draws into memory."""

import json
import os
import socket
import struct
import subprocess

from screens import LOOK_BOUND
from desktop import NOTIFICATIONS
from harness import diag, run, test, wait_until
from stories import Story
from swayrig import SIZE, Compositor

AWAY = (1020, 596)


class Pointer:
    """A mouse for a Wayland desktop that has none: speaks the wire format of the virtual pointer protocol."""

    LEFT = 0x110
    DISPLAY, REGISTRY, DONE, SEAT, MANAGER, POINTER = range(1, 7)

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LOOK_BOUND)
        self.socket.connect(path)
        self._send(self.DISPLAY, 1, self.REGISTRY)
        self._send(self.DISPLAY, 0, self.DONE)
        names = self._globals()
        self._bind(names["wl_seat"], "wl_seat", self.SEAT)
        self._bind(names["zwlr_virtual_pointer_manager_v1"], "zwlr_virtual_pointer_manager_v1", self.MANAGER)
        self._send(self.MANAGER, 0, self.SEAT, self.POINTER)

    def _send(self, target, request, *numbers, middle=b""):
        body = struct.pack("=I", numbers[0]) + middle + struct.pack(f"={len(numbers) - 1}I", *numbers[1:])
        self.socket.sendall(struct.pack("=II", target, (8 + len(body)) << 16 | request) + body)

    def _bind(self, name, interface, number):
        text = interface.encode() + b"\0"
        padded = struct.pack("=I", len(text)) + text + b"\0" * (-len(text) % 4)
        self._send(self.REGISTRY, 0, name, 1, number, middle=padded)

    def _globals(self):
        """The number of each interface; all that comes before the answer to sync."""
        names, data = {}, b""
        while True:
            while len(data) >= 8 and len(data) >= struct.unpack("=I", data[4:8])[0] >> 16:
                sender, word = struct.unpack("=II", data[:8])
                body, data = data[8:word >> 16], data[word >> 16:]
                if sender == self.DONE:
                    return names
                if sender == self.REGISTRY and word & 0xffff == 0:
                    name, length = struct.unpack("=II", body[:8])
                    names[body[8:7 + length].decode()] = name
            data += self.socket.recv(65536)

    def move(self, x, y):
        """Moves to a place."""
        self._send(self.POINTER, 1, 0, x, y, *SIZE)
        self._frame()

    def click(self):
        """Presses and lets go."""
        for state in (1, 0):
            self._send(self.POINTER, 2, 0, self.LEFT, state)
            self._frame()

    def _frame(self):
        self.socket.sendall(struct.pack("=II", self.POINTER, 8 << 16 | 4))

    def close(self):
        """Unplugs it."""
        self.socket.close()


class Sway(Compositor):
    """A Wayland desktop without a screen, and mako on it."""

    def __init__(self, rig):
        self.pointer = None
        super().__init__(rig)
        self.pointer = Pointer(os.path.join(self.env["XDG_RUNTIME_DIR"], self.socket()))
        self.pointer.move(*AWAY)
        self.settle()
        self.empty = self.pixels()
        self.start("mako")
        wait_until(lambda: rig.client.owner(NOTIFICATIONS), LOOK_BOUND, "mako")

    def makoctl(self, *words):
        """Asks mako."""
        return subprocess.run(["makoctl", *map(str, words)], env=self.env, capture_output=True, check=True).stdout

    def count(self):
        """How many popups mako shows."""
        return len(json.loads(self.makoctl("list"))["data"][0])

    def wait_shown(self):
        """Waits for one popup that is drawn."""
        wait_until(lambda: self.count() == 1, LOOK_BOUND, "one popup")
        self.settle()

    def wait_gone(self):
        """Waits until the picture is empty again."""
        wait_until(lambda: self.count() == 0, LOOK_BOUND, "the popup to go")
        wait_until(lambda: not self.place(), LOOK_BOUND, "its picture to go")

    def place(self):
        """The middle of what was not there before, or None."""
        start = self.empty.index(b"255\n") + 4
        stride = 3 * SIZE[0]
        before, after = ([data[i:i + stride] for i in range(start, len(data), stride)]
                         for data in (self.empty, self.pixels()))
        rows = [y for y in range(SIZE[1]) if before[y] != after[y]]
        if not rows:
            return None
        middle = (rows[0] + rows[-1]) // 2
        columns = [i // 3 for i in range(stride) if before[middle][i] != after[middle][i]]
        return (columns[0] + columns[-1]) // 2, middle

    def press(self, popup, key):
        """What somebody bound to a key or has in a menu: mako shows no buttons."""
        self.makoctl("invoke", "-n", popup.id, key)

    def click(self, _popup):
        """A real click on the popup."""
        self.wait_shown()
        x, y = self.place()
        diag(f"mako: a click at {x}, {y}")
        self.pointer.move(x, y)
        self.pointer.click()
        self.pointer.move(*AWAY)

    def close(self):
        """Ends all of it."""
        if self.pointer:
            self.pointer.close()
        super().close()


@test("mako on sway: seen, pressed, replaced, withdrawn")
def mako(rig):
    story = Story(rig, Sway(rig), "mako")
    story.press_every_button()
    story.default_action(story.screen.click)
    story.replace_and_withdraw()
    story.leave_nothing()


run()
