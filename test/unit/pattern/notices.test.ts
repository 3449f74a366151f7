// SPDX-License-Identifier: MIT
/** Notices: order, counts, and what is dropped of subscribers that came and went. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Notice, Notices, type Source } from "../../../src/pattern/notices.ts";
import { createPipePair } from "../../../src/pipe/local-pipe.ts";
import { FarEnd, octets, PatternHost, text } from "../../support/pattern-host.ts";

function newSource(): Source {
  const [pipe] = createPipePair({ inbound: 0, outbound: 0 });
  return { pipe, waiting: 0, isPaused: false, isGone: false };
}

function notice(kind: Notice["kind"], topic: string, source: Source | undefined): Notice {
  const first = kind === "subscribe" ? "\x01" : kind === "cancel" ? "\x00" : "";
  return { kind, message: [octets(first + topic)], source };
}

function takeAll(notices: Notices): string[] {
  const all: string[] = [];
  for (let next = notices.shift(); next !== undefined; next = notices.shift()) {
    const sign = next.kind === "subscribe" ? "+" : next.kind === "cancel" ? "-" : "";
    all.push(sign + text(next.message[0] as Uint8Array).slice(sign.length));
  }
  return all;
}

test("notices come in order, and each source knows how many of its own wait", () => {
  const notices = new Notices();
  const source = newSource();
  notices.push(notice("subscribe", "A", source));
  notices.push(notice("message", "hello", source));
  notices.push(notice("cancel", "A", undefined));
  assert.equal(source.waiting, 2);
  assert.equal(notices.length, 3);
  assert.deepEqual(takeAll(notices), ["+A", "hello", "-A"]);
  assert.equal(source.waiting, 0);
});

test("few notices of subscribers that have gone are left as they are", () => {
  const notices = new Notices(4);
  const source = newSource();
  notices.push(notice("subscribe", "A", source));
  notices.push(notice("cancel", "A", undefined));
  notices.leave(source);
  assert.deepEqual(takeAll(notices), ["+A", "-A"]);
});

test("many are thinned out: what came and went on a topic cancels out, messages and others stay", () => {
  const notices = new Notices(0);
  const [gone, stayer] = [newSource(), newSource()];
  notices.push(notice("subscribe", "A", gone));
  notices.push(notice("subscribe", "B", stayer));
  notices.push(notice("message", "hello", gone));
  notices.push(notice("subscribe", "AB", gone));
  notices.push(notice("cancel", "A", undefined));
  notices.push(notice("cancel", "B", undefined));
  notices.push(notice("cancel", "C", undefined));
  notices.leave(gone);
  assert.equal(notices.length, 5);
  assert.equal(gone.waiting, 2);
  assert.deepEqual(takeAll(notices), ["+B", "hello", "+AB", "-B", "-C"]);
  assert.equal(gone.waiting, 0);
});

test("nothing cancels out across a notice of somebody who is still there", () => {
  const notices = new Notices(0);
  const [gone, stayer] = [newSource(), newSource()];
  notices.push(notice("subscribe", "A", gone));
  notices.push(notice("cancel", "A", stayer));
  notices.push(notice("subscribe", "A", stayer));
  notices.push(notice("cancel", "A", undefined));
  notices.leave(gone);
  assert.deepEqual(takeAll(notices), ["+A", "-A", "+A", "-A"]);
});

test("a repeated subscription that no cancel answers is dropped alone, once its subscriber has gone", () => {
  const notices = new Notices(0);
  const [gone, stayer] = [newSource(), newSource()];
  notices.push(notice("subscribe", "A", stayer));
  notices.push({ ...notice("subscribe", "A", gone), isRepeated: true });
  notices.push({ ...notice("subscribe", "A", stayer), isRepeated: true });
  notices.push(notice("cancel", "A", stayer));
  notices.leave(gone);
  assert.deepEqual(takeAll(notices), ["+A", "+A", "-A"]);
  assert.deepEqual([gone.waiting, stayer.waiting], [0, 0]);
});

test("of the messages of subscribers that have gone, only the newest are kept", () => {
  const notices = new Notices(0, 2);
  const [gone, stayer] = [newSource(), newSource()];
  for (const text of ["1", "2", "3"]) notices.push(notice("message", text, gone));
  notices.push(notice("message", "hello", stayer));
  notices.leave(gone);
  assert.deepEqual(takeAll(notices), ["2", "3", "hello"]);
  assert.equal(gone.waiting, 0);
});

test("with every subscription told but only the last cancel, who comes and goes fills up nothing either", () => {
  const host = new PatternHost("XPUB", { verbosity: "allSubs" });
  const stayer = new FarEnd(host);
  stayer.subscribe("stays");
  for (let i = 0; i < 5000; i += 1) {
    const peer = new FarEnd(host);
    peer.subscribe(`topic ${i}`);
    peer.subscribe("stays");
    peer.send("message");
    peer.leave();
  }
  const received = host.receiveAll().map((message) => message[0] as string);
  assert.ok(received.filter((each) => each !== "message").length < 3000, String(received.length));
  assert.ok(received.filter((each) => each === "message").length < 13_000, String(received.length));
  const known = new Set<string>();
  for (const each of received) {
    if (each.startsWith("\x01")) known.add(each.slice(1));
    else known.delete(each.slice(1));
  }
  assert.deepEqual([...known], ["stays"]);
});

test("a publisher that never looks is not filled up by subscribers that come and go", () => {
  for (const changes of [{}, { verbosity: "allSubsUnsubs" as const }, { manual: true }]) {
    const host = new PatternHost("XPUB", changes);
    const stayer = new FarEnd(host);
    stayer.subscribe("stays");
    for (let i = 0; i < 5000; i += 1) {
      const peer = new FarEnd(host);
      peer.subscribe(`topic ${i}`);
      peer.subscribe("all");
      peer.leave();
    }
    const received = host.receiveAll().map((message) => message[0]);
    assert.ok(received.length < 3000, String(received.length));
    assert.equal(received[0], "\x01stays");
    const held = new Map<string, number>();
    for (const each of received) {
      const topic = each?.slice(1) ?? "";
      held.set(topic, (held.get(topic) ?? 0) + (each?.startsWith("\x01") === true ? 1 : -1));
    }
    assert.deepEqual(
      [...held].filter(([, count]) => count !== 0),
      [["stays", 1]],
    );
  }
});
