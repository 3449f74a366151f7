// SPDX-License-Identifier: MIT
/**
 * Requests and replies over a connection that breaks at many positions: in turns, with `request()`, with and without
 * retries. An answer is always that of its own request, and a server carries nothing out more often than it was sent.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply, Request } from "../../src/index.ts";
import { receiveAll } from "../support/sockets.ts";
import { BREAKS } from "./everywhere.ts";
import { makeMessage, readMessage } from "./messages.ts";
import { LONG, positionsIn, TIMES } from "./play.ts";
import type { Direction, Plan, VirtualNetwork } from "./virtual-network.ts";
import { withNetwork } from "./virtual-sockets.ts";

const ENDPOINT = "tcp://somewhere:1";

/** Octets that went over the first wire. */
type Traffic = Record<Direction, Buffer>;

/** A client, a server and the network between them. */
class Desk {
  readonly network: VirtualNetwork;
  readonly req: Request;
  readonly rep: Reply;
  /** The numbers of the requests that the server has heard. */
  readonly heard: number[] = [];

  constructor(network: VirtualNetwork, req: Request, rep: Reply) {
    this.network = network;
    this.req = req;
    this.rep = rep;
  }

  async join(doesServerBind: boolean): Promise<void> {
    const [binder, connecter] = doesServerBind ? [this.rep, this.req] : [this.req, this.rep];
    await binder.bind(ENDPOINT);
    connecter.connect(ENDPOINT);
    await this.network.run();
  }

  /** The server answers all that it has heard; what leaves for either side arrives. */
  async serve(): Promise<void> {
    await this.network.run();
    for (let request = this.rep.tryReceive(); request !== undefined; request = this.rep.tryReceive()) {
      const number = readMessage("ask", request);
      this.heard.push(number);
      this.rep.trySend(makeMessage("answer", number));
    }
    await this.network.run();
  }

