# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser companion in Chromium."""

from suite import main

main("chromium")
