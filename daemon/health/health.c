/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is asked, and who waits for the answer. Each address is asked once at a time, however many checks want it, and
 * not again while its answer is good. */

#include "config.h"

#include <time.h>

#include "check.h"
#include "health.h"
#include "options.h"
#include "row.h"

/* What is kept of what was told. Whoever asks for more different things than that only loses old answers to Get. */
#define KNOWN_MAX 1024

#define WITNESS_MSEC 3000

typedef struct
{
  SigninHealthSource vtable;
  gpointer self;
} Source;

struct _SigninHealth
{
  SigninServices *services;
  SigninFetcher *fetcher;
  GHashTable *probes; /* address → SigninProbe */
  GHashTable *rows;   /* what it is about → GVariant: what was last told */
  GPtrArray *checks;  /* of Check: those that run */
  GArray *sources;    /* of Source */
};

typedef struct _Check Check;

/* What one check has asked of one source. */
typedef struct
{
  Check *check;
  guint id; /* 0 if nothing is waited for */
} Call;

struct _Check
{
  SigninHealth *health;
  SigninHealthDone done;
  gpointer user_data;
  SigninJudged judged;
  GPtrArray *extra; /* rows of the sources */
  Call *calls;      /* as many as there are sources, in their order */
  gboolean asked;
  gboolean finishing;
  GCancellable *lookup;
  guint deadline_source;
  guint witness_source;
  guint finish_source;
};

static gint64
get_boot_usec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
cancel_sources (Check *check)
{
  for (guint i = 0; i < check->health->sources->len; i++)
    {
      const Source *source = &g_array_index (check->health->sources, Source, i);

      if (check->calls[i].id != 0)
        source->vtable.cancel (source->self, check->calls[i].id);
    }
}

static void
check_free (gpointer data)
{
  Check *check = data;

  cancel_sources (check);
  g_cancellable_cancel (check->lookup);
  g_clear_object (&check->lookup);
  g_clear_handle_id (&check->deadline_source, g_source_remove);
  g_clear_handle_id (&check->witness_source, g_source_remove);
  g_clear_handle_id (&check->finish_source, g_source_remove);
  g_ptr_array_unref (check->judged.targets);
  g_hash_table_unref (check->judged.probes);
  g_ptr_array_unref (check->extra);
  g_free (check->calls);
  g_free (check);
}

/* A row replaces the one about the same thing. */
static void
keep_row (SigninHealth *self, GVariant *row)
{
  const char *kind = "", *account = "", *name = "", *title = "";

  g_variant_lookup (row, "kind", "&s", &kind);
  g_variant_lookup (row, "account", "&s", &account);
  /* A summary is named after whichever host decided it. */
  if (!g_str_equal (kind, "summary"))
    g_variant_lookup (row, "name", "&s", &name);
  /* Several things can go on at a time. */
  g_variant_lookup (row, "title", "&s", &title);
  if (g_hash_table_size (self->rows) >= KNOWN_MAX)
    g_hash_table_remove_all (self->rows);
  g_hash_table_replace (self->rows, g_strjoin ("\n", kind, account, name, title, NULL), g_variant_ref (row));
}

static gboolean
is_of_kind (gpointer key, gpointer value, gpointer user_data)
{
  return g_str_has_prefix (key, user_data);
}

/* What others tell is told as a whole: what is not among it is over. */
static void
forget_kinds (SigninHealth *self, GPtrArray *told)
{
  for (guint i = 0; i < told->len; i++)
    {
      const char *kind = "";
      g_autofree char *prefix = NULL;

      g_variant_lookup (g_ptr_array_index (told, i), "kind", "&s", &kind);
      prefix = g_strconcat (kind, "\n", NULL);
      g_hash_table_foreach_remove (self->rows, is_of_kind, prefix);
    }
}

static gboolean
is_wanted (const SigninHealth *self, const SigninProbe *probe)
{
  for (guint i = 0; i < self->checks->len; i++)
    {
      const Check *check = g_ptr_array_index (self->checks, i);

      if (g_hash_table_lookup (check->judged.probes, probe->url) == probe)
        return TRUE;
    }
  return FALSE;
}

/* Nobody waits for these: a check ran out of time. */
static void
drop_unwanted (SigninHealth *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->probes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SigninProbe *probe = value;
      gboolean wanted = is_wanted (self, probe);

      if (!wanted && probe->fetch != 0)
        {
          signin_fetch_cancel (self->fetcher, probe->fetch);
          probe->fetch = 0;
        }
      if (!wanted && (!probe->known || !signin_probe_is_fresh (probe, get_boot_usec ())))
        g_hash_table_iter_remove (&iter);
    }
}

