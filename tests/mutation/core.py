# SPDX-License-Identifier: GPL-3.0-or-later
"""The core's unit tests, linked so that its objects can be exchanged: one shared library that holds the rules of time.

An exchange costs one compilation and no relinking of the tests."""

import os
import re
import resource
import shlex
import subprocess

SRCDIR = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILDDIR = os.environ.get("TOP_BUILDDIR") or os.path.join(SRCDIR, "build")

# The rules of time and whoever keeps to them.
RULES = ["session.c", "account-view.c",
         *sorted(name for name in os.listdir(os.path.join(SRCDIR, "daemon")) if re.fullmatch(r"tracker[\w-]*\.c", name))]
# The real clock.
CLOCK = "clock-real.c"
# What is exchanged: these, and who else knows what a session looks like.
SOURCES = [*RULES, CLOCK, "store.c", "store-history.c"]
# Who looks at it: the ones that find most, in the least time, first.
TESTS = ["session", "session-steps", "tracker-time", "tracker-steps", "tracker-stamps", "tracker", "tracker-turns",
         "tracker-failures", "tracker-sources", "tracker-rows", "tracker-boots", "history",
         "browser-reports", "store"]
# And who looks at the real clock, which the others do without.
CLOCK_TESTS = ["clock"]
# None of them takes a second: more than this is a loop without end.
CPU_SECONDS = 10
BOUND = 120
# At the real clock what waits for ever takes no processor time.
CLOCK_BOUND = 20


def daemon_file(name):
    """Where a file of daemon/ is."""
    return os.path.join(SRCDIR, "daemon", name)


def _limit():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Core:
    """The tests in a folder of their own. FLAGS go to each compilation and each link of the library."""

    def __init__(self, folder, flags=(), sanitize=True):
        self.folder = folder
        self.flags = ["-O0", "-w", "-fPIC", *flags]
        if sanitize:
            # What reads past an array ends at once, and needs no library for that.
            self.flags += ["-fsanitize=bounds", "-fsanitize-undefined-trap-on-error"]
        os.makedirs(folder, exist_ok=True)
        self._make("am--refresh")
        told = self._make("print-core")
        self.compiler, self.compile_flags, self.libraries = (shlex.split(line) for line in told.splitlines())
        self._make("-j", str(os.cpu_count()), "built-sources")
        self._make("-j", str(os.cpu_count()), "core-objects")
        self.objects = {name: self.compile(daemon_file(name), os.path.join(folder, name[:-1] + "o"))
                        for name in SOURCES}
        self.link(folder)
        for test in TESTS + CLOCK_TESTS:
            self._link_test(test)

    @staticmethod
    def _make(*args):
        return subprocess.run(["make", "-s", "--no-print-directory", "-C", BUILDDIR, *args], check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def compile(self, source, target):
        """Compiles SOURCE as TARGET; raises CalledProcessError if it is no C."""
        command = [*self.compiler, *self.compile_flags, *self.flags, "-c", source, "-o", target]
        subprocess.run(command, cwd=BUILDDIR, check=True, capture_output=True)
        return target

    def link(self, folder, **objects):
        """Makes the library in FOLDER, with OBJECTS in place of those of the same name."""
        chosen = [objects.get(name, path) for name, path in self.objects.items()]
        subprocess.run([*self.compiler, "-shared", *self.flags, "-o", os.path.join(folder, "libcore.so"), *chosen],
                       cwd=BUILDDIR, check=True, capture_output=True)

    def _link_test(self, test):
        own = f"tests/unit/test_{test.replace('-', '_')}-test-{test}.o"
        # What the library needs and does not have comes out of the archive, into the program.
        subprocess.run([*self.compiler, "-o", os.path.join(self.folder, test), own, "libsignin-test.a", "-L", self.folder,
                        "-lcore", "libsignind.a", *self.libraries], cwd=BUILDDIR, check=True)

    def failing_test(self, folder, tests=None):
        """The first of TESTS, of all if it is None, that fails with the library of FOLDER, or None."""
        env = dict(os.environ, LD_LIBRARY_PATH=folder, LC_ALL="C.UTF-8", TZ="UTC", G_DEBUG="fatal-warnings",
                   G_TEST_SRCDIR=os.path.join(SRCDIR, "tests"), G_TEST_BUILDDIR=os.path.join(BUILDDIR, "tests"),
                   SIGNIND_DATADIR=os.path.join(SRCDIR, "data"), XDG_STATE_HOME="/nonexistent",
                   XDG_CONFIG_HOME="/nonexistent",
                   # Memory that was freed is no longer what it was.
                   MALLOC_PERTURB_="165")
        if os.path.isdir("/dev/shm"):
            env["TMPDIR"] = "/dev/shm"  # no disk to wait for
        for test in tests or TESTS + CLOCK_TESTS:
            try:
                done = subprocess.run([os.path.join(self.folder, test)], env=env, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_limit,
                                      timeout=CLOCK_BOUND if test in CLOCK_TESTS else BOUND, check=False)
            except subprocess.TimeoutExpired:
                return test
            if done.returncode != 0:
                return test
        return None
