# SPDX-License-Identifier: GPL-3.0-or-later
"""What a disk may hold after a power cut: all that was synced, and any part of what was not, sector by sector.

Reads the log that power-cut-preload.so keeps. Creating, shrinking and removing files counts as safe at once.
"""

import os
import random
from collections import defaultdict, namedtuple

SECTOR = 512

Write = namedtuple("Write", "offset old_size data old")


def unsynced(log_path):
    """The writes of each file that nothing has made safe, in their order."""
    with open(log_path, "rb") as file:
        log = file.read()
    writes = defaultdict(list)
    at = 0
    while at < len(log):
        end = log.index(b"\n", at)
        kind, offset, old_size, length, old_length, path = log[at:end].split(b" ", 5)
        offset, old_size, length, old_length = (int(n) for n in (offset, old_size, length, old_length))
        at = end + 1
        if kind == b"write":
            data, old = log[at:at + length], log[at + length:at + length + old_length]
            at += length + old_length
            writes[path].append(Write(offset, old_size, data, old))
        else:
            writes[path].clear()
    return writes


def cut(log_path, chance):
    """Leaves of each write that was not synced only what CHANCE, a random.Random, wants; gives how many it touched."""
    touched = 0
    for path, writes in unsynced(log_path).items():
        if not writes or not os.path.exists(path):
            continue
        with open(path, "r+b", buffering=0) as file:
            for write in reversed(writes):
                file.seek(write.offset)
                file.write(write.old)
                file.truncate(write.old_size)
            share = chance.choice((0.0, 0.5, 0.9, 1.0))
            for write in writes:
                for begin in range(0, len(write.data), SECTOR):
                    if chance.random() < share:
                        file.seek(write.offset + begin)
                        file.write(write.data[begin:begin + SECTOR])
                touched += 1
    os.unlink(log_path)
    return touched
