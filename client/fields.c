/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads what the daemon says. What is missing, unknown or of another type does no harm. */

#include "config.h"

#include "fields.h"

#include <errno.h>

#include "output.h"
#include "times.h"

/* Texts are shown on a line; what is longer than this was not written for people. */
#define TEXT_MAX 4096

/* More than the daemons ever send. */
#define ROWS_MAX 8192

static void
set_text (char **field, const char *text)
{
  g_autofree char *bounded = g_strndup (text, TEXT_MAX);

  g_free (*field);
  *field = signin_ctl_clean (bounded);
}

/**
 * signin_ctl_fields_init:
 * @fields: fields, ended by one without a name
 * @record: a structure of zeros
 *
 * Texts begin as "", so that nobody after this has to think of %NULL.
 */
void
signin_ctl_fields_init (const SigninCtlField *fields, gpointer record)
{
  for (; fields->name != NULL; fields++)
    if (fields->type == 's' || fields->type == 'o')
      set_text (G_STRUCT_MEMBER_P (record, fields->offset), "");
}

/**
 * signin_ctl_fields_clear:
 * @fields: fields, ended by one without a name
 * @record: a structure
 *
 * Frees its texts.
 */
void
signin_ctl_fields_clear (const SigninCtlField *fields, gpointer record)
{
  for (; fields->name != NULL; fields++)
    if (fields->type == 's' || fields->type == 'o')
      g_clear_pointer ((char **) G_STRUCT_MEMBER_P (record, fields->offset), g_free);
}

/* Reads the basic value inside of the variant that comes next. */
static int
read_basic (sd_bus_message *message, const SigninCtlField *field, gpointer record)
{
  const char type[2] = { field->type, '\0' };
  gpointer target = G_STRUCT_MEMBER_P (record, field->offset);
  const char *text = NULL;
  guint64 number = 0;
  guint32 small = 0;
  int truth = 0;
  int r;

  r = sd_bus_message_enter_container (message, 'v', type);
  if (r < 0)
    return r;
  if (field->type == 't')
    r = sd_bus_message_read_basic (message, 't', &number);
  else if (field->type == 'u')
    r = sd_bus_message_read_basic (message, 'u', &small);
  else if (field->type == 'b')
    r = sd_bus_message_read_basic (message, 'b', &truth);
  else
    r = sd_bus_message_read_basic (message, field->type, &text);
  if (r < 0)
    return r;
  if (field->type == 't')
    *(gint64 *) target = number > (guint64) SIGNIN_CTL_LAST_USEC ? 0 : (gint64) number;
  else if (field->type == 'u')
    *(guint *) target = small;
  else if (field->type == 'b')
    *(gboolean *) target = truth != 0;
  else
    set_text (target, text);
  return sd_bus_message_exit_container (message);
}

/* Reads the variant that belongs to @name, or skips it if it says nothing to us. */
static int
read_value (sd_bus_message *message, const char *name, const SigninCtlField *fields, gpointer record,
            SigninCtlFieldFunc other, gpointer user_data)
{
  const char *contents = NULL;
  int r = sd_bus_message_peek_type (message, NULL, &contents);

  if (r < 0)
    return r;
  r = other != NULL ? other (message, name, contents, user_data) : 0;
  if (r != 0)
    return r;
  for (; fields->name != NULL; fields++)
    if (g_str_equal (fields->name, name) && contents != NULL && contents[0] == fields->type && contents[1] == '\0')
      return read_basic (message, fields, record);
  return sd_bus_message_skip (message, "v");
}

/**
 * signin_ctl_fields_read:
 * @message: a message at an `a{sv}`
 * @fields: fields, ended by one without a name
 * @record: (out): where they go
 * @other: (nullable): may read what is no field
 * @user_data: for @other
 *
 * Reads a dictionary into a structure. Points in time later than the year 9999 are read as 0.
 *
 * Returns: a negative errno on failure.
 */
int
signin_ctl_fields_read (sd_bus_message *message, const SigninCtlField *fields, gpointer record,
                        SigninCtlFieldFunc other, gpointer user_data)
{
  int r = sd_bus_message_enter_container (message, 'a', "{sv}");

  if (r < 0)
    return r;
  while ((r = sd_bus_message_enter_container (message, 'e', "sv")) > 0)
    {
      const char *name;

      r = sd_bus_message_read_basic (message, 's', &name);
      if (r >= 0)
        r = read_value (message, name, fields, record, other, user_data);
      if (r >= 0)
        r = sd_bus_message_exit_container (message);
      if (r < 0)
        return r;
    }
  return r < 0 ? r : sd_bus_message_exit_container (message);
}

/**
 * signin_ctl_rows_read:
 * @message: a message at an `aa{sv}`
 * @rows: what to take of it
 *
 * Returns: a negative errno on failure; -E2BIG for more rows than anybody needs.
 */
int
signin_ctl_rows_read (sd_bus_message *message, const SigninCtlRows *rows)
{
  int r = sd_bus_message_enter_container (message, 'a', "a{sv}");

  while (r >= 0 && (r = sd_bus_message_at_end (message, 0)) == 0)
    {
      gpointer record;

      if (rows->rows->len >= ROWS_MAX)
        return -E2BIG;
      record = g_malloc0 (rows->size);
      signin_ctl_fields_init (rows->fields, record);
      g_ptr_array_add (rows->rows, record);
      r = signin_ctl_fields_read (message, rows->fields, record, NULL, NULL);
    }
  return r < 0 ? r : sd_bus_message_exit_container (message);
}

/**
 * signin_ctl_rows_take:
 * @message: a message at a variant
 * @type: (nullable): what is in it
 * @rows: what to take of it
 *
 * For a #SigninCtlFieldFunc whose key is a list.
 *
 * Returns: 1 if it was read, 0 if it is no list, a negative errno on failure.
 */
int
signin_ctl_rows_take (sd_bus_message *message, const char *type, const SigninCtlRows *rows)
{
  int r;

  if (g_strcmp0 (type, "aa{sv}") != 0)
    return 0;
  r = sd_bus_message_enter_container (message, 'v', type);
  if (r >= 0)
    r = signin_ctl_rows_read (message, rows);
  if (r >= 0)
    r = sd_bus_message_exit_container (message);
  return r < 0 ? r : 1;
}
