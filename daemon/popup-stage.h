/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens on the popup thread; nothing here is called from another one, but for the register. */

#pragma once

#include <gio/gio.h>

#include "mailbox.h"
#include "popup-text.h"

G_BEGIN_DECLS

#define SIGNIN_NOTIFICATIONS_NAME "org.freedesktop.Notifications"
#define SIGNIN_NOTIFICATIONS_PATH "/org/freedesktop/Notifications"

void signin_popup_send_close (GDBusConnection *bus, const char *server, guint32 id);
void signin_popup_send_fade (GDBusConnection *bus, const char *server, guint32 id);

/* More than ever are on the screen at once; what is said of one bounds the file. */
#define SIGNIN_MAX_OLD_POPUPS 32

/**
 * SigninOldPopup:
 * @server: unique name of the server that shows it
 * @id: what the server calls it
 *
 * A popup of a daemon that was killed.
 */
typedef struct
{
  char *server;
  guint32 id;
} SigninOldPopup;

GArray *signin_popup_file_read (const char *guid);
void signin_popup_file_write (const char *text);
char *signin_popup_file_line (const char *guid, const char *server, guint32 id);

/**
 * SigninRegister:
 *
 * Which popups are on the screen and whose they are, for the one who has to clear up while the popup thread hangs,
 * and for the daemon that comes after one that was killed. And what the popup thread has to know at any time.
 */
typedef struct _SigninRegister SigninRegister;

SigninRegister *signin_register_new (void);
SigninRegister *signin_register_ref (SigninRegister *reg);
void signin_register_unref (SigninRegister *reg);
void signin_register_set_fading (SigninRegister *reg, gboolean fading);
void signin_register_set_server (SigninRegister *reg, const char *server);
char *signin_register_dup_server (SigninRegister *reg);
void signin_register_begin (SigninRegister *reg);
void signin_register_end (SigninRegister *reg);
void signin_register_put (SigninRegister *reg, const char *key, const char *guid, const char *server, guint32 id);
void signin_register_drop (SigninRegister *reg, const char *key);
void signin_register_close_all (SigninRegister *reg, GDBusConnection *bus);
void signin_register_set_locked (SigninRegister *reg, gboolean locked);
gboolean signin_register_is_locked (SigninRegister *reg);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninRegister, signin_register_unref)

/**
 * SigninAnswer:
 * @popup: as of SigninPopupAnswer
 * @step: as of SigninPopupAnswer
 * @action: as of SigninPopupAnswer
 * @token: as of SigninPopupAnswer
 *
 * The message in which an answer travels to the main context; its key begins with the popup.
 */
typedef struct
{
  char *popup;
  guint step;
  char *action;
  char *token;
} SigninAnswer;

void signin_answer_free (SigninAnswer *answer);

/**
 * SigninStage:
 *
 * All that is wanted on the screen, and the server that shows it.
 */
typedef struct _SigninStage SigninStage;

SigninStage *signin_stage_new (GDBusConnection *bus, GMainContext *context, SigninMailbox *answers,
                               SigninRegister *reg);
void signin_stage_free (SigninStage *stage);
void signin_stage_show (SigninStage *stage, const char *key, SigninPopup *popup);
void signin_stage_withdraw (SigninStage *stage, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninStage, signin_stage_free)

G_END_DECLS
