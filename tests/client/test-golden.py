#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every verb, as it looks: on terminals of 40, 80 and 200 columns, through a pipe, without colours, in plain words and
as JSON.

Each file in golden/ is one case. Its head says what is called and what the caller finds (see scenes.py):

    scene: many
    call: status contoso
    exit: 0

What follows was written by this program. `./dev golden` writes all of it again, for whoever has changed a text, or added
a file that has a head alone; what changed is then to be read in the difference. Other lines that a head can have:
`during: day` (a function of scenes.py that runs while the verb listens, and yields what it waits for in the output),
`env: NAME=VALUE`, `input: FILE` (of this folder, as standard input), and `kept: no` for what depends on the machine: it
is looked at, but not compared.
"""

import fcntl
import functools
import json
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import fakedaemon  # noqa: E402
import scenes  # noqa: E402
from clientrig import columns_of, run_cases  # noqa: E402

TOP = os.environ["TOP_SRCDIR"]
BUILD = os.environ["TOP_BUILDDIR"]
CTL = os.path.join(BUILD, "signinctl")
FOLDER = os.path.join(HERE, "golden")
BOUND = 30

MODES = {
    "piped": (None, [], {}),
    "terminal, 80 columns": (80, [], {}),
    "terminal, 40 columns": (40, [], {}),
    "terminal, 200 columns": (200, [], {}),
    "terminal, NO_COLOR": (80, [], {"NO_COLOR": "1"}),
    "terminal, --plain": (80, ["--plain"], {}),
    "--json": (None, ["--json"], {}),
}


# What a slow machine shows until the answer is there, and takes away again.
PROGRESS = re.compile("(?:\r\033\\[K[^\r\n]*)+\r\033\\[K")


class Case:
    """One file: its head, and what it was when it was written."""

    def __init__(self, name):
        self.name = name
        self.path = os.path.join(FOLDER, name + ".txt")
        with open(self.path, encoding="utf-8") as file:
            text = file.read()
        head, _, self.body = text.partition("\n\n")
        self.head = head.rstrip("\n") + "\n"
        fields = dict(re.split(r": ?", line, maxsplit=1) for line in self.head.splitlines() if not line.startswith("#"))
        self.call = shlex.split(fields.pop("call", ""))
        self.scene = getattr(scenes, fields.pop("scene", "one"))
        self.exit = int(fields.pop("exit", "0"))
        during = fields.pop("during", None)
        self.during = getattr(scenes, during) if during else None
        self.kept = fields.pop("kept", "yes") == "yes"
        self.input = os.path.join(FOLDER, fields.pop("input")) if "input" in fields else os.devnull
        self.env = dict(pair.split("=", 1) for pair in shlex.split(fields.pop("env", "")))
        assert not fields, f"{self.path}: unknown lines in its head: {sorted(fields)}"


class Rig:
    """A private bus with a daemon that says what it is told, and an environment in which nothing is left to chance."""

    def __init__(self, folder):
        self.folder = folder
        fakedaemon.fixed_now = scenes.NOW
        self.bus = fakedaemon.Bus(folder)
        self.daemon = fakedaemon.Daemon(self.bus)
        # Whatever browsers the machine has are not looked at.
        self.env = {"PATH": "/nonexistent", "DBUS_SESSION_BUS_ADDRESS": self.bus.address, "LC_ALL": "C.UTF-8",
                    "TZ": scenes.ZONE, "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_RUNTIME_DIR": folder,
                    "TERM": "xterm", "SIGNIND_DATADIR": os.path.join(TOP, "data"),
                    "LD_PRELOAD": os.path.join(BUILD, "tests/lib/fixed-clock-preload.so"),
                    "FIXED_CLOCK": str(scenes.NOW // scenes.SECOND),
                    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        for name in ("UBSAN_OPTIONS", "GCOV_PREFIX", "LD_LIBRARY_PATH"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def stop(self):
        self.daemon.stop()
        self.bus.stop()

    def run(self, case, columns, options, env):
        """Runs a case; gives the exit status, and what was written to standard output and error."""
        env = {**self.env, **case.env, **env}
        self.daemon.take_name()
        case.scene(self.daemon)
        leader = out = None
        given = open(case.input, "rb")
        if columns is None:
            child = subprocess.Popen([CTL, *case.call, *options], env=env, stdin=given,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            ends = [child.stdout, child.stderr]
        else:
            leader, follower = pty.openpty()
            fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
            child = subprocess.Popen([CTL, *case.call, *options], env=env, stdin=given, stdout=follower,
                                     stderr=follower)
            os.close(follower)
            ends = [os.fdopen(leader, "rb", buffering=0)]
        try:
            out = self.collect(case, child, ends)
        finally:
            given.close()
            if child.poll() is None:
                child.kill()
                child.wait()
            for end in ends:
                end.close()
        return child.returncode, [PROGRESS.sub("", text.decode().replace("\r\n", "\n")) for text in out]

    def collect(self, case, child, ends):
        out = [b""] * len(ends)
        steps = awaited = None
        if case.during:
            assert self.daemon.wait_for("GetManagedObjects"), "nobody asked for the accounts"
            steps = case.during(self.daemon)
            awaited = next(steps)
        open_ends = list(ends)
        until = time.monotonic() + BOUND
        while open_ends:
            ready = select.select(open_ends, [], [], max(0, until - time.monotonic()))[0]
            assert ready, (case.name, "does not end", out)
            for end in ready:
                try:
                    more = os.read(end.fileno(), 65536)
                except OSError:  # a terminal whose last user has gone
                    more = b""
                if not more:
                    open_ends.remove(end)
                out[ends.index(end)] += more
            while awaited and awaited in out[0]:
                awaited = next(steps, None)
                if not awaited:
                    child.send_signal(signal.SIGTERM)
        child.wait(BOUND)
        return out


def is_address(line):
    """Whether a line has nothing but one address, which is never cut: half of it leads nowhere."""
    return len(line.split()) == 1 and ("://" in line or "@" in line)


def tighten(schema):
    """The schema lets later versions add keys and leave some out; here every key has to be described, and be there."""
    if isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
            schema.setdefault("required", list(schema["properties"]))
        for value in schema.values():
            tighten(value)
    elif isinstance(schema, list):
        for value in schema:
            tighten(value)


class Schema:
    """docs/signinctl.schema.json: every document is one of its definitions."""

    def __init__(self):
        with open(os.path.join(TOP, "docs/signinctl.schema.json"), encoding="utf-8") as file:
            self.schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(self.schema)
        tighten(self.schema["$defs"])

    def check(self, name, value):
        """Fails unless `value` is what the definition of that name describes."""
        assert name in self.schema["$defs"], f"docs/signinctl.schema.json does not describe {name}"
        jsonschema.validate(value, {**self.schema, "anyOf": [{"$ref": "#/$defs/" + name}]},
                            cls=jsonschema.Draft202012Validator)


def definition_of(case, verbs):
    """The definition that the JSON of a case has to follow."""
    for word in ("--help", "--version"):
        if word in case.call:
            return word[2:]
    words = [w for w in case.call if not w.startswith("-")]
    verb = verbs.get(words[0] if words else "status", "status")
    if verb == "history" and "forget" in words:
        return "history-forget"
    return verb


def check_json(case, out, schema, verbs):
    """Every line that `monitor` writes is a document; other verbs write one."""
    documents = [json.loads(line) for line in out.splitlines()] if case.during else [json.loads(out)]
    for value in documents:
        schema.check("error" if "error" in value else definition_of(case, verbs), value)
        if "error" in value:
            assert value["error"]["exit_status"] == case.exit


def check_error(out, err, case):
    """What is wrong stands on one line, without the words of any library."""
    if err:
        assert err.startswith("signinctl: ") and err.count("\n") == 1 and out == "", (out, err)
    else:
        assert case.exit in (0, 1, 4, 6), "it does not say why"
    assert not re.search("org\\.freedesktop|GDBus|sqlite|errno|org\\.signind", err), err


def render(rig, case, schema, verbs):
    """All that the modes give, as it stands in the file; checks what holds for every case."""
    sections = []
    seen = {}
    for mode, (columns, options, env) in MODES.items():
        code, texts = rig.run(case, columns, options, env)
        where = f"{case.name}, {mode}"
        assert code == case.exit, f"{where}: exit status {code}\n{texts}"
        text = texts[0]
        if mode == "--json":
            check_json(case, text, schema, verbs)
            assert texts[1] == "", f"{where}: {texts[1]}"
        elif columns is None:
            check_error(texts[0], texts[1], case)
            text += "".join("standard error: " + line + "\n" for line in texts[1].splitlines())
        else:
            # Neither errors nor what has tabs, and is for programs, is broken into lines.
            wide = [x for x in text.split("\n") if columns_of(x) > columns and not x.startswith("signinctl: ")
                    and "\t" not in x and not is_address(x) and not text.startswith("{")]
            assert not wide, f"{where}: wider than {columns} columns: {wide}"
        if mode == "piped" or "NO_COLOR" in mode or "--plain" in mode:
            assert "\033" not in text, where
        assert len(re.findall("\033\\[[1-9][0-9;]*m", text)) == text.count("\033[0m"), f"{where}: a colour does not end"
        text = text.replace("\033", "\u241b")
        if text in seen:
            text = f"(as {seen[text]})\n"
        else:
            seen[text] = mode
        sections.append(f"==== {mode}\n{text}")
    return "\n".join(sections)


def list_verbs():
    """What the program says of itself: each verb by every name it has."""
    done = subprocess.run([CTL, "--help", "--json"], capture_output=True, check=True,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    verbs = {}
    for verb in json.loads(done.stdout)["verbs"]:
        verbs[verb["name"]] = verb["name"]
        if verb["alias"]:
            verbs[verb["alias"]] = verb["name"]
    return verbs


def check_complete(cases, verbs):
    """There is a case for each verb and each exit status that the man page knows."""
    called = {verbs[word] for case in cases for word in case.call[:1] if word in verbs}
    assert called >= set(verbs.values()), f"no case calls {sorted(set(verbs.values()) - called)}"
    with open(os.path.join(TOP, "docs/signinctl.1"), encoding="utf-8") as file:
        page = file.read().partition(".SH EXIT STATUS")[2].partition(".SH")[0]
    documented = {int(n) for n in re.findall(r"^\.B (\d)$", page, re.M)}
    assert documented == {case.exit for case in cases}, (documented, {case.exit for case in cases})


def compare(rig, case, schema, verbs, write):
    """Checks one case, or writes it again."""
    body = render(rig, case, schema, verbs)
    if write and case.kept:
        with open(case.path, "w", encoding="utf-8") as file:
            file.write(case.head + "\n" + body)
        return
    if not case.kept or body == case.body:
        return
    new = os.path.join(rig.folder, "new")
    with open(new, "w", encoding="utf-8") as file:
        file.write(case.head + "\n" + body)
    done = subprocess.run(["diff", "-u", case.path, new], capture_output=True, check=False)
    raise AssertionError(f"{case.name} looks different; if that is meant: ./dev golden\n" + done.stdout.decode())


def main():
    write = "--write" in sys.argv[1:]
    wanted = [w for w in sys.argv[1:] if not w.startswith("-")]
    names = sorted(name[:-4] for name in os.listdir(FOLDER) if name.endswith(".txt"))
    cases = [Case(name) for name in names]
    verbs = list_verbs()
    with tempfile.TemporaryDirectory(prefix="signind-golden-") as folder:
        rig = Rig(folder)
        schema = Schema()
        checks = [("a case for each verb and exit status", lambda: check_complete(cases, verbs))]
        checks += [(c.name, functools.partial(compare, rig, c, schema, verbs, write)) for c in cases
                   if not wanted or c.name in wanted]
        status = run_cases(checks)
        rig.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