  /** Time passes, and the server goes on serving. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 100) {
      await this.network.pass(100);
      await this.serve();
    }
  }

  traffic(): Traffic {
    const [wire] = this.network.wires;
    const octets = (direction: Direction): Buffer =>
      wire?.octets(direction).subarray(0, wire.carried[direction]) ?? Buffer.alloc(0);
    return { up: octets("up"), down: octets("down") };
  }
}

/** What is done at a desk. */
type Story = (desk: Desk, doesServerBind: boolean, patience: number) => Promise<Traffic>;

function tell(story: Story, doesServerBind: boolean, plan: Plan, options: object): Promise<Traffic> {
  let traffic: Traffic | undefined;
  return withNetwork(async (network, context) => {
    network.plans.push(plan);
    const desk = new Desk(network, context.socket("req", options), context.socket("rep"));
    traffic = await story(desk, doesServerBind, plan.fault?.how === "vanish" ? LONG : 200);
  }, TIMES).then(() => traffic as Traffic);
}

/** Tells a story with the connection broken at each position; for the longer ones, at each so many. */
function testEverywhere(title: string, every: number, story: Story, options: object = {}): void {
  for (const doesServerBind of [true, false]) {
    for (const [index, how] of BREAKS.entries()) {
      test(`${title}; ${how} at each ${every}th position, the ${doesServerBind ? "server" : "client"} bound`, async () => {
        const whole = await tell(story, doesServerBind, {}, options);
        for (const direction of ["up", "down"] satisfies Direction[]) {
          const positions = positionsIn(whole[direction], false);
          for (let each = index % every; each < positions.length; each += every) {
            const at = positions[each] as number;
            try {
              await tell(story, doesServerBind, { fault: { direction, at, how } }, options);
            } catch (error) {
              const text = `${how} after ${at} octets ${direction}: ${(error as Error).message}`;
              throw new Error(text, { cause: error });
            }
          }
        }
      });
    }
  }
}

/** Asks in turn; gives the number of the answer, which is undefined when there was none. */
async function askInTurn(
  { req, network }: Desk,
  serve: () => Promise<void>,
  number: number,
): Promise<number | undefined> {
  if (!req.trySend(makeMessage("ask", number))) return undefined;
  await network.run();
  await serve();
  const answer = req.tryReceive();
  return answer === undefined ? undefined : readMessage("answer", answer);
}

testEverywhere(
  "in turns, correlated and relaxed: a reply is that of the latest request, and nothing is sent twice",
  3,
  async (desk, doesServerBind, patience) => {
    await desk.join(doesServerBind);
    const answered: (number | undefined)[] = [];
    for (let number = 0; number < 4; number += 1) {
      answered.push(await askInTurn(desk, () => desk.serve(), number));
    }
    const traffic = desk.traffic();
    await desk.pass(patience);
    for (let number = 4; number < 7; number += 1) {
      answered.push(await askInTurn(desk, () => desk.serve(), number));
    }
    for (const [number, answer] of answered.entries()) assert.ok(answer === undefined || answer === number);
    assert.deepEqual(answered.slice(-2), [5, 6], "it goes on");
    for (const [index, number] of desk.heard.entries())
      assert.ok(index === 0 || number > (desk.heard[index - 1] as number), "each request once, in order");
    return traffic;
  },
  { correlate: true, relaxed: true },
);

/** Calls of `request()` in three bursts, with what became of each. */
async function burst(desk: Desk, doesServerBind: boolean, patience: number, retries: number): Promise<Outcomes> {
  const outcomes: Outcomes = { results: [], traffic: { up: Buffer.alloc(0), down: Buffer.alloc(0) } };
  const ask = (number: number): void => {
    outcomes.results[number] = "nothing";
    desk.req.request(makeMessage("ask", number), { timeout: 700, retries }).then(
      (answer) => {
        outcomes.results[number] = readMessage("answer", answer);
      },
      (error: { code: string }) => {
        outcomes.results[number] = error.code;
      },
    );
  };
  await desk.join(doesServerBind);
  for (const number of [0, 1, 2]) ask(number);
  await desk.serve();
  for (const number of [3, 4]) ask(number);
  await desk.serve();
  outcomes.traffic = desk.traffic();
  await desk.pass(patience);
  await desk.pass(700);
  for (const number of [5, 6]) ask(number);
  await desk.serve();
  return outcomes;
}

interface Outcomes {
  readonly results: (number | string)[];
  traffic: Traffic;
}

testEverywhere("request() with retries: every call gets its own answer, once", 6, async (desk, binds, patience) => {
  const { results, traffic } = await burst(desk, binds, patience, 3);
  assert.deepEqual(results, [0, 1, 2, 3, 4, 5, 6]);
  for (const number of results) {
    const times = desk.heard.filter((each) => each === number).length;
    assert.ok(times >= 1 && times <= 4, `${number} was carried out ${times} times`);
  }
  return traffic;
});

testEverywhere(
  "request() without retries: its own answer or an error, and nothing is carried out twice",
  6,
  async (desk, binds, patience) => {
    const { results, traffic } = await burst(desk, binds, patience, 0);
    for (const [number, result] of results.entries())
      assert.ok([number, "ECONNRESET", "EAGAIN"].includes(result), `${number}: ${result}`);
    assert.deepEqual(results.slice(-2), [5, 6], "it goes on");
    assert.equal(new Set(desk.heard).size, desk.heard.length);
    for (const [number, result] of results.entries())
      assert.ok(typeof result === "string" || desk.heard.includes(number), `${number} was answered unheard`);
    return traffic;
  },
);

test("a REQ in strict turns whose reply is lost stays in its turn; request() beside it goes on", () =>
  withNetwork(async (network, context) => {
    const desk = new Desk(network, context.socket("req"), context.socket("rep"));
    await desk.join(true);
    assert.ok(desk.req.trySend(makeMessage("ask", 0)));
    await network.run();
    network.lastWire.isStalled.down = true;
    await desk.serve();
    network.lastWire.break("reset");
    await desk.pass(300);
    assert.deepEqual(desk.heard, [0]);
    assert.equal(desk.req.tryReceive(), undefined);
    assert.throws(() => desk.req.trySend(makeMessage("ask", 1)), { code: "EFSM" });
    const answer = desk.req.request(makeMessage("ask", 2));
    await desk.serve();
    assert.equal(readMessage("answer", await answer), 2);
  }, TIMES));

test("request() with retries goes to the next server when one is gone without a word", () =>
  withNetwork(async (network, context) => {
    const req = context.socket("req");
    const reps = [context.socket("rep"), context.socket("rep")] as const;
    for (const [index, rep] of reps.entries()) {
      await rep.bind(`tcp://somewhere:${index}`);
      req.connect(`tcp://somewhere:${index}`);
    }
    await network.run();
    network.wires[0]?.break("vanish");
    const answers = [0, 1, 2, 3].map((number) => req.request(makeMessage("ask", number), { timeout: 100, retries: 1 }));
    for (let left = 5; left > 0; left -= 1) {
      await network.pass(50);
      for (const rep of reps) {
        for (let request = rep.tryReceive(); request !== undefined; request = rep.tryReceive())
          rep.trySend(makeMessage("answer", readMessage("ask", request)));
      }
      await network.run();
    }
    const numbers = (await Promise.all(answers)).map((answer) => readMessage("answer", answer));
    assert.deepEqual(numbers, [0, 1, 2, 3]);
    assert.deepEqual(receiveAll(reps[0]), []);
  }));
