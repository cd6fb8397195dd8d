/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From words to the notification of libnotify. */

#include "config.h"

#include <string.h>
#include <time.h>

#include "names.h"
#include "popup-stage-private.h"

/* Who speaks of minutes later than this would be wrong by more than rounding is. */
#define FRESH_NSEC (G_GINT64_CONSTANT (30) * 1000 * 1000 * 1000)

static void
add_actions (SigninStage *self, NotifyNotification *notification, const SigninPopup *popup)
{
  if (!self->has_actions)
    return;
  if (popup->default_label != NULL && !self->default_is_button)
    notify_notification_add_action (notification, SIGNIN_ACTION_DEFAULT, popup->default_label, signin_stage_on_action,
                                    self, NULL);
  for (guint i = 0; i < popup->n_buttons; i++)
    notify_notification_add_action (notification, popup->buttons[i].key, popup->buttons[i].label,
                                    signin_stage_on_action, self, NULL);
}

/* On the clock that counts suspend. */
gint64
signin_stage_now_nsec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static const char *
title_for_now (const Slot *slot)
{
  gboolean fresh = !slot->was_shown && signin_stage_now_nsec () - slot->ordered_nsec < FRESH_NSEC;

  return fresh || slot->wanted->later_title == NULL ? slot->wanted->title : slot->wanted->later_title;
}

static void
add_hints (NotifyNotification *notification, const Slot *slot)
{
  notify_notification_set_urgency (notification,
                                   slot->wanted->critical ? NOTIFY_URGENCY_CRITICAL : NOTIFY_URGENCY_NORMAL);
  notify_notification_set_category (notification, "x-signind.session");
  notify_notification_set_hint (notification, "desktop-entry", g_variant_new_string (SIGNIN_DESKTOP_ID));
  if (slot->wanted->sound && !slot->was_shown)
    notify_notification_set_hint (notification, "sound-name", g_variant_new_string ("dialog-warning"));
  else
    notify_notification_set_hint (notification, "suppress-sound", g_variant_new_boolean (TRUE));
}

/* A new object for each showing: libnotify 0.8.1 tells of an object's closing only once. */
NotifyNotification *
signin_stage_make_notification (SigninStage *self, const Slot *slot)
{
  const SigninPopup *popup = slot->wanted;
  g_autofree char *body = NULL;
  NotifyNotification *notification;

  body = self->has_markup ? g_markup_escape_text (popup->body, -1) : g_strdup (popup->body);
  notification = g_object_new (NOTIFY_TYPE_NOTIFICATION, "summary", title_for_now (slot), "body", body, "icon-name",
                               popup->icon, "id", (int) slot->id, NULL);
  notify_notification_set_timeout (notification, NOTIFY_EXPIRES_NEVER);
  add_hints (notification, slot);
  add_actions (self, notification, popup);
  return notification;
}
