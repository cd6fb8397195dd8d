# SPDX-License-Identifier: GPL-3.0-or-later
"""The real waybar on sway shows what `signinctl bar` says, in a colour for each class."""

import json
import os

from screens import LOOK_BOUND, PICTURES
from harness import HOUR, MINUTE, SIGNINCTL, diag, now, run, test, wait_until
from swayrig import Compositor

# No other thing on this desktop has these colours.
COLOURS = {"signed-out": (1, 2, 99), "active": (1, 99, 2), "expiring": (199, 1, 2), "stopped": (99, 1, 98)}
STYLE = "* { font-size: 14px; color: #ffffff; padding: 0 8px; }\nwindow { background: #202020; }\n" + "".join(
    f"#custom-signind.{name} {{ background: rgb{colour}; }}\n" for name, colour in COLOURS.items())


def configure(rig):
    """What the man page says to put there."""
    config = {"position": "top", "height": 30, "modules-center": ["custom/signind"],
              "custom/signind": {"exec": f"{SIGNINCTL} bar --format waybar --follow", "return-type": "json",
                                 "on-click": f"{SIGNINCTL} open --popup"}}
    paths = [os.path.join(rig.dir, name) for name in ("waybar.json", "waybar.css")]
    for path, text in zip(paths, (json.dumps(config), STYLE)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return ["--config", paths[0], "--style", paths[1]]


def count(pixels, colour):
    """How many points of the picture have a colour."""
    data = memoryview(pixels)[pixels.index(b"255\n") + 4:]
    return sum(1 for i in range(0, 1024 * 40 * 3, 3) if tuple(data[i:i + 3]) == colour)


def wait_shown(desktop, name):
    """Waits until the bar has the colour of a class, and gives how much of it."""
    wait_until(lambda: count(desktop.pixels(), COLOURS[name]) > 500, LOOK_BOUND, f"the colour of {name}")
    desktop.settle()
    shown = count(desktop.pixels(), COLOURS[name])
    desktop.save(os.path.join(PICTURES, f"waybar-{name}.png"))
    diag(f"{name}: {shown} points")
    return shown


def followers(desktop):
    """The processes that waybar reads from."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                ours = f"SWAYSOCK={desktop.env['SWAYSOCK']}".encode() in file.read()
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                name = file.read().strip()
        except OSError:
            continue
        if ours and name == "signinctl":
            found.append(pid)
    return found


@test("waybar on sway: signed out, signed in, about to end, stopped and started, and closed")
def waybar(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    desktop = Compositor(rig)
    bar = desktop.start("waybar", *configure(rig))
    wait_shown(desktop, "signed-out")
    client.record(at=now() - HOUR - 30 * 1_000_000)
    narrow = wait_shown(desktop, "active")
    client.record(at=now() - 7 * HOUR - 45 * MINUTE)
    assert wait_shown(desktop, "expiring") > narrow, "the words are longer"
    daemon.stop()
    wait_shown(desktop, "stopped")
    rig.start()
    wait_shown(desktop, "expiring")
    assert followers(desktop)
    bar.terminate()
    wait_until(lambda: not followers(desktop), LOOK_BOUND, "the end of signinctl")


run()
