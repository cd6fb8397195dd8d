#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A native-messaging host that records what the browser says, and answers as it is told; or passes it all on to the
real one. In its folder: messages (a line of JSON each), answers.json (by type of message), and pass-to (a program)."""

import json
import os
import struct
import subprocess
import sys
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))


def read(name, default):
    """A file of the folder."""
    try:
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return default


def main():
    """One message, one answer."""
    head = sys.stdin.buffer.read(4)
    data = sys.stdin.buffer.read(struct.unpack("=I", head)[0])
    message = json.loads(data)
    late = round(time.time() * 1000) - message.get("at", 0)
    program = read("pass-to", "").strip()
    if program:
        result = subprocess.run([program, *sys.argv[1:]], input=head + data, stdout=subprocess.PIPE, check=False)
        answer = result.stdout
    else:
        answers = json.loads(read("answers.json", "{}"))
        body = json.dumps(answers.get(message["type"], {"ok": True})).encode()
        answer = struct.pack("=I", len(body)) + body
    record = json.dumps({"from": sys.argv[1:], "message": message, "late": late,
                         "answer": json.loads(answer[4:] or b"null")})
    # One write each: the hosts of two profiles may run at once.
    log = os.open(os.path.join(FOLDER, "messages"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(log, record.encode() + b"\n")
    os.write(sys.stdout.fileno(), answer)


try:
    main()
except BrokenPipeError:
    pass  # The browser did not wait for it.
