# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a man page of the interfaces in an XML file: of what is declared there, and of the comments in front of it.

Called with the XML, the version and the date. A comment begins with the name of what it is about and a colon; "@name:"
begins what is said of an argument, and what stands behind a blank line is a paragraph."""

import re
import sys
import textwrap
import xml.etree.ElementTree as ElementTree


def escape(text):
    """TEXT, for a line of its own."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


class Comment:
    """What stands in front of a declaration."""

    def __init__(self, text, name):
        text = textwrap.dedent(text).strip()
        head, _, rest = text.partition(":")
        if head.strip() != name:
            raise SystemExit(f"the comment in front of {name} speaks of {head.strip()!r}")
        self.arguments = {}
        self.paragraphs = []
        for block in re.split(r"\n\s*\n", rest.strip()):
            for part in re.split(r"\n(?=@)", block.strip()):
                found = re.match(r"@(\w+):\s*(.*)", part, re.S)
                if found:
                    self.arguments[found[1]] = " ".join(found[2].split())
                elif part:
                    self.paragraphs.append(" ".join(part.split()))


def declared(element):
    """How it is written, line by line."""
    name = element.get("name")
    if element.tag == "property":
        return [f"{name} {element.get('type')} ({element.get('access')})"]
    arguments = [f"{a.get('direction', '').upper()} {a.get('type')} {a.get('name')}".strip()
                 for a in element.findall("arg")]
    if len(arguments) < 2:
        return [f"{name} ({''.join(arguments)})"]
    return [f"{name} ("] + [f"  {a}{',' if a is not arguments[-1] else ''}" for a in arguments] + [")"]


def show_member(element, comment):
    """One method, property or signal."""
    print(".PP\n.EX")
    for line in declared(element):
        print(f"\\fB{escape(line)}\\fR")
    print(".EE\n.RS 4")
    for paragraph in comment.paragraphs:
        print(".PP")
        print(escape(paragraph))
    names = [a.get("name") for a in element.findall("arg")]
    if sorted(names) != sorted(comment.arguments):
        raise SystemExit(f"{element.get('name')}: arguments {names}, described {list(comment.arguments)}")
    for name in names:
        print(f".TP\n.I {escape(name)}\n{escape(comment.arguments[name])}")
    print(".RE")


def show_interface(interface, comment):
    """A whole interface, its members in the order of the XML."""
    print(f".SH INTERFACE {escape(interface.get('name'))}")
    print(escape(comment.arguments.get("short_description", "")) + ".")
    for paragraph in comment.paragraphs:
        print(".PP")
        print(escape(paragraph))
    for tag, title in (("method", "Methods"), ("property", "Properties"), ("signal", "Signals")):
        members = [(e, c) for e, c in with_comments(interface) if e.tag == tag]
        if members:
            print(f".SS {title}")
        for element, about in members:
            show_member(element, about)


def with_comments(parent):
    """Each declaration, with the comment in front of it."""
    comment = None
    for child in parent:
        if child.tag is ElementTree.Comment:
            comment = child.text
        elif child.tag in ("interface", "method", "property", "signal"):
            if comment is None:
                raise SystemExit(f"nothing is said of {child.get('name')}")
            yield child, Comment(comment, child.get("name"))
            comment = None


def main(path, version, date):
    """Writes the page to standard output."""
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    root = ElementTree.parse(path, parser).getroot()
    page = re.sub(r".*/|\.xml$", "", path)
    print('.\\" SPDX-License-Identifier: GPL-3.0-or-later')
    print(f'.\\" Made of dbus/{page}.xml: to be changed there.')
    print(f'.TH {escape(page)} 5 "{date}" "signind {version}" "D-Bus interfaces"')
    print(f".SH NAME\n{escape(page)} \\- D\\-Bus interfaces of signind")
    for interface, comment in with_comments(root):
        show_interface(interface, comment)
    print(".SH SEE ALSO\n.BR signind (8),\n.BR signinctl (1),\n.BR busctl (1)")


main(*sys.argv[1:])
