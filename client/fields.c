/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fields.h"

#include <errno.h>

#include "output.h"
#include "times.h"

/* Texts are shown on a line; what is longer than this was not written for people. */
#define TEXT_MAX 4096

/* More than the daemons ever send. */
#define ROWS_MAX 8192

static gboolean
is_text (const SigninCtlField *field)
{
  return field->type == 's' || field->type == 'o';
}

static void
set_text (char **field, const char *text)
{
  g_autofree char *bounded = g_strndup (text, TEXT_MAX);

  g_free (*field);
  *field = signin_ctl_clean (bounded);
}

/**
 * signin_ctl_fields_init:
 * @fields: a table
 * @record: a record of zeros
 *
 * Makes all texts of @record empty, so that nobody after this has to think of %NULL.
 */
void
signin_ctl_fields_init (const SigninCtlField *fields, gpointer record)
{
  for (; fields->name != NULL; fields++)
    if (is_text (fields))
      set_text (G_STRUCT_MEMBER_P (record, fields->offset), "");
}

/**
 * signin_ctl_fields_clear:
 * @fields: a table
 * @record: a record
 *
 * Frees the texts of @record.
 */
void
signin_ctl_fields_clear (const SigninCtlField *fields, gpointer record)
{
  for (; fields->name != NULL; fields++)
    if (is_text (fields))
      g_clear_pointer ((char **) G_STRUCT_MEMBER_P (record, fields->offset), g_free);
}

/* A basic value, wherever it goes. */
typedef union
{
  const char *text;
  guint64 number;
  guint32 small;
  int truth;
} Value;

static void
store (const SigninCtlField *field, gpointer target, const Value *value)
{
  if (field->type == 't')
    *(gint64 *) target = value->number > (guint64) SIGNIN_CTL_LAST_USEC ? 0 : (gint64) value->number;
  else if (field->type == 'u')
    *(guint *) target = value->small;
  else if (field->type == 'b')
    *(gboolean *) target = value->truth != 0;
  else
    set_text (target, value->text);
}

/* Reads the basic value inside of the variant that comes next. */
static int
read_basic (sd_bus_message *message, const SigninCtlField *field, gpointer record)
{
  const char type[2] = { field->type, '\0' };
  Value value = { 0 };
  int r = sd_bus_message_enter_container (message, 'v', type);

  if (r >= 0)
    r = sd_bus_message_read_basic (message, field->type, &value);
  if (r < 0)
    return r;
  store (field, G_STRUCT_MEMBER_P (record, field->offset), &value);
  return sd_bus_message_exit_container (message);
}

static int
read_nested (sd_bus_message *message, const SigninCtlRows *rows)
{
  int r = sd_bus_message_enter_container (message, 'v', "aa{sv}");

  if (r >= 0)
    r = signin_ctl_rows_read (message, rows);
  return r < 0 ? r : sd_bus_message_exit_container (message);
}

/* Reads the variant that belongs to @name, or skips it if it says nothing to us. */
static int
read_value (sd_bus_message *message, const char *name, const SigninCtlField *fields, gpointer record,
            const SigninCtlRows *rows)
{
  const char *contents = NULL;
  int r = sd_bus_message_peek_type (message, NULL, &contents);

  if (r < 0)
    return r;
  if (rows != NULL && g_str_equal (name, rows->name) && g_strcmp0 (contents, "aa{sv}") == 0)
    return read_nested (message, rows);
  for (; fields->name != NULL; fields++)
    if (g_str_equal (fields->name, name) && contents != NULL && contents[0] == fields->type && contents[1] == '\0')
      return read_basic (message, fields, record);
  return sd_bus_message_skip (message, "v");
}

/**
 * signin_ctl_fields_read:
 * @message: a message at an `a{sv}`
 * @fields: what to take of it
 * @record: where it goes
 * @rows: (nullable): a value that is a list
 *
 * Returns: a negative errno if the message is not what it says it is.
 */
int
signin_ctl_fields_read (sd_bus_message *message, const SigninCtlField *fields, gpointer record,
                        const SigninCtlRows *rows)
{
  int r = sd_bus_message_enter_container (message, 'a', "{sv}");

  if (r < 0)
    return r;
  while ((r = sd_bus_message_enter_container (message, 'e', "sv")) > 0)
    {
      const char *name;

      r = sd_bus_message_read_basic (message, 's', &name);
      if (r >= 0)
        r = read_value (message, name, fields, record, rows);
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
 * Returns: a negative errno if the message is not what it says it is.
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
      r = signin_ctl_fields_read (message, rows->fields, record, NULL);
    }
  return r < 0 ? r : sd_bus_message_exit_container (message);
}
