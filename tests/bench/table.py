# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, and how it is shown: one row a figure and peer."""

import os
import platform
from dataclasses import asdict, dataclass
from typing import Optional


@dataclass
class Row:
    """One figure. MUST and GOAL bound the ratio to the peer, or, where LIMITS is "value", our figure itself."""

    figure: str
    unit: str
    ours: Optional[float]
    peer: str = ""
    theirs: Optional[float] = None
    must: Optional[float] = None
    goal: Optional[float] = None
    limits: str = "ratio"
    runs: int = 1

    @property
    def ratio(self):
        """Ours by theirs, where there is a peer to compare with."""
        return self.ours / self.theirs if self.ours is not None and self.theirs else None

    @property
    def verdict(self):
        """What the bounds say of it."""
        measured = self.ours if self.limits == "value" else self.ratio
        if self.must is None and self.goal is None:
            return ""
        if measured is None:
            return "missing"
        if self.must is None:
            return "goal" if measured <= self.goal else "no goal"
        if measured > self.must:
            return "FAILS"
        return "goal" if self.goal is None or measured <= self.goal else "must"

    @property
    def fails(self):
        """Whether something that must hold does not, or was not measured."""
        return self.verdict in ("FAILS", "missing")

    def as_dict(self):
        """The row for machines."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


def _number(value):
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def limit(row, value):
    """A bound of a row, with its unit."""
    if value is None:
        return ""
    return f"<= {value:.3g}" + (f" {row.unit}" if row.limits == "value" and row.unit else " x" if row.limits == "ratio" else "")


def show(rows):
    """Prints the rows as an aligned table."""
    head = ("figure", "unit", "ours", "peer", "theirs", "ratio", "must", "goal", "verdict")
    lines = [head] + [(row.figure, row.unit, _number(row.ours), row.peer, _number(row.theirs) if row.peer else "",
                       _number(row.ratio) if row.peer else "", limit(row, row.must), limit(row, row.goal),
                       row.verdict + (f" (run {row.runs})" if row.runs > 1 else "")) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    numeric = {2, 4, 5}
    for number, line in enumerate(lines):
        print("  ".join(cell.rjust(width) if column in numeric else cell.ljust(width)
                        for column, (cell, width) in enumerate(zip(line, widths))).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def machine(folder, file_system):
    """What the figures were measured on."""
    release = platform.freedesktop_os_release() if os.path.exists("/etc/os-release") else {}
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return {"system": release.get("PRETTY_NAME", "unknown"), "kernel": platform.release(), "cores": os.cpu_count(),
            "processor": models[0] if models else platform.machine(), "folder": folder, "file_system": file_system,
            "load_before": round(os.getloadavg()[0], 2)}
