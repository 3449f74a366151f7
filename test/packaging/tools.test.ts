// SPDX-License-Identifier: MIT
/**
 * The packed package, installed with scripts disabled, in what users bundle, compile and test programs with. Each program asks libzmq
 * over tcp and behind CURVE, and answers itself. How it is done for each tool: docs/runtimes.md.
 */
import assert from "node:assert/strict";
import { cpSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import * as libzmq from "zeromq";
import { findTools, makeProject, run } from "./tools.ts";

const EXPECTED = { code: 0, output: "libzmq tcp, libzmq curve, own bound\n" };
/** What stands in Node's binary for a program that is to be put in. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** A peer that answers, until it is closed. */
async function answer(reply: libzmq.Reply): Promise<string> {
  await reply.bind("tcp://127.0.0.1:*");
  void (async () => {
    for await (const [question] of reply) await reply.send(`libzmq ${question}`);
  })();
  return reply.lastEndpoint as string;
}

test("the packed package", async (t) => {
  const keys = libzmq.curveKeyPair();
  const plain = new libzmq.Reply({ linger: 0 });
  const curve = new libzmq.Reply({ linger: 0, curveServer: true, curveSecretKey: keys.secretKey });
  const env = { PLAIN_PEER: await answer(plain), CURVE_PEER: await answer(curve), CURVE_PEER_KEY: keys.publicKey };
  const { folder, tarball, remove } = makeProject();
  const out = (name: string): string => join(folder, "..", name);
  const node = (...args: string[]) => run(process.execPath, args, folder, env);
  try {
    await t.test("takes 300 KiB or less", () => {
      const { size } = statSync(tarball);
      assert.ok(size <= 300 * 1024, `${size} octets`);
    });
    await t.test("Node, imported", async () => assert.deepEqual(await node("main.mjs"), EXPECTED));
    await t.test("Node, required", async () => {
      assert.deepEqual(await node("main.cjs"), { code: 0, output: "libzmq required\n" });
    });
    const tools = findTools();
    const skip = tools === undefined ? "the registry does not answer, and the tools are not in build/" : false;
    const tool = (path: string): string => join(tools as string, path);
    /** A tool's command that must go well, then the program that it made, alone in a folder. */
    const make = async (command: string, ...args: string[]): Promise<void> => {
      const made = await run(command, args, folder, env);
      assert.equal(made.code, 0, made.output);
    };
    const bundle = (format: string, file: string) =>
      make(
        process.execPath,
        tool("esbuild/bin/esbuild"),
        "main.mjs",
        "--bundle",
        "--platform=node",
        `--format=${format}`,
        `--outfile=${file}`,
      );
    await t.test("esbuild, ES module", { skip }, async () => {
      await bundle("esm", out("esbuild.mjs"));
      assert.deepEqual(await node(out("esbuild.mjs")), EXPECTED);
    });
    await t.test("esbuild, CommonJS, and a single executable of Node", { skip }, async () => {
      await bundle("cjs", out("esbuild.cjs"));
      assert.deepEqual(await node(out("esbuild.cjs")), EXPECTED);
      const config = { main: out("esbuild.cjs"), output: out("sea.blob"), disableExperimentalSEAWarning: true };
      writeFileSync(out("sea.json"), JSON.stringify(config));
      await make(process.execPath, "--experimental-sea-config", out("sea.json"));
      cpSync(process.execPath, out("sea"));
      const inject = [out("sea"), "NODE_SEA_BLOB", out("sea.blob"), "--sentinel-fuse", FUSE];
      await make(process.execPath, tool("postject/dist/cli.js"), ...inject);
      assert.deepEqual(await run(out("sea"), [], out("."), env), EXPECTED);
    });
    await t.test("vite, for a server", { skip }, async () => {
      writeFileSync(
        join(folder, "vite.config.mjs"),
        "export default { ssr: { noExternal: true }, logLevel: 'error' };",
      );
      const dist = ["--outDir", out("vite"), "--emptyOutDir"];
      await make(process.execPath, tool("vite/bin/vite.js"), "build", "--ssr", "main.mjs", ...dist);
      assert.deepEqual(await node(out("vite/main.mjs")), EXPECTED);
    });
    await t.test("webpack", { skip }, async () => {
      const options = {
        mode: "production",
        target: "node20",
        context: folder,
        entry: "./main.mjs",
        output: { path: out("webpack"), filename: "main.cjs" },
      };
      const program = `require(${JSON.stringify(tool("webpack"))})(${JSON.stringify(options)}, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exitCode = 1; }
      });`;
      await make(process.execPath, "-e", program);
      assert.deepEqual(await node(out("webpack/main.cjs")), EXPECTED);
    });
    /** It asks for nothing of Node's, and runs. */
    const isPage = async (file: string): Promise<void> => {
      assert.doesNotMatch(readFileSync(file, "utf8"), /["']node:|require\(|browser-external/);
      assert.deepEqual(await node(file), { code: 0, output: "a page, who is there? true\n" });
    };
    await t.test("esbuild, for a page", { skip }, async () => {
      const options = ["--bundle", "--minify", "--format=esm", `--outfile=${out("page.mjs")}`];
      await make(process.execPath, tool("esbuild/bin/esbuild"), "page.mjs", ...options);
      await isPage(out("page.mjs"));
    });
    await t.test("vite, for a page", { skip }, async () => {
      const output = { entryFileNames: "page.mjs" };
      const build = { target: "es2022", modulePreload: false, rollupOptions: { input: "page.mjs", output } };
      writeFileSync(join(folder, "page.config.mjs"), `export default ${JSON.stringify({ build, logLevel: "warn" })};`);
      const options = ["--config", "page.config.mjs", "--outDir", out("vite-page"), "--emptyOutDir"];
      await make(process.execPath, tool("vite/bin/vite.js"), "build", ...options);
      await isPage(out("vite-page/page.mjs"));
    });
    const bun = `@oven/bun-${process.platform}-${process.arch}/bin/bun`;
    await t.test("Bun, and bun build --compile", { skip }, async () => {
      assert.deepEqual(await run(tool(bun), ["main.mjs"], folder, env), EXPECTED);
      await make(tool(bun), "build", "--compile", "main.mjs", "--outfile", out("bun-program"));
      assert.deepEqual(await run(out("bun-program"), [], out("."), env), EXPECTED);
    });
    await t.test("Deno", { skip }, async () => {
      const libc = process.platform === "linux" ? "-glibc" : "";
      const deno = tool(`@deno/${process.platform}-${process.arch}${libc}/deno`);
      const ended = await run(deno, ["run", "-A", "main.mjs"], folder, { ...env, DENO_DIR: out("deno") });
      assert.deepEqual(ended, EXPECTED);
    });
    await t.test("Jest", { skip }, async () => {
      const config = JSON.stringify({ testMatch: ["**/jest.test.cjs"], rootDir: folder });
      const ended = await node(tool("jest/bin/jest.js"), "--config", config, "--runInBand", "--watchman=false");
      assert.equal(ended.code, 0, ended.output);
      assert.match(ended.output, /1 passed/);
    });
    await t.test("Vitest", { skip }, async () => {
      // The test file imports it by its name.
      symlinkSync(tool("vitest"), join(folder, "node_modules/vitest"), "junction");
      const ended = await node(tool("vitest/vitest.mjs"), "run", "vitest.spec.mjs");
      assert.equal(ended.code, 0, ended.output);
      assert.match(ended.output, /1 passed/);
    });
  } finally {
    plain.close();
    curve.close();
    remove();
  }
});
