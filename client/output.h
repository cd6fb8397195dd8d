/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* Narrower than this nothing sensible can be shown; wider lines of text are hard to read. */
#define SIGNIN_CTL_WIDTH_MIN 20
#define SIGNIN_CTL_WIDTH_MAX 1000

/**
 * SigninCtlColour:
 *
 * What a colour stands for; the words beside it say the same.
 */
typedef enum
{
  SIGNIN_CTL_GOOD,
  SIGNIN_CTL_CARE,
  SIGNIN_CTL_BAD,
  SIGNIN_CTL_FAINT,
} SigninCtlColour;

/**
 * SigninCtlStyle:
 * @width: columns that a line may have
 * @unicode: more than ASCII can be shown
 * @colour: colours may be used
 * @glyphs: signs may stand before words
 * @bars: bars may be drawn
 *
 * What the place that is written to can show.
 */
typedef struct
{
  guint width;
  gboolean unicode;
  gboolean colour;
  gboolean glyphs;
  gboolean bars;
} SigninCtlStyle;

void signin_ctl_style_init (SigninCtlStyle *style, int fd, gboolean plain);

char *signin_ctl_clean (const char *text);
guint signin_ctl_columns (const char *text);
char *signin_ctl_shorten (const SigninCtlStyle *style, const char *text, guint columns);
char *signin_ctl_paint (const SigninCtlStyle *style, SigninCtlColour colour, const char *text);
char *signin_ctl_paint_number (const SigninCtlStyle *style, guint number, const char *text);
void signin_ctl_wrap (GString *out, const SigninCtlStyle *style, guint first, guint rest, const char *text);
void signin_ctl_wrap_whole (GString *out, const SigninCtlStyle *style, guint first, guint rest, const char *text);
void signin_ctl_address (GString *out, const SigninCtlStyle *style, guint indent, const char *address);
void signin_ctl_entry (GString *out, const SigninCtlStyle *style, guint column, const char *name, const char *what);
void signin_ctl_line (GString *out, const SigninCtlStyle *style, guint indent, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void signin_ctl_command (GString *out, const SigninCtlStyle *style, guint indent, const char *command);

gboolean signin_ctl_write (FILE *stream, const char *text, GError **error);

G_END_DECLS
