# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language that there is a catalog for: status, the warning and errors in it; nothing forgotten, nothing crooked."""

import glob
import os
import re
import subprocess
import unicodedata

from desktop import NotificationServer
from harness import BUILDDIR, MINUTE, SRCDIR, WARNS_AFTER, check, check_equal, now, run, test

PO = os.path.join(SRCDIR, "po")
LOCALE = os.path.join(BUILDDIR, "locale")

# What has no words of its own: formats, and names that are the same everywhere.
BARE = re.compile(r"(?:%[0-9$.]*l*[a-zA-Z%]|[^A-Za-z]|\\[nt]|\b(?:h|min|s|URL|N|y|Dynamics|Office|Microsoft|Azure|Social|Engagement"
                  r"|signind|signinctl|CONTOSO|username|Active|Directory|ms)\b)*")
# Words that a language has in common with English.
LISTED = {
    "de": ["PROBLEM", "offline", "Japan", "Korea", "China", "Name", "Version", "Status"],
    "es": ["China", "India"],
    "fr": ["SOURCE", "source", "Sessions", "Services", "service", "Options", "Canada", "France"],
    "pt_BR": ["China", "Oceania"],
}


def linguas():
    """The languages."""
    with open(os.path.join(PO, "LINGUAS"), encoding="utf-8") as file:
        return [word for line in file if not line.startswith("#") for word in line.split()]


def entries(path):
    """The messages of a catalog: dictionaries of msgid, msgid_plural, msgstr, msgstr[0] ...; the first is its header."""
    result, entry, key = [], {}, None
    with open(path, encoding="utf-8") as file:
        for line in [*file, "\n"]:
            match = re.match(r'(msg\w+(?:\[\d+\])?)? ?"(.*)"$', line.rstrip("\n"))
            if match:
                key = match[1] or key
                entry[key] = entry.get(key, "") + match[2]
            elif not line.strip() and entry:
                result.append(entry)
                entry = {}
    return result


def width(text):
    """How many cells of a terminal it takes."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def env(language):
    """The environment of somebody who speaks it, in a build tree."""
    return {"LANGUAGE": language, "SIGNIND_LOCALEDIR": LOCALE, "LC_ALL": "C.UTF-8"}


def complete(language):
    """The catalog says what it is, and has a translation of everything that is none of ours."""
    path = os.path.join(PO, language + ".po")
    with open(path, encoding="utf-8") as file:
        check("No native speaker has reviewed this translation yet" in file.read(2000), "it says that it is unreviewed")
    messages = entries(path)
    check(len(messages) > 500, f"{len(messages)} messages")
    for entry in messages[1:]:
        texts = [value for key, value in entry.items() if key.startswith("msgstr")]
        check(all(texts), f"{entry['msgid']!r} is translated")
        same = [text for text in texts if text == entry["msgid"]]
        check(not same or BARE.fullmatch(entry["msgid"]) or entry["msgid"] in LISTED.get(language, ()),
              f"{entry['msgid']!r} is left as it is")


def columns(text, needle):
    """Where NEEDLE begins in the lines that have it, in cells."""
    return {width(line[:line.index(needle)]) for line in text.splitlines() if needle in line}


def spoken(rig, language):
    """The programs in that language, beside the same in English."""
    server = NotificationServer(rig)
    rig.start(env=env(language))
    client = rig.client
    client.add()
    client.record(at=now() - WARNS_AFTER + MINUTE // 60)
    client.wait_signal("Warning")
    popup = server.wait_popup()
    check("contoso" in popup["summary"] and "signs you out" not in popup["summary"], f"the popup: {popup['summary']}")
    check(popup["body"] and "Save your work" not in popup["body"], f"its text: {popup['body']}")
    for cells in ("40", "80"):
        ours = rig.ctl("status", env={**env(language), "COLUMNS": cells}).stdout.decode()
        english = rig.ctl("status", env={"COLUMNS": cells}).stdout.decode()
        check("contoso" in ours and ours != english, f"status: {ours}")
        check("█" in ours, f"the bar: {ours}")
        wide = [line for line in ours.splitlines() if width(line) > int(cells)]
        check(not wide, f"lines of more than {cells} cells: {wide}")
    for code, *words in ((3, "status", "nobody"), (2, "record", "contoso", "--at", "25:00"), (2, "recrod")):
        ours, english = rig.ctl(*words, env=env(language)), rig.ctl(*words)
        check_equal((ours.returncode, english.returncode), (code, code), f"exit status of {words}")
        check(ours.stderr and ours.stderr != english.stderr, f"{words}: {ours.stderr.decode()}")
        check_equal(ours.stderr.count(b"\n"), english.stderr.count(b"\n"), f"lines of {words}")
    table = rig.ctl("config", env={**env(language), "COLUMNS": "200"}).stdout.decode()
    begins = columns(table, "10 min;5 min;1 min") | columns(table, "restart") | columns(table, "30  ")
    check_equal(len(begins), 1, f"where the values begin: {table}")
    listed = rig.ctl("regions", env={**env(language), "COLUMNS": "200"}).stdout.decode()
    check(columns(listed, ".dynamics.com") or columns(listed, "dynamics.com"), f"regions: {listed}")


check(linguas(), "there are languages")
for name in linguas():
    test(f"{name}: nothing is left untranslated")(lambda rig, language=name: complete(language))
    test(f"{name}: status, warning and errors are told in it, and stand straight")(
        lambda rig, language=name: spoken(rig, language))


def template(folder):
    """What there is to translate, taken from the sources as `make -C po signind.pot-update` does."""
    with open(os.path.join(PO, "Makevars"), encoding="utf-8") as file:
        options = [line for line in file if line.startswith("XGETTEXT_OPTIONS")][0].split()[2:]
    subprocess.run([os.path.join(PO, "xgettext"), "--default-domain=x", "--directory=" + SRCDIR, *options,
                    "--files-from=" + os.path.join(PO, "POTFILES.in")], cwd=folder, check=True, capture_output=True)
    return os.path.join(folder, "x.po")


@test("each text of the sources is in every catalog")
def up_to_date(rig):
    pot = template(rig.dir)
    for language in linguas():
        done = subprocess.run(["msgcmp", os.path.join(PO, language + ".po"), pot], capture_output=True, text=True,
                              check=False)
        check_equal((done.returncode, done.stderr), (0, ""), f"msgcmp of {language}")


@test("each catalog is in the list of languages")
def all_listed(rig):
    found = {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(PO, "*.po"))}
    check_equal(found, set(linguas()), "languages")


run()
