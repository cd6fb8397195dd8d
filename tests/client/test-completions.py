#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program says of itself is what the help, the man page and the completions of three shells say."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clientrig import run_checks  # noqa: E402
from fakedaemon import HOUR, NAME, Bus, Daemon, account, session  # noqa: E402

TOP = os.environ["TOP_SRCDIR"]
BUILD = os.environ["TOP_BUILDDIR"]
CTL = os.path.join(BUILD, "signinctl")
SCRIPTS = os.path.join(TOP, "client/completions")
BOUND = 30
SOURCE = "firefox:default-release"

# Calls the function as bash does at Tab, with the words that bash makes of a line.
BASH = r"""
source "$1"; shift
COMP_WORDS=(signinctl "$@"); COMP_CWORD=$#; COMPREPLY=()
_signinctl signinctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
"""


class Rig:
    """A private bus with a daemon that has two accounts, and a PATH that has signinctl."""

    def __init__(self, folder):
        self.folder = folder
        self.bus = Bus(folder)
        self.daemon = Daemon(self.bus)
        self.daemon.set(account("contoso", [session(SOURCE, ago=HOUR)]), account("fabrikam"))
        self.env = {"PATH": BUILD + ":/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": self.bus.address, "HOME": folder,
                    "LC_ALL": "C.UTF-8", "TERM": "dumb", "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder,
                    "XDG_CACHE_HOME": folder, "SIGNIND_DATADIR": os.path.join(TOP, "data")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "GCOV_PREFIX", "LD_LIBRARY_PATH"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def stop(self):
        self.daemon.stop()
        self.bus.stop()

    def run(self, *args, **env):
        done = subprocess.run(args, env={**self.env, **env}, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=BOUND, check=False, text=True)
        assert done.returncode == 0 and done.stderr == "", (args, done)
        return done.stdout

    def self_description(self, *args):
        return json.loads(self.run(CTL, *args, "--help", "--json"))

    def offered(self, *words, **env):
        """What the program itself offers."""
        return [line.split("\t")[0] for line in self.run(CTL, "_complete", "--", *words, **env).splitlines()]

    def bash(self, *words):
        return self.run("bash", "--norc", "-c", BASH, "bash", os.path.join(SCRIPTS, "bash/signinctl"),
                        *words).splitlines()

    def fish(self, line):
        """Words and what stands beside them."""
        script = 'source "$argv[1]"; complete -C "$argv[2]"'
        out = self.run("fish", "--no-config", "-c", script, os.path.join(SCRIPTS, "fish/signinctl.fish"), line)
        return dict((entry.split("\t") + [""])[:2] for entry in out.splitlines())

    def zsh(self, typed, expected):
        """Types into a real zsh, and waits until `expected` stands there."""
        pid, leader = pty.fork()
        if pid == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i"], {**self.env, "TERM": "xterm", "PS1": "ready> ", "COLUMNS": "200"})
        seen = b""
        steps = [(b"ready> ", b"fpath=(%s $fpath); autoload -Uz compinit; compinit -u -D; PS1='d''one> '\n"
                  % os.path.join(SCRIPTS, "zsh").encode()), (b"done> ", typed), (expected, None)]
        until = time.monotonic() + BOUND
        try:
            for awaited, answer in steps:
                while awaited not in re.sub(b".\x08|\x1b\\[[0-9;?]*[a-zA-Z]", b"", seen):
                    ready = select.select([leader], [], [], max(0, until - time.monotonic()))[0]
                    assert ready, (awaited, seen)
                    seen += os.read(leader, 65536)
                if answer:
                    seen = b""
                    os.write(leader, answer)
        finally:
            os.close(leader)
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def check_help_and_page(rig):
    """--help and signinctl(1) know every verb and every option, and no other."""
    about = rig.self_description()
    with open(os.path.join(TOP, "docs/signinctl.1"), encoding="utf-8") as file:
        page = file.read().replace("\\-", "-")
    verbs = [verb["name"] for verb in about["verbs"]]
    body = page.partition(".SH VERBS")[2].partition(".SH OPTIONS")[0]
    documented = re.findall(r"^\.TP\n\.BR? ([a-z]+)\b", body, re.M)
    assert set(documented) == set(verbs), set(documented) ^ set(verbs)
    shown = re.findall(r"^  ([a-z_]+)", rig.run(CTL, "--help"), re.M)
    assert shown == verbs, (shown, verbs)
    for verb in about["verbs"]:
        text = rig.run(CTL, verb["name"], "--help")
        assert set(re.findall(r"^  --([a-z-]+)", text, re.M)) == set(verb["options"]), verb
        if verb["alias"]:
            assert re.search(r"\b%s\b" % verb["alias"], body), verb["alias"]
    options = {option["name"] for option in about["options"]}
    assert options == {name for verb in about["verbs"] for name in verb["options"]}, "options that no verb has"
    heads = re.findall(r"^\.TP\n(\.B.*)$", page.partition(".SH OPTIONS")[2].partition(".SH JSON")[0], re.M)
    documented = {name for head in heads for name in re.findall(r"--([a-z-]+)", head)}
    assert documented == options, documented ^ options


def check_settings_page(rig):
    """signind.conf(5) knows every setting, in its group, and its built-in value."""
    with open(os.path.join(TOP, "docs/signind.conf.5"), encoding="utf-8") as file:
        page = file.read().replace("\\-", "-")
    for setting in json.loads(rig.run(CTL, "config", "--json"))["settings"]:
        group = page.partition(".SS [%s]" % setting["group"])[2].partition(".SS")[0]
        assert '.BR %s= " (%s)"' % (setting["key"], setting["text"]) in group, setting


def check_service_page(rig):
    """The example of signind-service(5) is one, and nothing in it is unknown."""
    with open(os.path.join(TOP, "docs/signind-service.5"), encoding="utf-8") as file:
        example = file.read().partition(".EX\n")[2].partition(".EE")[0].replace("\\-", "-")
    folder = os.path.join(rig.folder, "signind/services")
    os.makedirs(folder)
    with open(os.path.join(folder, "expenses.conf"), "w", encoding="utf-8") as file:
        file.write(example)
    found = {s["id"]: s for s in json.loads(rig.run(CTL, "services", "--json"))["services"]}["expenses"]
    assert found["name"] == "Expenses" and found["session_length_sec"] == 1800 and found["warning_lead_sec"] == 300, found
    assert "expenses" in rig.bash("add", "x", "--service", "e")
    assert rig.bash("services", "e") == ["expenses"]


def check_bash(rig):
    """Every verb, and of each verb every option."""
    about = rig.self_description()
    assert rig.bash("") == [verb["name"] for verb in about["verbs"]]
    assert rig.bash("sta") == ["status"] and rig.bash("signed-i") == ["signed-in"] and rig.bash("_") == []
    for verb in about["verbs"]:
        assert sorted(rig.bash(verb["name"], "-")) == sorted("--" + option for option in verb["options"]), verb
    assert sorted(rig.bash("-")) == ["--help", "--json", "--plain", "--version"]
    assert rig.bash("record", "--at", "08:12", "--a") == [], "given once is enough"


def check_bash_words(rig):
    """Ids of accounts, labels of regions, and whatever else a word can be."""
    assert rig.bash("record", "") == ["contoso", "fabrikam"]
    assert rig.bash("record", "--json", "f") == ["fabrikam"]
    assert rig.bash("record", "contoso", "") == []
    assert rig.bash("status", "contoso", "") == ["fabrikam"]
    assert rig.bash("history", "") == ["forget"]
    assert rig.bash("history", "--account", "c") == ["contoso"]
    assert rig.bash("history", "--account", "=", "c") == ["contoso"]
    assert rig.bash("config", "rem") == ["reminders"]
    assert rig.bash("explain", "pass") == ["password", "password-changed"] and rig.bash("explain", "password", "") == []
    assert rig.bash("regions", "crm2") == ["crm2", "crm20", "crm21", "crm22"]
    regions = rig.bash("add", "x", "--region", "")
    assert "crm" in regions and "crm4" in regions and len(regions) > 15, regions
    assert rig.bash("add", "x", "--region", "EM") == ["EMEA"]
    assert "dynamics365" in rig.bash("add", "x", "--service", "")
    # Bash takes a word with a colon for three, and puts in only what stands behind it.
    assert rig.bash("record", "--source", "firefox", ":", "d") == ["default-release"]
    assert rig.bash("record", "--source", "fire") == [SOURCE]


def check_fish(rig):
    """The same, with what each means."""
    about = rig.self_description()
    offered = rig.fish("signinctl ")
    assert offered == {verb["name"]: verb["help"] for verb in about["verbs"]}, offered
    for verb in about["verbs"][:3]:
        assert set(rig.fish("signinctl %s --" % verb["name"])) == {"--" + option for option in verb["options"]}
    assert list(rig.fish("signinctl record --at 08:12 ")) == ["contoso", "fabrikam"]
    assert rig.fish("signinctl add x --region crm4")["crm4"].startswith("Europe")
    assert list(rig.fish("signinctl record --source fire")) == [SOURCE]


def check_zsh(rig):
    """A real zsh, typed into."""
    rig.zsh(b"signinctl regi\t", b"signinctl regions ")
    rig.zsh(b"signinctl record fab\t", b"signinctl record fabrikam ")
    rig.zsh(b"signinctl record --mi\t\x15signinctl check --mi\t", b"signinctl check --min-remaining ")
    rig.zsh(b"signinctl record --source fire\t", b"default-release ")


def check_not_started(rig):
    """Tab starts no daemon; what else is known is offered all the same."""
    mark = os.path.join(rig.folder, "started")
    with open(os.path.join(rig.bus.services, NAME + ".service"), "w", encoding="utf-8") as file:
        file.write("[D-BUS Service]\nName=%s\nExec=/bin/sh -c \"touch %s; exit 1\"\n" % (NAME, mark))
    rig.daemon.drop_name()
    rig.daemon.reload_bus()
    try:
        assert rig.offered("record", "") == []
        assert "--at" in rig.offered("record", "-")
        assert rig.offered("record", "", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent") == []
        assert not os.path.exists(mark)
        subprocess.run([CTL, "status"], env=rig.env, capture_output=True, check=False)
        assert os.path.exists(mark), "the bus could not have started it anyway"
    finally:
        rig.daemon.take_name()


def check_hanging(rig):
    """A daemon that does not answer is not waited for."""
    rig.daemon.mute = True
    try:
        assert rig.offered("record", "") == []
    finally:
        rig.daemon.mute = False


CHECKS = [check_help_and_page, check_settings_page, check_service_page, check_bash, check_bash_words, check_fish,
          check_zsh, check_not_started, check_hanging]


if __name__ == "__main__":
    sys.exit(run_checks(CHECKS, Rig))
