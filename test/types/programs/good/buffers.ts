// SPDX-License-Identifier: MIT
/** On Node the parts of received messages are Buffers, for the compiler too: programs use what Buffers have. */
import { Pull, Stream, Subscriber } from "zeromq-ts";

async function read(): Promise<void> {
  const [id, body] = await new Pull().receive();
  const part: Buffer | undefined = body;
  console.log(id?.toString("hex"), part?.readUInt32BE(0));
  const message: Buffer[] | undefined = new Pull().tryReceive();
  for (const [first] of await new Subscriber().receiveBatch()) console.log(first?.equals(Buffer.alloc(1)), message);
  for await (const [, octets] of new Stream()) console.log(octets?.toString("latin1"));
}

void read();
