// SPDX-License-Identifier: MIT
/** Groups over udp, ours and libzmq's both ways, in a network namespace of the test's own: nothing leaves it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { argumentsFor } from "../support/program.ts";

/** An interface whose other end nobody has: what is heard of it is the system's own loop. */
const SETUP = [
  "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad",
  "ip link add v0 type veth peer name v1",
  "ip address add 10.9.8.1/24 dev v0",
  "ip -6 address add fd00::1/64 dev v0 nodad",
  "ip link set lo up",
  "ip link set v1 up",
  "ip link set v0 up",
  "ip route add 224.0.0.0/4 dev v0",
].join(" && ");
const skip = spawnSync("unshare", ["--net", "sh", "-c", SETUP]).status === 0 ? false : "no network namespaces here";
const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

const COMMON = `
  import * as zmq from ${at("../../src/index.ts")};
  import { nativeDrafts } from ${at("../support/native-drafts.ts")};
  const native = nativeDrafts(await import("zeromq"));
  const hold = setInterval(() => {}, 1000);
  const hears = async (dish, radio, text) => {
    let isHeard = false;
    const heard = dish.receive().then(([part, { group }]) => { isHeard = true; return group + " " + part; });
    while (!isHeard) {
      await radio.send(text, { group: "g" });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    console.log(await heard);
  };
  const dishOf = async (type, endpoint) => {
    const dish = new type();
    await dish.bind(endpoint);
    dish.join("g");
    return dish;
  };
  const radioTo = (type, endpoint, options = {}) => {
    const radio = new type();
    Object.assign(radio, options);
    radio.connect(endpoint);
    return radio;
  };
`;

/** Runs a program alone in a network, and gives what it prints. */
async function alone(code: string): Promise<string> {
  const program = `${COMMON}${code}; process.exit(0);`;
  const child = spawn(
    "unshare",
    ["--net", "sh", "-c", `${SETUP} && exec "$0" "$@"`, process.execPath, ...argumentsFor(program)],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)), stdio: ["ignore", "pipe", "inherit"], timeout: 20_000 },
  );
  let output = "";
  child.stdout.on("data", (text) => {
    output += String(text);
  });
  const [status] = (await once(child, "close")) as [number];
  assert.equal(status, 0, output);
  return output.trim();
}

const IPV4 = ["udp://239.0.0.1:5001", "udp://10.9.8.1;239.0.0.1:5001", "udp://v0;239.0.0.1:5001"];
const options = { skip, timeout: 30_000 };

test("a group reaches all who are bound to it: two DISHes of ours, and libzmq's", options, async () => {
  const output = await alone(`
    for (const [i, endpoint] of ${JSON.stringify(IPV4)}.entries()) {
      const dishes = [await dishOf(zmq.Dish, endpoint), await dishOf(zmq.Dish, endpoint)];
      const theirs = await dishOf(native.Dish, endpoint);
      const radio = radioTo(zmq.Radio, endpoint);
      for (const dish of [...dishes, theirs]) await hears(dish, radio, "ours " + i);
      const other = radioTo(native.Radio, endpoint);
      await Promise.all(dishes.map((dish) => dish.close()));
      const late = await dishOf(zmq.Dish, endpoint);
      await hears(late, other, "libzmq " + i);
      for (const socket of [theirs, other]) socket.close();
      await Promise.all([radio.close(), late.close()]);
    }`);
  const expected = [0, 1, 2].flatMap((i) => [...Array<string>(3).fill(`g ours ${i}`), `g libzmq ${i}`]);
  assert.deepEqual(output.split("\n"), expected);
});

test("IPv6 groups, by an interface's name", options, async () => {
  const output = await alone(`
    const endpoint = "udp://v0;[ff02::1:7]:5002";
    const dish = await dishOf(zmq.Dish, endpoint);
    console.log(dish.lastEndpoint);
    await hears(dish, radioTo(zmq.Radio, endpoint), "six");`);
  assert.deepEqual(output.split("\n"), ["udp://v0;[ff02::1:7]:5002", "g six"]);
});

test("multicastLoop: this machine does not hear what it sends itself", options, async () => {
  const output = await alone(`
    const endpoint = "udp://239.0.0.1:5003";
    const dish = await dishOf(zmq.Dish, endpoint);
    const quiet = radioTo(zmq.Radio, endpoint, { multicastLoop: false, multicastHops: 300 });
    for (let i = 0; i < 10; i += 1) await quiet.send("quiet", { group: "g" });
    await hears(dish, radioTo(zmq.Radio, endpoint), "loud");`);
  assert.equal(output, "g loud");
});
