// SPDX-License-Identifier: MIT
/** Laws of `src/engine/outbox.ts`: it writes what its plain twin writes, when that does, and lends out no slab too long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Connection } from "../../src/engine/connection.ts";
import { Outbox } from "../../src/engine/outbox.ts";
import type { Encoder } from "../../src/wire/frame.ts";
import { ZmtpV1Encoder } from "../../src/wire/zmtp-v1.ts";
import { ZmtpV2Encoder } from "../../src/wire/zmtp-v2.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { PlainOutbox } from "../twins/outbox.ts";
import { encodeV1 } from "../twins/zmtp-v1.ts";
import { encodeV2 } from "../twins/zmtp-v2.ts";
import { CountingPool } from "../unit/wire/pool.ts";
import { runs } from "./runs.ts";

/** A connection that looks at what it holds only when it lets go of it. */
class LazyConnection {
  isQuick = true;
  readonly writes: Buffer[] = [];
  private held: readonly Uint8Array[] = [];

  write(chunks: readonly Uint8Array[]): boolean {
    assert.equal(this.held.length, 0, "a write before the connection has drained");
    if (!this.isQuick) {
      this.held = chunks;
      return false;
    }
    this.writes.push(Buffer.concat(chunks));
    return true;
  }

  letGo(): void {
    if (this.held.length > 0) this.writes.push(Buffer.concat(this.held));
    this.held = [];
  }
}

const size = fc.oneof(fc.nat(300), fc.constantFrom(0, 255, 256, 16383, 16384, 30000, 65536));
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("say" as const), size }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("endTurn" as const, "flush" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("slow" as const, "drain" as const) }) },
);

test("an outbox writes what its twin writes, and when", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.integer({ min: 1, max: 20 }),
      fc.array(step, { maxLength: 100 }),
      (isOld, greeting, steps) => {
        const connection = new LazyConnection();
        const clock = new FakeClock();
        const pool = new CountingPool(98304);
        const outbox = new Outbox(connection as unknown as Connection, clock, new ZmtpV2Encoder(pool));
        const plain = new PlainOutbox(() => connection.isQuick);
        // As in a handshake: a greeting, then perhaps another protocol.
        outbox.writeRaw(Buffer.alloc(greeting, 1));
        plain.say(Buffer.alloc(greeting, 1));
        plain.flush();
        if (isOld) outbox.switchTo(new ZmtpV1Encoder(pool));
        const encoder: Encoder = outbox.encoder;
        let number = 0;
        for (const each of steps) {
          if (each.do === "say") {
            const message = [Buffer.alloc(each.size, number++)];
            encoder.message(message);
            outbox.encoded();
            plain.say((isOld ? encodeV1 : encodeV2)([{ message }]));
          } else if (each.do === "endTurn") {
            clock.endTurn();
            plain.endTurn();
          } else if (each.do === "flush") {
            outbox.flush();
            plain.flush();
          } else if (each.do === "slow") {
            connection.isQuick = false;
          } else {
            connection.isQuick = number % 3 > 0;
            if (!outbox.isBlocked) continue;
            connection.letGo();
            outbox.drained();
            plain.drained();
          }
          assert.equal(outbox.isBlocked, plain.isBlocked);
          assert.equal(outbox.isEmpty, !plain.isBlocked && plain.pending === 0);
          assert.equal(outbox.isBehind, plain.isBlocked && plain.pending >= 65536);
          if (outbox.isEmpty) assert.equal(pool.lent.size, 0, "an idle outbox holds no slab");
        }
        connection.isQuick = true;
        for (; outbox.isBlocked; outbox.drained(), plain.drained()) connection.letGo();
        clock.endTurn();
        plain.endTurn();
        assert.deepEqual(
          connection.writes.map((write) => write.length),
          plain.writes.map((write) => write.length),
        );
        assert.ok(Buffer.concat(connection.writes).equals(Buffer.concat(plain.writes)));
        assert.equal(pool.lent.size, 0);
      },
    ),
    runs(200),
  );
});
