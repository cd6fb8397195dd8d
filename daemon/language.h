/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

void signin_language_init (void);
