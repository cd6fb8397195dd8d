# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process takes, as the kernel tells."""

import os


def own_memory(pid):
    """What it has written itself, in KiB. Pages of files count as its own or as shared by who else has them, and can be
    dropped at any time: they say nothing about it."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Anonymous:"))


def sqlite_code(pid):
    """How much of SQLite's code it has in memory, in KiB."""
    size, inside = 0, False
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as file:
        for line in file:
            if not line[0].isupper():
                inside = " r-xp " in line and "/libsqlite3." in line
            elif inside and line.startswith("Rss:"):
                size += int(line.split()[1])
    return size


def open_files(pid):
    """How many descriptors it has."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def keeps_freed(pid):
    """Whether a sanitizer or memcheck watches it: they keep what was freed for a while, and find leaks themselves."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        maps = file.read()
    return "/libasan." in maps or "/vgpreload_memcheck" in maps
