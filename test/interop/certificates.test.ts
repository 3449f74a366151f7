// SPDX-License-Identifier: MIT
/**
 * Certificates of CZMQ and of pyzmq, written by each and read by the others; and our clients before CZMQ's own authenticator, with keys
 * from a folder of our certificates and with the passwords of a file that ours reads too.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Authenticator, Certificate, curvePublicKey, type Socket } from "../../src/index.ts";
import { czmqProgram, missing, missingCzmq, pythonCommand } from "../support/peers/toolchain.ts";
import { LineProcess, runToEnd } from "../support/processes.ts";
import { bound, join as joined, nextEvent, within, withSockets } from "../support/sockets.ts";

const noPython = missing("python");
const noCzmq = missingCzmq();

/** Runs a test with a folder of its own. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-interop-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function python(text: string, ...parameters: string[]): Promise<string[]> {
  const command = pythonCommand(text, ...parameters);
  return (await runToEnd(command.program, ...command.arguments)).trimEnd().split("\n");
}

async function czmq(...parameters: string[]): Promise<string[]> {
  return (await runToEnd(await czmqProgram(), ...parameters)).trimEnd().split("\n");
}

test("pyzmq writes, ours reads", { skip: noPython ?? false }, () =>
  withFolder(async (folder) => {
    await python(
      "import sys, zmq.auth; zmq.auth.create_certificates(sys.argv[1], 'ann', {'name': 'Ann B', 'site': 'north'})",
      folder,
    );
    const certificate = await Certificate.load(join(folder, "ann.key"));
    assert.equal(curvePublicKey(certificate.secretKey as string), certificate.publicKey);
    assert.deepEqual(Object.fromEntries(certificate.metadata), { name: "Ann B", site: "north" });
    rmSync(join(folder, "ann.key_secret"));
    const open = await Certificate.load(join(folder, "ann.key"));
    assert.deepEqual([open.publicKey, open.secretKey], [certificate.publicKey, undefined]);
  }),
);

test("ours writes, pyzmq reads", { skip: noPython ?? false }, () =>
  withFolder(async (folder) => {
    const certificate = Certificate.generate({ name: "Ann B" });
    await certificate.save(join(folder, "ann.key"));
    const load = "import sys, zmq.auth; print(*zmq.auth.load_certificate(sys.argv[1]), sep='\\n')";
    const { publicKey, secretKey } = certificate;
    assert.deepEqual(await python(load, join(folder, "ann.key")), [`b'${publicKey}'`, "None"]);
    assert.deepEqual(await python(load, join(folder, "ann.key_secret")), [`b'${publicKey}'`, `b'${secretKey}'`]);
    const all = "import sys, zmq.auth; print(*zmq.auth.load_certificates(sys.argv[1]))";
    assert.deepEqual(await python(all, folder), [`b'${publicKey}'`]);
  }),
);

test("CZMQ writes, ours reads", { skip: noCzmq ?? false }, () =>
  withFolder(async (folder) => {
    const path = join(folder, "ann");
    await czmq("save", path, "name", "Ann 'B' #1");
    const certificate = await Certificate.load(path);
    assert.equal(curvePublicKey(certificate.secretKey as string), certificate.publicKey);
    assert.equal(certificate.metadata.get("name"), "Ann 'B' #1");
    assert.equal(statSync(`${path}_secret`).mode & 0o777, 0o600, "as ours are");
    rmSync(`${path}_secret`);
    assert.equal((await Certificate.load(path)).secretKey, undefined);
  }),
);

test("ours writes, CZMQ reads, alone and from a folder", { skip: noCzmq ?? false }, () =>
  withFolder(async (folder) => {
    const path = join(folder, "ann");
    const certificate = Certificate.generate({ name: "Ann #1", mail: "ann@example.com" });
    await certificate.save(path);
    const [publicKey, secretKey, ...metadata] = await czmq("load", path);
    assert.deepEqual([publicKey, secretKey], [certificate.publicKey, certificate.secretKey]);
    assert.deepEqual(metadata.toSorted(), ["mail=ann@example.com", "name=Ann #1"]);
    assert.deepEqual(await czmq("find", folder, certificate.publicKey), ["found Ann #1"]);
    rmSync(`${path}_secret`);
    const [again, none] = await czmq("load", path);
    assert.deepEqual([again, none], [certificate.publicKey, "0".repeat(40)]);
  }),
);

test("a folder of theirs, and our authenticator", { skip: (noPython ?? noCzmq) || false }, () =>
  withFolder(async (folder) => {
    mkdirSync(join(folder, "python"));
    await czmq("save", join(folder, "ann"), "name", "Ann");
    await python("import sys, zmq.auth; zmq.auth.create_certificates(sys.argv[1], 'bob')", join(folder, "python"));
    await withSockets(async (open) => {
      const ofServer = Certificate.generate();
      const authorize = new Authenticator({ certificates: folder });
      const server = open("router", { curveServer: true, ...ofServer.options, authorize });
      for (const path of ["ann", "python/bob.key"]) {
        const { options } = await Certificate.load(join(folder, path));
        await joined(server, open("dealer", { curveServerKey: ofServer.publicKey, ...options }));
      }
      assert.equal(authorize.statistics().allowed, 2);
    });
  }),
);

/** CZMQ's server: its endpoint, and the next line that it prints. */
async function czmqServer(
  ...parameters: string[]
): Promise<{ process: LineProcess; endpoint: string; line: () => Promise<string> }> {
  const process = new LineProcess({ program: await czmqProgram(), arguments: ["serve", ...parameters] });
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  process.onLine = (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  };
  const line = (): Promise<string> => {
    const next = lines.shift();
    const read = next === undefined ? new Promise<string>((resolve) => waiting.push(resolve)) : Promise.resolve(next);
    return within(10_000, `CZMQ's server ${process.errors}`, read);
  };
  return { process, endpoint: `tcp://127.0.0.1:${await line()}`, line };
}

