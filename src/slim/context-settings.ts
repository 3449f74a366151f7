// SPDX-License-Identifier: MIT
/** In the place of `api/context-settings.ts` in browsers: the settings that mean something there, unchecked and without numbers. */

/** A context's options. */
export class ContextSettings {
  ioThreads = 1;
  maxSockets = 1023;
  readonly maxSocketsLimit: number = 65535;
  ipv6 = false;
  blocky = true;
  zeroCopyReceive = true;
}