static void
check_finish (Check *check)
{
  SigninHealth *self = check->health;
  g_autoptr (GPtrArray) rows = signin_check_judge (&check->judged);
  g_autoptr (GVariant) results = NULL;
  SigninHealthDone done = check->done;
  gpointer user_data = check->user_data;
  gboolean asked = check->asked;

  for (guint i = 0; i < check->extra->len; i++)
    signin_rows_add (rows, g_ptr_array_index (check->extra, i));
  forget_kinds (self, check->extra);
  for (guint i = 0; i < rows->len; i++)
    keep_row (self, g_ptr_array_index (rows, i));
  results = g_variant_ref_sink (
      g_variant_new_array (G_VARIANT_TYPE_VARDICT, (GVariant *const *) rows->pdata, rows->len));
  g_ptr_array_remove_fast (self->checks, check);
  drop_unwanted (self);
  done (results, asked, user_data);
}

static gboolean
on_finish (gpointer user_data)
{
  Check *check = user_data;

  check->finish_source = 0;
  check_finish (check);
  return G_SOURCE_REMOVE;
}

static gboolean
on_deadline (gpointer user_data)
{
  Check *check = user_data;

  check->deadline_source = 0;
  check_finish (check);
  return G_SOURCE_REMOVE;
}

/* Callers are never called before they know that there is a check. */
static void
finish_soon (Check *check)
{
  check->finishing = TRUE;
  check->finish_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_finish, check, NULL);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  /* The check may be no more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_handle_id (&check->witness_source, g_source_remove);
  check->judged.witness = addresses != NULL ? SIGNIN_WITNESS_RESOLVES : SIGNIN_WITNESS_FAILS;
  g_resolver_free_addresses (addresses);
  finish_soon (check);
}

static gboolean
on_witness_late (gpointer user_data)
{
  Check *check = user_data;

  check->witness_source = 0;
  check->judged.witness = SIGNIN_WITNESS_FAILS;
  g_cancellable_cancel (check->lookup);
  check_finish (check);
  return G_SOURCE_REMOVE;
}

static gboolean
is_complete (const Check *check)
{
  GHashTableIter iter;
  gpointer probe;

  for (guint i = 0; i < check->health->sources->len; i++)
    if (check->calls[i].id != 0)
      return FALSE;
  g_hash_table_iter_init (&iter, check->judged.probes);
  while (g_hash_table_iter_next (&iter, NULL, &probe))
    if (((SigninProbe *) probe)->fetch != 0)
      return FALSE;
  return TRUE;
}

static void
check_look (Check *check)
{
  const char *witness;
  g_autoptr (GResolver) resolver = NULL;

  if (check->finishing || !is_complete (check))
    return;
  witness = signin_check_find_witness (&check->judged);
  if (witness == NULL)
    {
      finish_soon (check);
      return;
    }
  check->finishing = TRUE;
  resolver = g_resolver_get_default ();
  check->witness_source = g_timeout_add (WITNESS_MSEC, on_witness_late, check);
  g_resolver_lookup_by_name_async (resolver, witness, check->lookup, on_looked_up, check);
}

static void
look_at_checks (SigninHealth *self)
{
  /* None of them ends in here. */
  for (guint i = 0; i < self->checks->len; i++)
    check_look (g_ptr_array_index (self->checks, i));
}

static void
on_fetched (const SigninFetchResponse *response, gpointer user_data)
{
  SigninProbe *probe = user_data;
  SigninHealth *self = probe->owner;

  probe->fetch = 0;
  probe->asked_boot_usec = get_boot_usec ();
  signin_probe_read (probe, response, self->services);
  look_at_checks (self);
}

static void
on_rows (GPtrArray *rows, gboolean asked, gpointer user_data)
{
  Call *call = user_data;
  Check *check = call->check;

  call->id = 0;
  check->asked |= asked;
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (check->extra, g_variant_ref (g_ptr_array_index (rows, i)));
  check_look (check);
}

static gboolean
ask (SigninHealth *self, SigninProbe *probe, gint64 time_usec, GError **error)
{
  const SigninFetchRequest request = {
    .url = probe->url,
    .max_body = signin_probe_get_max_body (probe),
    .connect_timeout_msec = (guint) (MIN (probe->health->connect_timeout_usec, time_usec) / 1000),
    .timeout_msec = (guint) (MIN (probe->health->timeout_usec, time_usec) / 1000),
  };

  probe->fetch = signin_fetch_start (self->fetcher, &request, on_fetched, probe, error);
  return probe->fetch != 0;
}

static gboolean
check_add_probe (Check *check, SigninRowKind kind, const char *url, const char *host, const SigninServiceHealth *health,
                 const SigninHealthOptions *options, GError **error)
{
  SigninHealth *self = check->health;
  SigninProbe *probe = g_hash_table_lookup (self->probes, url);

  if (g_hash_table_contains (check->judged.probes, url))
    return TRUE;
  if (probe == NULL)
    {
      probe = signin_probe_new (kind, url, host, health);
      probe->owner = self;
      g_hash_table_insert (self->probes, probe->url, probe);
    }
  g_hash_table_insert (check->judged.probes, probe->url, probe);
  if (probe->fetch == 0 && !options->refresh && signin_probe_is_fresh (probe, check->judged.started_boot_usec))
    return TRUE;
  check->asked = TRUE;
  return probe->fetch != 0 || ask (self, probe, options->timeout_usec, error);
}

