// SPDX-License-Identifier: MIT
/**
 * Programs from npm that depend on `zeromq`, installed as they are, with this package under that name: nteract's client for
 * Jupyter driving IPython, a kernel for TypeScript and one for JavaScript, and ZeroRPC. The last two are of the days of
 * version 5: what they call `zeromq` is `zeromq-ts/v5-compat`.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freeEndpoint } from "../support/implementations.ts";
import { type Project, withProjects } from "./installed.ts";

const PYTHON = "/usr/bin/python3";
const hasIpython = spawnSync(PYTHON, ["-c", "import ipykernel"]).status === 0;
const OLD = {
  "package.json": '{ "name": "zeromq", "version": "5.3.1", "main": "index.js" }',
  "index.js": 'module.exports = require("zeromq-ts/v5-compat");',
};

/** No native addon came along, and everybody's zeromq is the project's. */
function assertPure({ folder }: Project): void {
  const files = readdirSync(join(folder, "node_modules"), { recursive: true, encoding: "utf8" });
  assert.deepEqual(
    files.filter((file) => file.endsWith(".node") || /node_modules[\\/]zeromq$/.test(file)),
    [],
  );
}

test("programs that depend on npm zeromq 6", { timeout: 280_000 }, async (t) => {
  await withProjects(async (projects) => {
    const project = projects.ours({ dependencies: { "enchannel-zmq-backend": "10.0.0", tslab: "1.0.22" } });
    assertPure(project);
    const { name } = JSON.parse(readFileSync(join(project.folder, "node_modules/zeromq/package.json"), "utf8"));
    assert.equal(name, "zeromq-ts");
    await t.test("enchannel-zmq-backend drives IPython", { skip: hasIpython ? false : "no ipykernel" }, async () => {
      const kernel = [PYTHON, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "FILE"];
      const { output, code } = await project.run("jupyter-client.cjs", "print('hello'); 6 * 7", ...kernel);
      assert.deepEqual([code, output], [0, 'ipython\nok ["hello","42"]\nshut down\n']);
    });
    await t.test("enchannel-zmq-backend drives tslab", async () => {
      const kernel = [process.execPath, "node_modules/tslab/bin/tslab", "kernel", "--config-path=FILE"];
      const program = "console.log('hello'); (6 as number) * 7";
      const { output, code, errors } = await project.run("jupyter-client.cjs", program, ...kernel);
      assert.deepEqual([code, output], [0, 'tslab\nok ["hello","42"]\nshut down\n'], errors);
    });
  });
});

test("programs of the days of npm zeromq 5 and 4", { timeout: 280_000 }, async (t) => {
  await withProjects(async (projects) => {
    const dependencies = { "enchannel-zmq-backend": "10.0.0" };
    const client = projects.ours({ dependencies });
    const project = projects.ours({ dependencies: { zerorpc: "0.9.8", ijavascript: "5.2.1" }, zeromq: OLD });
    assertPure(project);
    await t.test("zerorpc", async () => {
      const outcome = await project.run("zerorpc.cjs", await freeEndpoint());
      assert.deepEqual(outcome, {
        code: 0,
        output: "undefined hello world\nit does not work\n[ 1, 2, 3, 4 ]\n",
        errors: "",
      });
    });
    await t.test("ijavascript, with jp-kernel and jmp", async () => {
      const kernel = [process.execPath, join(project.folder, "node_modules/ijavascript/lib/kernel.js"), "FILE"];
      const { output, code } = await client.run("jupyter-client.cjs", "console.log('hello'); 6 * 7", ...kernel);
      assert.deepEqual([code, output], [0, 'ijavascript\nok ["hello","42"]\nshut down\n']);
    });
  });
});
