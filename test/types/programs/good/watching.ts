// SPDX-License-Identifier: MIT
/** Events, proxies and what the library says of itself, as programs for npm `zeromq` use them, and what is new beside them. */
import * as zmq from "zeromq-ts";

type Status = 300 | 400 | 500;

/** What npm `zeromq` declares for a protocol error. */
interface ProtoError extends Error {
  code: "ERR_ZMTP_UNSPECIFIED" | `ERR_ZMTP_${string}` | `ERR_ZAP_${string}` | `ERR_WS_${string}`;
}

export function listening(socket: zmq.Socket): zmq.Observer {
  const onBind = (event: zmq.EventOfType<"bind">): void => console.log(event.type, event.address);
  socket.events.on("bind", onBind);
  socket.events.off("bind", onBind);
  socket.events.on("connect:retry", ({ interval, address }) => console.log(interval.toFixed(), address.length));
  socket.events.on("bind:error", ({ error, address }) => console.log(error.code, error.errno + 1, address));
  socket.events.on("handshake:error:auth", ({ error }) => {
    const status: Status = error.status;
    console.log(status, error.message);
  });
  socket.events.on("handshake:error:protocol", ({ error }) => {
    const same: ProtoError = error;
    console.log(same.code, error.protocolCode);
  });
  socket.events.on("end", ({ type }) => console.log(type));
  socket.events.once("disconnect", ({ peer, reason, delay }) => console.log(peer?.routingId, reason, delay ?? 0));
  return new zmq.Observer(socket).on("accept", ({ peer, local, remote }) => console.log(peer?.address, local, remote));
}

export async function reading(events: zmq.Observer): Promise<zmq.EventType | undefined> {
  const first: zmq.Event = await events.receive();
  console.log(first.number, first.value, first.endpoint);
  for await (const event of events) {
    switch (event.type) {
      case "bind":
      case "disconnect":
        console.log(event.address);
        break;
      case "connect:retry":
        console.log(event.interval);
        break;
      case "handshake:error:other":
        console.log(event.error.errno);
        break;
      case "events:lost":
        console.log(event.count);
        break;
      case "end":
      case "unknown":
        return event.type;
    }
  }
  events.close();
  return events.closed ? undefined : first.type;
}

export async function passing(): Promise<void> {
  const proxy = new zmq.Proxy(new zmq.Router(), new zmq.Dealer(), {
    capture: new zmq.Publisher(),
    control: new zmq.Reply(),
  });
  await proxy.frontEnd.bind("tcp://*:3001");
  proxy.backEnd.connect("tcp://127.0.0.1:3002");
  setTimeout(() => proxy.terminate(), 5000);
  await proxy.run();
  const { frontEnd, backEnd }: zmq.ProxyStatistics = proxy.statistics();
  console.log(frontEnd.received.octets + backEnd.sent.parts + backEnd.sent.messages);
}

export async function polling(socket: zmq.Pull): Promise<string | undefined> {
  const poller = new zmq.Poller<{ name: string }>();
  poller.add(socket, zmq.POLLIN | zmq.POLLOUT, { name: "jobs" });
  const timers = new zmq.Timers();
  const id: number = timers.add(100, (each: number) => timers.reset(each));
  timers.cancel(id);
  const found: zmq.PollEvent<{ name: string }>[] = await poller.waitAll(10, { timeout: timers.timeout() });
  await timers.run({ signal: AbortSignal.timeout(1) });
  return found[0]?.data?.name;
}

export function about(): boolean {
  const [major] = zmq.version.split(".").map(Number);
  const key: Buffer = zmq.z85.decode(zmq.z85.encode(Buffer.alloc(32)));
  console.log(zmq.strerror("EFSM"), zmq.strerror(11), key.length);
  return (major ?? 0) >= 4 && zmq.capability.ipc && !zmq.capability.draft && zmq.has("curve");
}