/** What becomes of a client. */
async function outcome(client: Socket, endpoint: string): Promise<string> {
  const refused = new Promise<string>((resolve) => {
    client.events.once("handshake:error:auth", ({ error }) => resolve(String(error.status)));
  });
  const inside = nextEvent(client, "handshake").then(() => "in");
  client.connect(endpoint);
  return within(5000, "an outcome", Promise.race([refused, inside]));
}

test("our clients before CZMQ's authenticator, with keys of a folder that ours wrote", { skip: noCzmq ?? false }, () =>
  withFolder(async (folder) => {
    const [ofServer, ofAnn, ofBob] = [
      Certificate.generate(),
      Certificate.generate({ name: "Ann" }),
      Certificate.generate(),
    ];
    const keys = join(folder, "keys");
    mkdirSync(keys);
    await ofServer.save(join(folder, "server"));
    await ofAnn.savePublic(join(keys, "ann"));
    const { process, endpoint, line } = await czmqServer(keys, join(folder, "none"), join(folder, "server"));
    await using _ = process;
    await withSockets(async (open) => {
      const keysOf = (certificate: Certificate): object => ({
        curveServerKey: ofServer.publicKey,
        ...certificate.options,
      });
      const ann = open("dealer", keysOf(ofAnn));
      assert.equal(await outcome(ann, endpoint), "in");
      await ann.send("hello");
      assert.equal(await line(), `${ofAnn.publicKey} Ann`);
      assert.equal(await outcome(open("dealer", keysOf(ofBob)), endpoint), "400");
    });
  }),
);

test("one file of passwords, for CZMQ's authenticator and for ours", { skip: noCzmq ?? false }, () =>
  withFolder(async (folder) => {
    const passwordFile = join(folder, "passwords");
    writeFileSync(passwordFile, "# users\nann=open sesame\nbob=a=b\n");
    const { process, endpoint } = await czmqServer(folder, passwordFile, "-");
    await using _ = process;
    await withSockets(async (open) => {
      const ours = open("router", { plainServer: true, authorize: new Authenticator({ passwordFile }) });
      for (const address of [endpoint, await bound(ours)]) {
        for (const [plainUsername, plainPassword, expected] of [
          ["ann", "open sesame", "in"],
          ["bob", "a=b", "in"],
          ["ann", "a=b", "400"],
          ["carl", "open sesame", "400"],
          ["# users", "x", "400"],
        ] as const) {
          assert.equal(
            await outcome(open("dealer", { plainUsername, plainPassword }), address),
            expected,
            plainUsername,
          );
        }
      }
    });
  }),
);
