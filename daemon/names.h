/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every name that something outside of this project can see or depend on, in one place. */

#pragma once

#define SIGNIN_BUS_NAME "org.signind.Signin1"
#define SIGNIN_OBJECT_PATH "/org/signind/Signin1"
#define SIGNIN_ACCOUNT_PATH_PREFIX "/org/signind/Signin1/account/"
#define SIGNIN_MANAGER_INTERFACE "org.signind.Signin1.Manager"
#define SIGNIN_ACCOUNT_INTERFACE "org.signind.Signin1.Account"
#define SIGNIN_ERROR_PREFIX "org.signind.Signin1.Error."

/* The process that asks the network. */
#define SIGNIN_HEALTH_BUS_NAME "org.signind.Health1"
#define SIGNIN_HEALTH_OBJECT_PATH "/org/signind/Health1"
#define SIGNIN_HEALTH_INTERFACE "org.signind.Health1"
#define SIGNIN_HEALTH_ERROR_PREFIX "org.signind.Health1.Error."
#define SIGNIN_HEALTH_TARGETS_MAX 64

/* The desktop entry without its suffix, and the icon. */
#define SIGNIN_DESKTOP_ID "org.signind.Signin1"

/* What browsers know the program by that reaches us for the extension. */
#define SIGNIN_BROWSER_HOST_NAME "org.signind.browser"

/* The source of a sign-in that a person reported by hand. */
#define SIGNIN_SOURCE_MANUAL "manual"

/* Journal: one message id an occasion; systemd/signind.catalog explains each. */
#define SIGNIN_MESSAGE_STARTED "e6dd9aff35f6484591d0b379bc8e3f16"
#define SIGNIN_MESSAGE_SIGNED_IN "5bb24b0ac8e34a0a8a43fb1a3d16ae59"
#define SIGNIN_MESSAGE_WARNING "af01c609bcd84aaea14671d753a61c8b"
#define SIGNIN_MESSAGE_REMINDER "8d803b1f1cda4d72bc9a998e89f82290"
#define SIGNIN_MESSAGE_EXPIRED "30dab0ed1729435f9b6e4e83c20babbf"
#define SIGNIN_MESSAGE_SIGNED_OUT "0a7381443f69489198b67eef6135cedc"
#define SIGNIN_MESSAGE_CLOCK_STEP "841a6c1d095c48e99a6a825d03275b75"
#define SIGNIN_MESSAGE_STORE_DAMAGED "6f027279bf414417861a7e9d9a03fca5"
#define SIGNIN_MESSAGE_STORE_MEMORY "8cf5bc7f28a54c35911602898181c709"
#define SIGNIN_MESSAGE_STORE_FAILED "a4b83c54a3ba44e8a6ac919128465b4f"

/* Journal fields beside MESSAGE, MESSAGE_ID and PRIORITY. */
#define SIGNIN_FIELD_ACCOUNT "SIGNIN_ACCOUNT"
#define SIGNIN_FIELD_SOURCE "SIGNIN_SOURCE"
#define SIGNIN_FIELD_EVENT "SIGNIN_EVENT"
#define SIGNIN_FIELD_EXPIRES_AT "SIGNIN_EXPIRES_AT"
#define SIGNIN_FIELD_ANSWERED "SIGNIN_ANSWERED"
