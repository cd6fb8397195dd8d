/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninCtlOption:
 *
 * Every option there is; the first ones go with every verb.
 */
typedef enum
{
  SIGNIN_CTL_OPT_JSON,
  SIGNIN_CTL_OPT_PLAIN,
  SIGNIN_CTL_OPT_HELP,
  SIGNIN_CTL_OPT_VERSION,
  SIGNIN_CTL_OPT_SERVICE,
  SIGNIN_CTL_OPT_ORG,
  SIGNIN_CTL_OPT_REGION,
  SIGNIN_CTL_OPT_USER,
  SIGNIN_CTL_OPT_URL,
  SIGNIN_CTL_OPT_LENGTH,
  SIGNIN_CTL_OPT_WARN,
  SIGNIN_CTL_OPT_FROM_NEXT,
  SIGNIN_CTL_OPT_AT,
  SIGNIN_CTL_OPT_SOURCE,
  SIGNIN_CTL_OPT_FORCE,
  SIGNIN_CTL_OPT_MIN_REMAINING,
  SIGNIN_CTL_OPT_POPUP,
  SIGNIN_CTL_OPT_REFRESH,
  SIGNIN_CTL_OPT_WAIT,
  SIGNIN_CTL_OPT_REPLACE,
  SIGNIN_CTL_OPT_DRY_RUN,
  SIGNIN_CTL_OPT_SINCE,
  SIGNIN_CTL_OPT_UNTIL,
  SIGNIN_CTL_OPT_ACCOUNT,
  SIGNIN_CTL_OPT_YES,
  SIGNIN_CTL_OPT_FORMAT,
  SIGNIN_CTL_OPT_FOLLOW,
  SIGNIN_CTL_N_OPTIONS
} SigninCtlOption;

#define SIGNIN_CTL_BIT(option) (1u << (option))
#define SIGNIN_CTL_GLOBAL_OPTIONS                                                                                      \
  (SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_JSON) | SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_PLAIN) | SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_HELP) \
   | SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_VERSION))

/**
 * SigninCtlOptionInfo:
 * @name: its name, without the dashes
 * @value: what its value is called in the help, or %NULL if it takes none
 * @help: what it does
 */
typedef struct
{
  const char *name;
  const char *value;
  const char *help;
} SigninCtlOptionInfo;

/**
 * SigninCtlVerb:
 * @name: what is typed
 * @alias: another name, or %NULL
 * @group: the heading it stands under in the help; %NULL for what is not for people
 * @words: what may follow it, as the help shows it, or %NULL
 * @help: what it does
 * @min_words: how many words have to follow
 * @max_words: how many words may follow
 * @options: the bits of its own options
 * @run: does it; returns an exit code, or sets its error
 */
typedef struct _SigninCtl SigninCtl;
typedef struct _SigninCtlVerb SigninCtlVerb;
struct _SigninCtlVerb
{
  const char *name;
  const char *alias;
  const char *group;
  const char *words;
  const char *help;
  guint min_words;
  guint max_words;
  guint options;
  int (*run) (SigninCtl *ctl, GError **error);
};

/**
 * SigninCtlArgs:
 * @verb: what to do
 * @verb_given: it was typed, not assumed
 * @given: the bits of the options that were given
 * @values: their values
 * @words: %NULL-terminated words after the verb
 * @n_words: how many
 *
 * A command line that was understood; borrows from it.
 */
typedef struct
{
  const SigninCtlVerb *verb;
  gboolean verb_given;
  guint given;
  const char *values[SIGNIN_CTL_N_OPTIONS];
  const char **words;
  guint n_words;
} SigninCtlArgs;

const SigninCtlOptionInfo *signin_ctl_option_info (SigninCtlOption option);
gboolean signin_ctl_args_wants_json (int argc, char *const *argv);
gboolean signin_ctl_args_parse (SigninCtlArgs *args, const SigninCtlVerb *verbs, int argc, char *const *argv,
                                GError **error);
void signin_ctl_args_clear (SigninCtlArgs *args);
gboolean signin_ctl_args_has (const SigninCtlArgs *args, SigninCtlOption option);
const char *signin_ctl_nearest (const char *text, const char *const *candidates);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlArgs, signin_ctl_args_clear)

G_END_DECLS
