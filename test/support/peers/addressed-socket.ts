// SPDX-License-Identifier: MIT
/**
 * Sockets whose messages have something beside their part, as sockets of plain parts: for the peers' line protocol (see
 * `peer.ts`) a routing id is a part of four octets before the message, and a group a part before it.
 */

/** The members that are turned. */
interface Turned {
  send(message: unknown, options?: object): Promise<void>;
  receive(): Promise<unknown[]>;
}

/** How a type's details become a part, and a part details. */
const FORMS: Readonly<Record<string, { toPart(details: never): Uint8Array; toDetails(part: Uint8Array): object }>> = {
  server: { toPart: numberPart, toDetails: (part) => ({ routingId: Buffer.from(part).readUInt32BE() }) },
  peer: { toPart: numberPart, toDetails: (part) => ({ routingId: Buffer.from(part).readUInt32BE() }) },
  radio: { toPart: () => new Uint8Array(0), toDetails: (part) => ({ group: Buffer.from(part) }) },
  dish: { toPart: ({ group }: { group: Uint8Array }) => group, toDetails: () => ({}) },
};

function numberPart({ routingId }: { routingId: number }): Uint8Array {
  const part = Buffer.alloc(4);
  part.writeUInt32BE(routingId);
  return part;
}

/** The socket, with messages of plain parts. */
export function withPlainParts<T extends object>(type: string, socket: T): T {
  const form = FORMS[type];
  if (form === undefined) return socket;
  const turned = socket as unknown as Turned;
  const receive = async (): Promise<Uint8Array[]> => {
    const [part, details] = await turned.receive();
    return details === undefined ? [part as Uint8Array] : [form.toPart(details as never), part as Uint8Array];
  };
  const methods: Readonly<Record<string | symbol, unknown>> = {
    send: async ([first, part]: Uint8Array[]) => turned.send(part, form.toDetails(first as Uint8Array)),
    receive,
    [Symbol.asyncIterator]: () => ({ next: async () => ({ value: await receive(), done: false }) }),
  };
  return new Proxy(socket, {
    get(target, name) {
      if (name in methods) return methods[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
