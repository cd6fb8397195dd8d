# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser companion in Firefox."""

from suite import main

main("firefox")
