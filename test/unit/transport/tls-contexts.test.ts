// SPDX-License-Identifier: MIT
/** When a context is made anew, and when it is not. What bind and connect say of bad certificates is in `tls.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/base/pem.ts";
import { TlsContexts } from "../../../src/transport/tls-contexts.ts";
import type { TlsOptions, TransportOptions } from "../../../src/transport/transport.ts";
import { Authority, noCertificates } from "../../support/certificates.ts";

const skip = noCertificates ?? false;

/** The options of one endpoint, and the values of now beside them. */
function optionsOf(values: TlsOptions, live?: TlsOptions): TransportOptions {
  return { ...values, ...(live === undefined ? {} : { live }) } as TransportOptions;
}

const secrets = (authority: Authority): TlsOptions => {
  const { key, certificate } = authority.issue();
  return { tlsKey: new Secret(key), tlsCertificate: new Secret(certificate) };
};

test("a context is kept for each role as long as the options stay as they are", { skip }, () => {
  const contexts = new TlsContexts();
  const options = optionsOf(secrets(new Authority()));
  const { tls, context } = contexts.get(options, "server");
  assert.equal(contexts.get(options, "server").context, context);
  assert.notEqual(contexts.get(options, "client").context, context);
  assert.notEqual(contexts.get({ ...options }, "server").context, context, "another endpoint");
  assert.equal(typeof tls.connect, "function");
});

test("keys, certificates and trust are those of now; the version is the endpoint's", { skip }, () => {
  const contexts = new TlsContexts();
  const authority = new Authority();
  const live: TlsOptions = secrets(authority);
  const options = optionsOf({ tlsMinVersion: "1.3" }, live);
  const first = contexts.get(options, "server").context;
  live.tlsMinVersion = "1.2";
  assert.equal(contexts.get(options, "server").context, first);
  Object.assign(live, secrets(authority));
  const second = contexts.get(options, "server").context;
  assert.notEqual(second, first);
  live.tlsTrust = new Secret(authority.certificate);
  assert.notEqual(contexts.get(options, "server").context, second);
  live.tlsKey = null;
  assert.throws(() => contexts.get(options, "server"), { code: "EINVAL", message: /tlsKey is not/ });
});

test("a client needs nothing", () => {
  assert.ok(new TlsContexts().get(optionsOf({}), "client").context !== undefined);
});
