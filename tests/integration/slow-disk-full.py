# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is really full: the state on a tmpfs of 256 KiB. Needs the right to mount."""

import os
import subprocess

from harness import ERROR, LENGTH, SECOND, CallFailed, check, check_equal, now, run, test


@test("a full tmpfs: Storage to the caller, timers go on; once there is room, all is well")
def full(rig):
    folder = rig.state_dir()
    os.makedirs(folder, mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=0700", "signind-test", folder], check=True)
    try:
        rig.start()
        client = rig.client
        client.add()
        client.record(at=now() - LENGTH + 4 * SECOND)
        ballast = os.path.join(folder, "ballast")
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        before = None
        for number in range(16):
            before = client.objects()
            try:
                client.record(source=f"s{number % 8}")
            except CallFailed as error:
                check_equal(error.name, ERROR + "Storage", "the error")
                break
        else:
            raise AssertionError("nothing failed on a full disk")
        check_equal(client.objects(), before, "nothing changed")
        client.wait_signal("Expired")
        os.unlink(ballast)
        client.record(source="later")
        check("later" in [s["source"] for s in client.account()["Sessions"]], "the new session is there")
    finally:
        for thing in rig.opened:
            thing.close()
        rig.opened.clear()
        subprocess.run(["umount", folder], check=True)


run()
