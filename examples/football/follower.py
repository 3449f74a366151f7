# SPDX-License-Identifier: MIT
"""A follower of the football broadcast as a Python program on libzmq: the same as follower.ts."""
import argparse
import os
import signal
import sys
import threading

import zmq

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("country", nargs="?", default="netherlands")
parser.add_argument("--endpoint", default="tcp://127.0.0.1:5000")
parser.add_argument("--attached", action="store_true", help="end when standard input ends, and not on Ctrl-C")
args = parser.parse_args()


def watch_stdin():
    """The program that started this one closes the pipe when it wants an end, and also when it was killed itself."""
    while sys.stdin.buffer.raw.read(4096):
        pass
    os._exit(0)


def main():
    if args.attached:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=watch_stdin, daemon=True).start()
    subscriber = zmq.Context().socket(zmq.SUB)
    subscriber.subscribe(f"{args.country} ")
    subscriber.connect(args.endpoint)
    while True:
        event = subscriber.recv_string()
        print(f"received {event}", flush=True)
        if event.endswith("full time"):
            return


try:
    main()
except KeyboardInterrupt:
    sys.exit(0)
