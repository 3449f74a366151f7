// SPDX-License-Identifier: MIT
/** The package in Vitest. */
import { expect, test } from "vitest";
import { roundTrips } from "./round-trips.mjs";

test("round trips", async () => {
  expect(await roundTrips()).toBe("libzmq tcp, libzmq curve, own bound");
});
