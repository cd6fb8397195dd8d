/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store gives back once it is left alone. */

#include "config.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store-private.h"

/* From the first use on, so that a use costs no more than a look whether one waits: a crowd may meet one now and then.
 * Short enough that whoever looks at an idle signind sees it idle. */
#define REST_AFTER_SEC 10

/* What of a library cannot be written has nothing in it that the file has not: none that Debian builds is changed when
 * it is loaded, outside of what is writable then. Only breakpoints of debuggers go. */
static void
give_back (uintptr_t from, uintptr_t to)
{
  uintptr_t page = sysconf (_SC_PAGESIZE);

  from &= -page;
  to = (to + page - 1) & -page;
  if (madvise ((void *) from, to - from, MADV_DONTNEED) != 0)
    g_debug ("The pages of SQLite stay: %m");
}

static int
on_object (struct dl_phdr_info *object, size_t size, void *data)
{
  uintptr_t wanted = (uintptr_t) data;
  gboolean found = FALSE;

  for (guint i = 0; i < object->dlpi_phnum && !found; i++)
    found = object->dlpi_phdr[i].p_type == PT_LOAD
            && wanted - object->dlpi_addr - object->dlpi_phdr[i].p_vaddr < object->dlpi_phdr[i].p_memsz;
  if (!found)
    return 0;

  for (guint i = 0; i < object->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *part = &object->dlpi_phdr[i];
      uintptr_t from = object->dlpi_addr + part->p_vaddr;

      if (part->p_type == PT_LOAD && (part->p_flags & PF_W) == 0)
        give_back (from, from + part->p_memsz);
    }
  return 1;
}

/**
 * signin_store_rest:
 * @db: what it keeps its data in
 *
 * Gives back what only using the store needs, and what the calls that used it have left unused. To store something once
 * in hours takes most of SQLite's code, over a megabyte, that would count as ours ever after. The kernel has it in its
 * page cache still; the next one to store something gets it from there in microseconds.
 */
void
signin_store_rest (sqlite3 *db)
{
  sqlite3_db_release_memory (db);
  dl_iterate_phdr (on_object, (void *) sqlite3_libversion);
  /* A crowd of callers, or one who asks for a lot, takes megabytes; malloc would keep them until the next crowd. */
  malloc_trim (0);
}

static gboolean
on_rest (gpointer user_data)
{
  SigninStoreRest *rest = user_data;

  signin_store_rest (rest->db);
  rest->source = 0;
  return G_SOURCE_REMOVE;
}

/**
 * signin_store_rest_later:
 * @rest: of a store, with its database
 *
 * Tells that the store has been used: a while later signin_store_rest() is due.
 */
void
signin_store_rest_later (SigninStoreRest *rest)
{
  if (rest->source == 0)
    rest->source = g_timeout_add_seconds (REST_AFTER_SEC, on_rest, rest);
}
