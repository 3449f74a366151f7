// SPDX-License-Identifier: MIT
/**
 * Live football, ZeroMQ's classic example: a publisher announces events, and followers in other processes receive those of
 * one country each. This program starts them and shows what they say; what they do with ZeroMQ is in
 * `publisher.ts` and `follower.ts`, and once more in Python. Started by `npm start`.
 */
import { COUNTRIES, FULL_TIME } from "./events.ts";
import { type BroadcastOptions, HELP, parseOptions, UsageError } from "./options.ts";
import { findPython, Program, type Python } from "./programs.ts";
import { bold, complain, dim, green, inCountryColour, inEventColour, red, show } from "./screen.ts";
import { Tally } from "./tally.ts";

interface Follower {
  readonly country: string;
  readonly program: Program;
  readonly tally: Tally;
  readonly colour: number;
}

class Broadcast {
  private readonly options: BroadcastOptions;
  private readonly python: Python | undefined;
  private readonly publisher: Program;
  private readonly followers: Follower[] = [];
  private announced = 0;
  private isStopping = false;
  private hasFailed = false;
  /** Exit code of one that was told to stop from outside. */
  private stoppedWith = 0;

  constructor(options: BroadcastOptions, python: Python | undefined) {
    this.options = options;
    this.python = python;
    const { port, countries, count, interval } = options;
    this.publisher = new Program("publisher", "publisher", options.publisher, python, [
      `--endpoint=tcp://127.0.0.1:${port}`,
      `--countries=${[...new Set([...countries, ...COUNTRIES])].join(",")}`,
      `--followers=${countries.length}`,
      `--interval=${interval}`,
      ...(count === undefined ? [] : [`--count=${count}`]),
    ]);
    this.publisher.onLine((verb, rest) => this.publisherSays(verb, rest));
  }

  /** Runs to the end; gives the exit code. */
  async run(): Promise<number> {
    const trouble = await this.publisher.ended;
    if (trouble !== undefined && !this.isStopping) {
      this.hasFailed = true;
      complain(red(this.publisher.errors || `The publisher ${trouble}.`));
    }
    // Full time has been announced to all. Those who have not heard it are told in another way.
    const wait = setTimeout(() => this.stopFollowers(), trouble === undefined ? 2000 : 0);
    await Promise.all(this.followers.map(({ program }) => program.ended));
    clearTimeout(wait);
    if (this.announced > 0) this.summarise();
    return this.stoppedWith !== 0 ? this.stoppedWith : Number(this.hasFailed);
  }

  /** Ends the broadcast in order: the publisher announces full time, and that ends the followers. */
  stop(exitCode: number): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.stoppedWith = exitCode;
    this.publisher.stop();
    if (this.announced === 0) this.stopFollowers();
  }

  /** The last resort, when this program ends in an unforeseen way. */
  killAll(): void {
    for (const { program } of [...this.followers, { program: this.publisher }]) program.kill();
  }

  private publisherSays(verb: string, rest: string): void {
    if (verb === "listening") this.startFollowers(rest);
    else if (verb === "announced") this.announce(rest);
  }

  private announce(event: string): void {
    const followers = this.followers.filter(({ country }) => event.startsWith(`${country} `));
    for (const { tally } of followers) tally.announce(event);
    this.announced += 1;
    show(`${dim(String(this.announced).padStart(5))}  ${followers.length > 0 ? event : dim(event)}`);
  }

  private startFollowers(endpoint: string): void {
    if (this.isStopping) return;
    const { countries } = this.options;
    show(bold(`Live football on ${endpoint}`) + dim(this.options.count === undefined ? "   Ctrl-C ends it" : ""));
    show(`  publisher, ${this.describe(this.publisher)}`);
    countries.forEach((country, colour) => {
      const isPython = this.python !== undefined && colour === countries.length - 1;
      const language = isPython ? "python" : "typescript";
      const parameters = [`--endpoint=${endpoint}`, country];
      const program = new Program(`follower of ${country}`, "follower", language, this.python, parameters);
      const follower: Follower = { country, program, tally: new Tally(), colour };
      this.followers.push(follower);
      program.onLine((verb, event) => {
        if (verb === "received") this.receive(follower, event);
      });
      void program.ended.then((trouble) => this.followerEnded(follower, trouble));
      show(`  ${inCountryColour(colour, program.name)}, ${this.describe(program)}`);
    });
    show("");
  }

  private receive({ country, tally, colour, program }: Follower, event: string): void {
    const incident = event.slice(country.length + 1);
    if (incident === FULL_TIME) return;
    tally.receive(event);
    const by = program.language === "python" ? dim("   (in Python)") : "";
    show(`         → ${inCountryColour(colour, country)}: ${inEventColour(incident)}${by}`);
  }

  private followerEnded({ program, tally }: Follower, trouble: string | undefined): void {
    tally.isOver = true;
    if (trouble === undefined || this.isStopping) return;
    this.hasFailed = true;
    complain(red(`The ${program.name} (process ${program.pid ?? "–"}) ${trouble}.`));
    if (program.errors !== "") complain(program.errors);
    // Before the first event, the publisher would wait for this follower for ever; and it needs somebody to talk to.
    if (this.announced === 0 || this.followers.every(({ tally }) => tally.isOver)) this.stop(1);
  }

  private stopFollowers(): void {
    for (const { program } of this.followers) program.stop();
  }

  private summarise(): void {
    show(`\n${bold("Full time.")} ${this.announced} ${this.announced === 1 ? "event was" : "events were"} announced.`);
    const width = Math.max(...this.followers.map(({ country }) => country.length));
    for (const { country, tally, colour, program } of this.followers) {
      const { announced, arrived, isEven } = tally;
      if (!isEven) this.hasFailed = true;
      const verdict = isEven ? green(announced === 0 ? "nothing to miss" : "all arrived") : red(missedText(tally));
      const name = inCountryColour(colour, country.padEnd(width));
      show(`  ${name}  ${arrived} of ${announced}, ${verdict}   ${dim(`(${this.describe(program)})`)}`);
    }
  }

  private describe({ language, pid }: Program): string {
    const kind = language === "python" ? `Python on libzmq ${this.python?.libzmq ?? ""}` : "TypeScript";
    return `${kind}, process ${pid ?? "–"}`;
  }
}

function missedText({ announced, arrived }: Tally): string {
  return announced > arrived ? `${announced - arrived} missed` : "something came that was not announced";
}

async function main(): Promise<number> {
  let options: BroadcastOptions | undefined;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\nSee npm start -- --help`);
    return 2;
  }
  if (options === undefined) {
    show(HELP);
    return 0;
  }
  const python = findPython(options.python);
  if (python === undefined && (options.publisher === "python" || ![undefined, "none"].includes(options.python))) {
    complain(`${options.python ?? "Python"} with pyzmq was not found. On Debian and Ubuntu: apt install python3-zmq`);
    return 1;
  }
  const broadcast = new Broadcast(options, python);
  process.on("exit", () => broadcast.killAll());
  // Ctrl-C is how a broadcast without end is meant to end; one that was to count has not done its job then.
  process.on("SIGINT", () => broadcast.stop(options.count === undefined ? 0 : 130));
  process.on("SIGTERM", () => broadcast.stop(143)).on("SIGHUP", () => broadcast.stop(129));
  process.stdout.on("error", () => broadcast.stop(1)); // nobody reads any more, as in `npm start | head`
  return broadcast.run();
}

process.exitCode = await main();
