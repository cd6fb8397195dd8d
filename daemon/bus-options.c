/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Options of calls, as a{sv}. A key that is not known is refused: a caller whose wish is ignored would not learn of it.
 */

#include "config.h"

#include <glib/gi18n.h>

#include "bus-options.h"
#include "errors.h"
#include "text.h"

#define NAME_MAX_BYTES 64

static const SigninOption *
find_option (const SigninOption *known, gsize n_known, const char *name)
{
  for (gsize i = 0; i < n_known; i++)
    if (g_str_equal (known[i].name, name))
      return &known[i];
  return NULL;
}

static gboolean
refuse_unknown (const char *name, GError **error)
{
  if (signin_text_check (name, NAME_MAX_BYTES, _ ("The name of an option"), error))
    g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("There is no option %s"), name);
  return FALSE;
}

static gboolean
take_value (const SigninOption *option, GVariant *value, GError **error)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (option->type)))
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("The option %s is of type %s"), option->name,
                   option->type);
      return FALSE;
    }

  switch (option->type[0])
    {
    case 's':
      *(const char **) option->value = g_variant_get_string (value, NULL);
      return TRUE;
    case 'a':
      *(GVariant **) option->value = g_variant_ref (value);
      return TRUE;
    case 'b':
      *(gboolean *) option->value = g_variant_get_boolean (value);
      return TRUE;
    default:
      if (g_variant_get_uint64 (value) > G_MAXINT64)
        {
          g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("The option %s is at most %s"),
                       option->name, "9223372036854775807");
          return FALSE;
        }
      *(gint64 *) option->value = (gint64) g_variant_get_uint64 (value);
      return TRUE;
    }
}

/**
 * signin_options_parse:
 * @options: options of type a{sv}
 * @known: the options that the call takes
 * @n_known: how many these are
 * @error: where to put what went wrong
 *
 * Takes the options apart. Strings stay with @options; lists are referenced for the caller, also if an error follows.
 *
 * Returns: whether all of them were known and of the right type; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_options_parse (GVariant *options, const SigninOption *known, gsize n_known, GError **error)
{
  gsize n = g_variant_n_children (options);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (options, i);
      g_autoptr (GVariant) name = g_variant_get_child_value (entry, 0);
      g_autoptr (GVariant) boxed = g_variant_get_child_value (entry, 1);
      g_autoptr (GVariant) value = g_variant_get_variant (boxed);
      const SigninOption *option = find_option (known, n_known, g_variant_get_string (name, NULL));

      if (option == NULL)
        return refuse_unknown (g_variant_get_string (name, NULL), error);
      if (!take_value (option, value, error))
        return FALSE;
    }
  return TRUE;
}
