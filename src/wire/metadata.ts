// SPDX-License-Identifier: MIT
/**
 * Properties: the names and values that both sides of a handshake exchange in READY or INITIATE, and that a ZAP reply
 * carries (RFC 37 §Connection Metadata, RFC 27). Used by `security/` and the engines.
 */
import { copyBytes, readUint32, writeUint32 } from "../base/bytes.ts";
import { ProtocolError, type ProtocolErrorName } from "../base/errors.ts";

/** More properties than this are refused: no peer has use for them, and each costs memory as long as it is connected. */
export const MOST_PROPERTIES = 256;
/** RFC 37: a value has at most 2^31 − 1 octets. */
const LONGEST_VALUE = 0x7fffffff;

/** Names count without regard to case; those that the RFC defines are given out as it writes them. */
const CANONICAL: ReadonlyMap<string, string> = new Map([
  ["socket-type", "Socket-Type"],
  ["identity", "Identity"],
  ["resource", "Resource"],
]);

/** The octets of properties. A name has 1 to 255 ASCII characters. */
export function encodeProperties(entries: Iterable<readonly [string, Uint8Array]>): Uint8Array {
  const list = [...entries];
  let length = 0;
  for (const [name, value] of list) length += 1 + name.length + 4 + value.length;
  const data = new Uint8Array(length);
  let position = 0;
  for (const [name, value] of list) {
    data[position] = name.length;
    position += 1;
    for (let i = 0; i < name.length; i += 1) data[position + i] = name.charCodeAt(i);
    position += name.length;
    writeUint32(data, position, value.length);
    position += 4;
    data.set(value, position);
    position += value.length;
  }
  return data;
}

/**
 * The properties in `data`, by name, in their order. The values lie in memory of their own.
 * @throws ProtocolError with `errorName` on malformed octets, a name twice, or too many properties
 */
export function parseProperties(
  data: Uint8Array,
  errorName: ProtocolErrorName = "ZMTP_INVALID_METADATA",
): Map<string, Uint8Array> {
  const properties = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  // One copy for all values: they outlive the handshake, and a view would pin the chunk they came in.
  const own = copyBytes(data);
  let position = 0;
  while (position < own.length) {
    const nameLength = own[position] as number;
    position += 1;
    if (nameLength === 0) throw new ProtocolError(errorName, "a property has no name");
    if (position + nameLength + 4 > own.length) throw new ProtocolError(errorName, "a property is cut off");
    let name = "";
    for (let i = 0; i < nameLength; i += 1) name += String.fromCharCode(own[position + i] as number);
    position += nameLength;
    const valueLength = readUint32(own, position);
    position += 4;
    if (valueLength > LONGEST_VALUE || valueLength > own.length - position) {
      throw new ProtocolError(errorName, `the value of property ${JSON.stringify(name)} is cut off`);
    }
    const key = name.toLowerCase();
    if (seen.has(key)) throw new ProtocolError(errorName, `property ${JSON.stringify(name)} comes twice`);
    if (seen.size === MOST_PROPERTIES) {
      throw new ProtocolError(errorName, `there are more than ${MOST_PROPERTIES} properties`);
    }
    seen.add(key);
    properties.set(CANONICAL.get(key) ?? name, own.subarray(position, position + valueLength));
    position += valueLength;
  }
  return properties;
}
