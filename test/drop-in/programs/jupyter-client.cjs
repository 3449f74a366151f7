// SPDX-License-Identifier: MIT
/**
 * Drives a Jupyter kernel with npm `enchannel-zmq-backend`: asks what it is, has it compute, and shuts it down. The command
 * line is that of the kernel, with FILE in the place of its connection file, after the code to run.
 */
"use strict";
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createMainChannel } = require("enchannel-zmq-backend");

const [code, command, ...args] = process.argv.slice(2);

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

(async () => {
  const [shell, iopub, stdin, control, heartbeat] = await freePorts(5);
  const config = {
    ip: "127.0.0.1",
    transport: "tcp",
    signature_scheme: "hmac-sha256",
    key: "a secret",
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: heartbeat,
  };
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(config));
  const kernel = spawn(
    command,
    args.map((arg) => arg.replace("FILE", file)),
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = once(kernel, "exit");
  const channel = await createMainChannel(config);
  let count = 0;
  const ask = (where, type, content) =>
    channel.next({
      channel: where,
      header: {
        msg_id: `message-${(count += 1)}`,
        msg_type: type,
        session: "session",
        username: "user",
        date: new Date().toISOString(),
        version: "5.3",
      },
      parent_header: {},
      metadata: {},
      buffers: [],
      content,
    });
  const seen = new Map();
  let wake = () => {};
  channel.subscribe(({ header, content }) => {
    const output = content.text ?? content.data?.["text/plain"];
    if (output !== undefined) seen.set("output", (seen.get("output") ?? "") + output);
    seen.set(header.msg_type, content);
    wake();
  });
  const until = async (condition) => {
    while (!condition()) {
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  };
  // Each socket is connected in its own time: the one for news is there when the kernel's state has come.
  while (!seen.has("status")) {
    seen.delete("kernel_info_reply");
    ask("shell", "kernel_info_request", {});
    await until(() => seen.has("kernel_info_reply"));
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(seen.get("kernel_info_reply").implementation);
  ask("shell", "execute_request", {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  });
  const isDone = ({ status } = {}) => status === "error" || (status === "ok" && /hello[^]*42/.test(seen.get("output")));
  await until(() => isDone(seen.get("execute_reply")));
  console.log(seen.get("execute_reply").status, JSON.stringify(seen.get("output")?.split(/\s+/).filter(Boolean)));
  ask("control", "shutdown_request", { restart: false });
  await until(() => seen.has("shutdown_reply"));
  console.log("shut down");
  channel.complete();
  // Some kernels wait to be ended.
  const patience = setTimeout(() => kernel.kill(), 3000);
  await ended;
  clearTimeout(patience);
  rmSync(folder, { recursive: true });
})();
