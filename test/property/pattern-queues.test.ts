// SPDX-License-Identifier: MIT
/** Laws of the queues in `pattern/`: turns are fair, nothing is lost or doubled, whatever comes and goes when. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { DRIVES } from "../conformance/pattern-drives.ts";
import { FarEnd, octets, PatternHost, text } from "../support/pattern-host.ts";
import { runs } from "./runs.ts";

// One, and a second one for the pipe that takes the turn of a pipe that ran empty (as in libzmq).
test("a fair queue reads at most two messages of each other pipe between two of one pipe that has some", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 6 }), (counts) => {
      const host = new PatternHost("PULL");
      for (const [n, count] of counts.entries()) {
        const peer = new FarEnd(host);
        for (let i = 0; i < count; i += 1) peer.send(`${n}`);
      }
      const order = host.receiveAll().map((message) => Number(message[0]));
      assert.equal(
        order.length,
        counts.reduce((sum, count) => sum + count, 0),
      );
      for (const n of counts.keys()) {
        const places = order.flatMap((each, place) => (each === n ? [place] : []));
        for (let i = 1; i < places.length; i += 1) {
          const between = order.slice((places[i - 1] as number) + 1, places[i]);
          for (const other of between) assert.ok(between.filter((each) => each === other).length <= 2, order.join(" "));
        }
      }
    }),
    runs(100),
  );
});

test("a load balancer gives pipes with room as many messages as the others, give or take one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 60 }), (pipes, messages) => {
      const host = new PatternHost("PUSH");
      const peers = Array.from({ length: pipes }, () => new FarEnd(host));
      for (let i = 0; i < messages; i += 1) assert.ok(host.send(`${i}`));
      const counts = peers.map((peer) => peer.receiveAll().length);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        messages,
      );
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
    }),
    runs(100),
  );
});

type Event =
  | { readonly do: "join"; readonly isLocal: boolean; readonly room: number }
  | { readonly do: "leave" | "drop" | "reconnect" | "peerSends" | "peerTakes"; readonly who: number }
  | { readonly do: "hostSends" | "hostReceives" };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("join"), isLocal: fc.boolean(), room: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("leave", "drop", "reconnect"), who: fc.nat({ max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("peerSends", "peerTakes"), who: fc.nat({ max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("hostSends", "hostReceives") }) },
);

for (const type of ["PAIR", "PUSH", "PULL", "DEALER", "SUB", "XSUB", "XPUB", "PUB"]) {
  const drive = DRIVES.find((each) => each.type === type);
  assert.ok(drive !== undefined);

  test(`${type}: whatever comes and goes, no message is doubled, reordered or lost with a peer that leaves in order`, () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const host = new PatternHost(type, drive.options);
        drive.prepareHost?.(host);
        const peers: { end: FarEnd; sent: number; isLeft: boolean; isDropped: boolean; taken: string[] }[] = [];
        const received: string[] = [];
        const accepted: string[] = [];
        let count = 0;
        const receive = (): void => {
          const content = drive.hostReceives?.(host);
          if (content !== undefined) received.push(content);
        };
        const take = (peer: (typeof peers)[number]): void => {
          const item = peer.end.read();
          const content = item === undefined ? undefined : drive.textAtPeer?.(item);
          if (content !== undefined) peer.taken.push(content);
        };
        for (const each of events) {
          if (each.do === "join") {
            const end = new FarEnd(host, { isLocal: each.isLocal, outbound: each.room, inbound: each.room });
            if (each.isLocal) end.connect();
            drive.preparePeer?.(end);
            peers.push({ end, sent: 0, isLeft: end.isLeft, isDropped: end.isLeft, taken: [] });
          } else if (!("who" in each)) {
            if (each.do === "hostReceives") receive();
            else if (drive.hostSends?.(host, "", `${count}`)) accepted.push(`${count}`);
            count += 1;
          } else {
            const peer = peers[each.who];
            if (peer === undefined || peer.isLeft) continue;
            if (each.do === "leave") peer.end.leave();
            if (each.do === "drop") host.drop(peer.end.near);
            if (each.do === "leave" || each.do === "drop") peer.isLeft = true;
            if (each.do === "drop") peer.isDropped = true;
            if (each.do === "reconnect") peer.end.reconnect();
            if (each.do === "peerTakes") take(peer);
            if (each.do === "peerSends" && drive.peerSends?.(peer.end, `${each.who}.${peer.sent}`)) peer.sent += 1;
          }
        }
        for (let last = -1; last !== received.length; ) {
          last = received.length;
          receive();
        }
        for (const [who, peer] of peers.entries()) {
          const heard = received.filter((content) => content.startsWith(`${who}.`));
          assert.deepEqual(
            heard,
            Array.from({ length: heard.length }, (_, i) => `${who}.${i}`),
          );
          if (!peer.isDropped && drive.hostReceives !== undefined) assert.equal(heard.length, peer.sent);
          if (!peer.isLeft) for (let i = 0; i < 80; i += 1) take(peer);
          const numbers = peer.taken.map(Number);
          assert.deepEqual(
            numbers,
            [...new Set(numbers)].sort((a, b) => a - b),
          );
          assert.ok(peer.taken.every((content) => accepted.includes(content)));
        }
        if (drive.dropsWhenFull !== true) {
          const all = peers.flatMap((peer) => peer.taken);
          assert.equal(new Set(all).size, all.length);
          if (peers.every((peer) => !peer.isLeft)) assert.deepEqual([...all].sort(), [...accepted].sort());
        }
      }),
      runs(150),
    );
  });
}

type RouterEvent =
  | { readonly do: "join"; readonly id: string }
  | { readonly do: "leave" | "drop" | "send"; readonly who: number }
  | { readonly do: "receive" };

const routerEvent: fc.Arbitrary<RouterEvent> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("join"), id: fc.constantFrom("A", "B", "C") }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("leave", "drop", "send", "send"), who: fc.nat({ max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("receive") }) },
);

test("ROUTER: at every moment an id leads to the peer that has it, and to nobody else", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(routerEvent, { maxLength: 60 }), (handover, events) => {
      const host = new PatternHost("ROUTER", { handover, mandatory: true });
      const peers: { id: string; end: FarEnd; isRefused: boolean; isOut: boolean; sent: number }[] = [];
      const holders = new Map<string, (typeof peers)[number]>();
      for (const each of events) {
        if (each.do === "join") {
          const peer = {
            id: each.id,
            end: new FarEnd(host, { routingId: each.id }),
            isRefused: false,
            isOut: false,
            sent: 0,
          };
          peers.push(peer);
          const holder = holders.get(each.id);
          if (holder !== undefined && !handover) peer.isRefused = true;
          else {
            if (holder !== undefined) {
              assert.equal(holder.end.isLeft, true);
              holder.isOut = true;
            }
            holders.set(each.id, peer);
          }
        } else if (each.do === "receive") host.receive();
        else {
          const peer = peers[each.who];
          if (peer === undefined || peer.isOut) continue;
          if (each.do === "send") {
            assert.ok(peer.end.send(`${each.who}${peer.isRefused ? " refused" : ""}`));
            continue;
          }
          if (each.do === "leave") peer.end.leave();
          else host.drop(peer.end.near);
          peer.isOut = true;
          if (holders.get(peer.id) === peer) {
            holders.delete(peer.id);
            const next = peers.find(({ id, isRefused, isOut }) => id === peer.id && isRefused && !isOut);
            if (next !== undefined) {
              next.isRefused = false;
              holders.set(next.id, next);
            }
          }
        }
        for (const id of ["A", "B", "C"]) {
          const holder = holders.get(id);
          if (holder === undefined) {
            assert.throws(() => host.send(id, "x"), { code: "EHOSTUNREACH" });
            continue;
          }
          assert.ok(host.send(id, "probe"));
          for (const peer of peers) assert.deepEqual(peer.end.receiveAll(), peer === holder ? [["probe"]] : []);
        }
      }
      for (let message = host.pattern.receive(); message !== undefined; message = host.pattern.receive()) {
        const [id, who] = message.map(text) as [string, string];
        assert.equal(peers[Number(who)]?.id, id);
      }
    }),
    runs(300),
  );
});

test("REQ and REP: through any mixture of peers, each reply is to the request", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 30 }), fc.boolean(), (noise, correlate) => {
      const host = new PatternHost("REQ", { correlate });
      const peers = [new FarEnd(host), new FarEnd(host), new FarEnd(host)];
      for (const [i, noisy] of noise.entries()) {
        assert.ok(host.pattern.send([octets(`${i}`)]));
        const asked = peers[i % 3] as FarEnd;
        const request = asked.receive() as string[];
        if (noisy !== i % 3) peers[noisy]?.send(...request.slice(0, -1), "noise");
        asked.send(...request.slice(0, -1), `re ${i}`);
        assert.deepEqual(host.receive(), [`re ${i}`]);
      }
    }),
    runs(100),
  );
});
