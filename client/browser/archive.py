# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the extension into an archive that is the same, byte for byte, wherever and whenever it is made.

    archive.py [--store] ARCHIVE FOLDER FILE...

The files go in by name, uncompressed (compression differs between versions of zlib), with one date and one mode. The
stores of Chromium's family give out ids themselves and refuse a manifest that has a key: --store leaves it out.
"""

import json
import os
import sys
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)


def read(folder, name, store):
    """The contents of a file as they go into the archive."""
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    if store and name == "manifest.json":
        manifest = json.loads(data)
        del manifest["key"]
        data = json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"
    return data


def write(archive, folder, names, store):
    """Writes all of it, or nothing."""
    scratch = archive + ".tmp"
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as out:
        for name in sorted(names):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            out.writestr(entry, read(folder, name, store))
    os.replace(scratch, archive)


def main():
    """Takes the command line apart."""
    arguments = sys.argv[1:]
    store = arguments[:1] == ["--store"]
    archive, folder, *names = arguments[store:]
    write(archive, folder, names, store)


main()
