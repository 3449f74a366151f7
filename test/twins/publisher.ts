// SPDX-License-Identifier: MIT
/** A publisher, plainly: the twin of what PUB does with subscriptions, marks and runs, for tests to hold equal to it. */
import { PlainPipe } from "./pipe.ts";
import { PlainSubscriptions } from "./prefixes.ts";

/** Each message is put into the pipe of everybody who has asked for it and has room. */
export class PlainPublisher {
  readonly subscriptions: PlainSubscriptions<PlainPipe> = new PlainSubscriptions();
  dropped = 0;
  private readonly pipes = new Set<PlainPipe>();

  join(limit: number): PlainPipe {
    const pipe = new PlainPipe(limit, false, () => {});
    this.pipes.add(pipe);
    return pipe;
  }

  leave(pipe: PlainPipe): void {
    this.pipes.delete(pipe);
    this.subscriptions.leave(pipe);
  }

  /** False, with `mustReachAll`: somebody has no room, and nothing was sent. */
  send(topic: string, text: string, mustReachAll: boolean): boolean {
    const audience = this.subscriptions.match(topic);
    if (mustReachAll && audience.some((pipe) => !pipe.hasRoom())) return false;
    for (const pipe of audience) if (!pipe.write(text, true)) this.dropped += 1;
    return true;
  }
}
