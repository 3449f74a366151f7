// SPDX-License-Identifier: MIT
/**
 * A Kerberos realm of its own for tests of GSSAPI: a KDC on a loopback port, one service and one client, everything in a folder
 * that goes with it. Needs Debian's krb5-kdc, krb5-admin-server and krb5-user, and the package `kerberos`.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LineProcess, runToEnd } from "./processes.ts";
import { freePort } from "./tcp.ts";

const REALM = "ZEROMQ.TEST";
const KDC = "/usr/sbin/krb5kdc";

/** The service whose key servers have. */
export const SERVICE = "zmq@localhost";
/** The client whose ticket is there. */
export const CLIENT: string = `alice@${REALM}`;

/** What this machine lacks, for `t.skip`; undefined when a realm can be started. */
export function missingKerberos(): string | undefined {
  const programs = [KDC, "/usr/sbin/kdb5_util", "/usr/sbin/kadmin.local", "/usr/bin/kinit"];
  if (!programs.every((program) => existsSync(program))) {
    return "Kerberos: no KDC (Debian: krb5-kdc krb5-admin-server krb5-user)";
  }
  return undefined;
}

/** A running realm. */
export interface Realm extends AsyncDisposable {
  /** Throws the client's tickets away. */
  logOut(): Promise<void>;
  /** Gets the client a ticket again. */
  logIn(): Promise<void>;
}

/** Starts a realm, and puts it into the environment of this process and of those that it starts. */
export async function startRealm(): Promise<Realm> {
  const folder = await mkdtemp(join(tmpdir(), "zeromq-ts-krb5-"));
  const at = (name: string): string => join(folder, name);
  const port = await freePort();
  await writeFile(at("krb5.conf"), clientConfig(port));
  await writeFile(at("kdc.conf"), kdcConfig(port, at));
  const environment = {
    KRB5_CONFIG: at("krb5.conf"),
    KRB5_KDC_PROFILE: at("kdc.conf"),
    KRB5_KTNAME: at("service.keytab"),
    KRB5_CLIENT_KTNAME: at("service.keytab"),
    // A collection, because libzmq's servers want a ticket for themselves as well.
    KRB5CCNAME: `DIR:${folder}`,
    KRB5RCACHENAME: `file2:${at("replays")}`,
  };
  const before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
  Object.assign(process.env, environment);
  await runToEnd("/usr/sbin/kdb5_util", "create", "-s", "-P", "master");
  for (const [name, keytab] of [
    ["zmq/localhost", "service.keytab"],
    ["alice", "client.keytab"],
  ] as const) {
    await runToEnd("/usr/sbin/kadmin.local", "addprinc", "-randkey", name);
    await runToEnd("/usr/sbin/kadmin.local", "ktadd", "-k", at(keytab), name);
  }
  const kdc = new LineProcess({ program: "sh", arguments: ["-c", 'exec "$@" 2>&1', "sh", KDC, "-n", "-P", at("pid")] });
  await Promise.race([
    new Promise<void>((resolve) => {
      kdc.onLine = (line) => line.includes("commencing operation") && resolve();
    }),
    kdc.exit.then((how) => Promise.reject(new Error(`krb5kdc: ${how}\n${kdc.errors}`))),
  ]);
  const logIn = async (): Promise<void> =>
    void (await runToEnd("/usr/bin/kinit", "-k", "-t", at("client.keytab"), "alice"));
  await logIn();
  return {
    logIn,
    logOut: async () => void (await runToEnd("/usr/bin/kdestroy", "-A")),
    [Symbol.asyncDispose]: async () => {
      await kdc.kill();
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nothing is looked up anywhere else. */
function clientConfig(port: number): string {
  return `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  qualify_shortname = ""
  udp_preference_limit = 1
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${port}
  }
[domain_realm]
  localhost = ${REALM}
`;
}

function kdcConfig(port: number, at: (name: string) => string): string {
  return `[kdcdefaults]
  kdc_listen = 127.0.0.1:${port}
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${REALM} = {
    database_name = ${at("principal")}
    key_stash_file = ${at("stash")}
    acl_file = ${at("acl")}
  }
[logging]
  kdc = STDERR
`;
}
