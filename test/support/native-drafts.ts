// SPDX-License-Identifier: MIT
/**
 * The draft types of libzmq through npm `zeromq`, which has drafts compiled in. It has no classes for PEER and CHANNEL, and
 * its `Dish` does not pass `join` on: here each type is made from its base class by number, and the options that have no property
 * are set by number.
 */
type Native = new (type: number, options?: object) => NativeSocket;

interface NativeSocket {
  getInt32Option(option: number): number;
  setInt32Option(option: number, value: number): void;
  setStringOption(option: number, value: string | Uint8Array): void;
  setBoolOption(option: number, value: boolean): void;
}

const NUMBERS = {
  Server: 12,
  Client: 13,
  Radio: 14,
  Dish: 15,
  Gather: 16,
  Scatter: 17,
  Datagram: 18,
  Peer: 19,
  Channel: 20,
} as const;

/** Options that the base class does not have as properties: libzmq's numbers. */
const NUMBERED = { receiveHighWaterMark: 24, receiveTimeout: 27, sendHighWaterMark: 23, sendTimeout: 28 } as const;
const FLAGS = { conflate: 54, noDrop: 69 } as const;
const TEXTS = { helloMessage: 110, disconnectMessage: 111, hiccupMessage: 114 } as const;

/** The classes, from the module `zeromq`. */
export function nativeDrafts(zeromq: unknown): Record<keyof typeof NUMBERS, new (options?: object) => unknown> {
  const { Socket } = zeromq as { Socket: Native };
  const classes = Object.entries(NUMBERS).map(([name, number]) => {
    const type = class extends Socket {
      constructor(options: Readonly<Record<string, unknown>> = {}) {
        const { context, ...others } = options;
        super(number, context === undefined ? {} : { context });
        Object.assign(this, others);
      }
    };
    for (const [key, id] of Object.entries({ ...NUMBERED, ...FLAGS, ...TEXTS })) {
      Object.defineProperty(type.prototype, key, {
        get(this: NativeSocket) {
          return this.getInt32Option(id);
        },
        set(this: NativeSocket, value: never) {
          if (key in NUMBERED) this.setInt32Option(id, value);
          else if (key in FLAGS) this.setBoolOption(id, value);
          else this.setStringOption(id, value);
        },
      });
    }
    return [name, type];
  });
  return Object.fromEntries(classes) as Record<keyof typeof NUMBERS, new (options?: object) => unknown>;
}
