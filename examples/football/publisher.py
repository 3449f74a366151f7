# SPDX-License-Identifier: MIT
"""The publisher of the football broadcast as a Python program on libzmq: the same as publisher.ts, event for event."""
import argparse
import random
import signal
import sys
import threading

import zmq

COUNTRIES = "netherlands,brazil,japan,argentina,nigeria,spain"
INCIDENTS = ["goal", "goal", "yellow card", "red card", "corner", "free kick", "penalty", "offside", "substitution"]

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--endpoint", default="tcp://127.0.0.1:5000")
parser.add_argument("--countries", default=COUNTRIES)
parser.add_argument("--followers", type=int, default=0, help="how many to wait for before the first event")
parser.add_argument("--count", type=float, default=float("inf"))
parser.add_argument("--interval", type=float, default=500, help="milliseconds")
parser.add_argument("--attached", action="store_true", help="end when standard input ends, and not on Ctrl-C")
args = parser.parse_args()
countries = args.countries.split(",")
stop = threading.Event()


def say(line):
    print(line, flush=True)


def watch_stdin():
    """The program that started this one closes the pipe when it wants an end, and also when it was killed itself."""
    while sys.stdin.buffer.raw.read(4096):
        pass
    stop.set()


def wait_for_followers(publisher):
    """An XPUB socket sees the subscriptions: nothing is announced before all who are expected listen."""
    followers = 0
    while followers < args.followers and not stop.is_set():
        if not publisher.poll(100):
            continue
        notice = publisher.recv()
        topic = notice[1:].decode().strip()
        followers += 1 if notice[0] == 1 else -1
        say(f"{'followed' if notice[0] == 1 else 'unfollowed'} {topic}")


def invent_events():
    while True:
        for country in random.sample(countries, len(countries)):
            yield f"{country} {random.choice(INCIDENTS)}"


def broadcast(publisher):
    left = args.count
    for event in invent_events():
        if stop.is_set() or left <= 0:
            break
        left -= 1
        say(f"announced {event}")
        publisher.send_string(event)
        if left > 0:
            stop.wait(args.interval / 1000)
    for country in countries:
        publisher.send_string(f"{country} full time")


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN if args.attached else lambda *_: stop.set())
    if args.attached:
        threading.Thread(target=watch_stdin, daemon=True).start()
    context = zmq.Context()
    publisher = context.socket(zmq.XPUB)
    publisher.set(zmq.XPUB_VERBOSER, 1)
    try:
        publisher.bind(args.endpoint)
    except zmq.ZMQError as error:
        taken = f"{args.endpoint} is taken: another program listens there. Stop it, or choose another port (--port)."
        print(taken if error.errno == zmq.EADDRINUSE else error, file=sys.stderr)
        context.destroy(linger=0)
        return 1
    say(f"listening {publisher.get_string(zmq.LAST_ENDPOINT).rstrip(chr(0))}")
    wait_for_followers(publisher)
    broadcast(publisher)
    publisher.close(linger=2000)
    context.term()
    return 0


sys.exit(main())
