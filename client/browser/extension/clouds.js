// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which hosts belong together: the applications of a cloud, and the authority that signs people in to them. The
// manifest asks for the same hosts; only those of the first cloud are asked for at installation.

export const CLOUDS = [
  {
    id: "public",
    applications: ["*.dynamics.com", "listening.microsoft.com", "portal.office.com"],
    authorities: ["login.microsoftonline.com"],
  },
  {
    id: "government",
    applications: ["*.microsoftdynamics.us", "*.appsplatform.us"],
    authorities: ["login.microsoftonline.us"],
  },
  {
    id: "china",
    applications: ["*.dynamics.cn"],
    authorities: ["login.partner.microsoftonline.cn"],
  },
];

// What stands before the host name of a region without being an organization.
const RESERVED = new Set(["admin", "api", "cloudredirector", "dev", "disco", "globaldisco", "port"]);

const matches = (pattern, host) => (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern);

// The cloud of an application's host name, or undefined.
export function cloudOfApplication(host) {
  return CLOUDS.find((cloud) => cloud.applications.some((pattern) => matches(pattern, host)));
}

// Whether people sign in on this host, in whatever cloud.
export function isAuthority(host) {
  return CLOUDS.some((cloud) => cloud.authorities.includes(host));
}

// The region's part of a host name, such as "crm4.dynamics.com", or undefined.
export function regionOf(host) {
  return /^[^.]+\.(crm\d{0,2}\.[a-z]+\.[a-z]+)$/.exec(host)?.[1];
}

// Whether this is an organization's own host name: not a redirector such as "db3--eurcrmlivesg622.crm4.dynamics.com".
export function isOrganization(host) {
  const label = host.split(".", 1)[0];
  return regionOf(host) !== undefined && !label.includes("--") && !RESERVED.has(label);
}

// Match patterns, as the browser's interfaces want them.
export function patterns(hosts) {
  return hosts.map((host) => `https://${host}/*`);
}

// The permissions without which a cloud cannot be observed.
export function permissionsOf(cloud) {
  const authorities = cloud.id === "public" ? [] : cloud.authorities;
  return { origins: patterns([...cloud.applications, ...authorities]) };
}

// All that is listened to where it is allowed.
export const ALL_PATTERNS = CLOUDS.flatMap((cloud) => patterns([...cloud.applications, ...cloud.authorities]));