static gboolean
check_add_target (Check *check, const SigninTarget *target, const SigninHealthOptions *options, GError **error)
{
  if (target->url != NULL
      && !check_add_probe (check, target->kind, target->url, target->host, target->health, options, error))
    return FALSE;
  return target->authority_url == NULL
         || check_add_probe (check, SIGNIN_ROW_AUTHORITY, target->authority_url, target->authority, target->health,
                             options, error);
}

static void
check_ask_sources (Check *check, const SigninHealthOptions *options)
{
  for (guint i = 0; i < check->health->sources->len; i++)
    {
      const Source *source = &g_array_index (check->health->sources, Source, i);

      check->calls[i].check = check;
      if (options->sources[i])
        check->calls[i].id = source->vtable.ask (source->self, options->targets, options->refresh, on_rows,
                                                 &check->calls[i]);
    }
}

static Check *
check_new (SigninHealth *self, GPtrArray *targets, SigninHealthDone done, gpointer user_data)
{
  Check *check = g_new0 (Check, 1);

  check->health = self;
  check->done = done;
  check->user_data = user_data;
  check->judged.targets = targets;
  check->judged.probes = g_hash_table_new (g_str_hash, g_str_equal);
  check->judged.started_boot_usec = get_boot_usec ();
  check->extra = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  check->calls = g_new0 (Call, self->sources->len);
  check->lookup = g_cancellable_new ();
  g_ptr_array_add (self->checks, check);
  return check;
}

/**
 * signin_health_check:
 * @self: what is known
 * @variant: the options of Check, a{sv}
 * @done: called with the results, once
 * @user_data: for @done
 * @error: return location
 *
 * Asks what is not known well enough. If that cannot be done, nothing is asked and @done is not called.
 *
 * Returns: %FALSE with %SIGNIN_ERROR_INVALID_ARGUMENT or %SIGNIN_ERROR_LIMIT_EXCEEDED for what cannot be wanted, or
 *   with %G_IO_ERROR_BUSY
 */
gboolean
signin_health_check (SigninHealth *self, GVariant *variant, SigninHealthDone done, gpointer user_data, GError **error)
{
  g_auto (SigninHealthOptions) options = { 0 };
  const char *names[SIGNIN_HEALTH_SOURCES_MAX];
  Check *check;

  for (guint i = 0; i < self->sources->len; i++)
    names[i] = g_array_index (self->sources, Source, i).vtable.option;
  if (!signin_health_options_parse (&options, variant, self->services, names, self->sources->len, error))
    return FALSE;
  check = check_new (self, g_ptr_array_ref (options.targets), done, user_data);
  for (guint i = 0; i < options.targets->len; i++)
    if (!check_add_target (check, g_ptr_array_index (options.targets, i), &options, error))
      {
        g_ptr_array_remove_fast (self->checks, check);
        drop_unwanted (self);
        return FALSE;
      }
  check_ask_sources (check, &options);
  check->deadline_source = g_timeout_add ((guint) (options.timeout_usec / 1000), on_deadline, check);
  check_look (check);
  return TRUE;
}

/**
 * signin_health_get:
 * @self: what is known
 *
 * Returns: (transfer floating): everything that was told, as it was told last, aa{sv}
 */
GVariant *
signin_health_get (const SigninHealth *self)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer row;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_variant_builder_add_value (&builder, row);
  return g_variant_builder_end (&builder);
}

/**
 * signin_health_add_source:
 * @health: what is known
 * @source: something else that can be asked; its strings stay
 * @user_data: for the functions of @source; outlives @health
 *
 * To be called before the first check; at most #SIGNIN_HEALTH_SOURCES_MAX times.
 */
void
signin_health_add_source (SigninHealth *health, const SigninHealthSource *source, gpointer user_data)
{
  const Source added = { *source, user_data };

  g_return_if_fail (health->sources->len < SIGNIN_HEALTH_SOURCES_MAX && health->checks->len == 0);
  g_array_append_val (health->sources, added);
}

/**
 * signin_health_new:
 * @services: the services; outlive this
 * @fetcher: who asks; outlives this
 *
 * Returns: (transfer full): something that knows nothing yet
 */
SigninHealth *
signin_health_new (SigninServices *services, SigninFetcher *fetcher)
{
  SigninHealth *self = g_new0 (SigninHealth, 1);

  self->services = services;
  self->fetcher = fetcher;
  self->probes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) signin_probe_free);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->checks = g_ptr_array_new_with_free_func (check_free);
  self->sources = g_array_new (FALSE, FALSE, sizeof (Source));
  return self;
}

/**
 * signin_health_free:
 * @self: (nullable): what is known
 *
 * Ends all checks; nobody is called any more.
 */
void
signin_health_free (SigninHealth *self)
{
  if (self == NULL)
    return;
  g_ptr_array_set_size (self->checks, 0);
  drop_unwanted (self);
  g_ptr_array_unref (self->checks);
  g_hash_table_unref (self->probes);
  g_hash_table_unref (self->rows);
  g_array_unref (self->sources);
  g_free (self);
}
