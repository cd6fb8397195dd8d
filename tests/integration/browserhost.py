# SPDX-License-Identifier: GPL-3.0-or-later
"""The browsers' host as a browser starts it: one process for each message."""

import json
import os
import struct
import subprocess
import time

from harness import BOUND, BUILDDIR, check_equal, wait_until

HOST = os.path.join(BUILDDIR, "signind-browser-host")
PROFILE = "0123456789abcdef"


def frame(text):
    """A message as it goes through the pipe."""
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("=I", len(data)) + data


def start(rig, stdin=subprocess.PIPE):
    """Starts the host, with the arguments of a Chromium."""
    return subprocess.Popen([HOST, "chrome-extension://abcdefghijklmnopabcdefghijklmnop/"], env=rig.env, stdin=stdin,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def send_bytes(rig, data, bound=BOUND):
    """Gives DATA to a host, and closes the pipe: its exit status, what it said to the browser, and what elsewhere."""
    process = start(rig)
    try:
        out, err = process.communicate(data, timeout=bound)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return process.returncode, out, err


def unpack(out):
    """The one message in OUT."""
    check_equal(struct.unpack("=I", out[:4])[0], len(out) - 4, "length of the answer")
    return json.loads(out[4:])


def send(rig, message, bound=BOUND):
    """The answer to MESSAGE."""
    status, out, _ = send_bytes(rig, frame(json.dumps(message)), bound)
    check_equal(status, 0, "exit status")
    return unpack(out)


def event(host="contoso.crm4.dynamics.com", kind="signed-in", browser="firefox", profile=PROFILE, **more):
    """What the extension says of a sign-in."""
    return {"type": "event", "kind": kind, "host": host, "profile": profile, "browser": browser, **more}


def take_time(rig, message):
    """Seconds from starting the host to having read its answer."""
    begin = time.perf_counter()
    process = start(rig)
    process.stdin.write(frame(json.dumps(message)))
    process.stdin.flush()
    size = struct.unpack("=I", process.stdout.read(4))[0]
    process.stdout.read(size)
    took = time.perf_counter() - begin
    process.communicate()
    return took


def fill(pipe):
    """Fills a pipe, and gives how much went in."""
    filling = 0
    os.set_blocking(pipe, False)
    try:
        while True:
            filling += os.write(pipe, bytes(4096))
    except BlockingIOError:
        os.set_blocking(pipe, True)
    return filling


def departures(rig):
    """How many connections have left the bus so far."""
    return sum(e.member == "NameOwnerChanged" and e.args[0].startswith(":") and not e.args[2]
               for e in rig.client.events)


def is_asleep(pid):
    """Whether a process waits for something."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0] == "S"


def take_memory(rig, message):
    """The most memory that a host had until it had its answer, in bytes."""
    read_end, write_end = os.pipe()
    # A full pipe holds it back: telling the answer is all that it has still to do.
    filling = fill(write_end)
    before = departures(rig)
    process = subprocess.Popen([HOST], env=rig.env, stdin=subprocess.PIPE, stdout=write_end,
                               stderr=subprocess.DEVNULL)
    os.close(write_end)
    process.stdin.write(frame(json.dumps(message)))
    process.stdin.flush()
    wait_until(lambda: departures(rig) > before and is_asleep(process.pid), what="an answer that is held back")
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    with open(read_end, "rb") as out:
        out.read(filling)
        answer = unpack(out.read())
    process.stdin.close()
    check_equal(process.wait(), 0, "exit status")
    check_equal(answer["ok"], True, "the answer")
    return peak * 1024
