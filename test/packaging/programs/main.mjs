// SPDX-License-Identifier: MIT
/** The program as an ES module. */
import { roundTrips } from "./round-trips.mjs";

void roundTrips().then(console.log);
