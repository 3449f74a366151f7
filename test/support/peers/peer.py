# SPDX-License-Identifier: MIT
"""The peer over pyzmq: the commands of peer.ts, one a line on standard input; ends when the input does."""
import hashlib
import os
import queue
import sys
import threading

import zmq
import zmq.auth.thread
import zmq.utils.z85

BLOCK_LENGTH = 65521
PROBE = b"?probe"

context = zmq.Context()
context.set(zmq.MAX_SOCKETS, 4096)
sockets = {}
authenticators = []
last_peer = b""


def make_block():
    octets = bytearray(BLOCK_LENGTH)
    state = 0x9E3779B9
    for i in range(BLOCK_LENGTH):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        octets[i] = state >> 24
    return memoryview(bytes(octets + octets))


DOUBLED_BLOCK = make_block()


def make_part(seed, message, part, size):
    offset = 7919 * seed + 131 * message + 31 * part
    octets = bytearray(size)
    for tile, position in enumerate(range(0, size, BLOCK_LENGTH)):
        start = (offset + tile) % BLOCK_LENGTH
        length = min(BLOCK_LENGTH, size - position)
        octets[position : position + length] = DOUBLED_BLOCK[start : start + length]
    return bytes(octets)


def parse_shapes(text):
    shapes = []
    for sizes in text.split("/"):
        shape = []
        for run in sizes.split(","):
            size, _, times = run.partition("x")
            shape += [int(size)] * int(times or 1)
        shapes.append(shape)
    return shapes


def messages(seed, count, shapes):
    seed, count, shapes = int(seed), int(count), parse_shapes(shapes)
    for number in range(count):
        sizes = shapes[number % len(shapes)]
        yield [make_part(seed, number, part, size) for part, size in enumerate(sizes)]


class Summary:
    def __init__(self):
        self.hash = hashlib.sha256()
        self.messages = self.parts = self.octets = 0

    def add(self, parts):
        self.messages += 1
        self.hash.update(len(parts).to_bytes(4, "big"))
        for part in parts:
            self.parts += 1
            self.octets += len(part)
            self.hash.update(len(part).to_bytes(4, "big"))
            self.hash.update(part)

    def add_bytes(self, octets):
        self.octets += len(octets)
        self.hash.update(octets)

    def words(self):
        return [self.messages, self.parts, self.octets, self.hash.hexdigest()]


def part_of(word):
    if word == "@":
        return last_peer
    return b"" if word == "-" else bytes.fromhex(word)


def receive(socket):
    global last_peer
    while True:
        message = socket.recv_multipart()
        if message != [PROBE]:
            last_peer = message[0]
            return message


OPTIONS = {
    "routingId": zmq.ROUTING_ID,
    "sendHighWaterMark": zmq.SNDHWM,
    "receiveHighWaterMark": zmq.RCVHWM,
    "linger": zmq.LINGER,
    "probeRouter": zmq.PROBE_ROUTER,
    "mandatory": zmq.ROUTER_MANDATORY,
    "immediate": zmq.IMMEDIATE,
    "ipv6": zmq.IPV6,
    "reconnectInterval": zmq.RECONNECT_IVL,
    "socksProxy": zmq.SOCKS_PROXY,
    "maxMessageSize": zmq.MAXMSGSIZE,
    "heartbeatInterval": zmq.HEARTBEAT_IVL,
    "heartbeatTimeout": zmq.HEARTBEAT_TIMEOUT,
    "heartbeatTimeToLive": zmq.HEARTBEAT_TTL,
    "plainServer": zmq.PLAIN_SERVER,
    "plainUsername": zmq.PLAIN_USERNAME,
    "plainPassword": zmq.PLAIN_PASSWORD,
    "zapDomain": zmq.ZAP_DOMAIN,
    "zapEnforceDomain": 93,  # ZMQ_ZAP_ENFORCE_DOMAIN, which Debian's pyzmq has no name for
    "handshakeInterval": zmq.HANDSHAKE_IVL,
    "curveServer": zmq.CURVE_SERVER,
    "curvePublicKey": zmq.CURVE_PUBLICKEY,
    "curveSecretKey": zmq.CURVE_SECRETKEY,
    "curveServerKey": zmq.CURVE_SERVERKEY,
}
TEXT_OPTIONS = {
    "socksProxy",
    "routingId",
    "plainUsername",
    "plainPassword",
    "zapDomain",
    "curvePublicKey",
    "curveSecretKey",
    "curveServerKey",
}


def open_socket(name, kind, *options):
    socket = sockets[name] = context.socket(getattr(zmq, kind.upper()))
    socket.linger = 0
    socket.sndtimeo = socket.rcvtimeo = 10000
    for option in options:
        key, _, value = option.partition("=")
        socket.setsockopt(OPTIONS[key], value.encode() if key in TEXT_OPTIONS else int(value))
    return []


class Keys:
    """The public keys that come in: pyzmq asks with Z85."""

    def __init__(self, keys):
        self.keys = keys

    def callback(self, domain, key):
        return zmq.utils.z85.decode(key) in self.keys


def start_authenticator():
    authenticator = zmq.auth.thread.ThreadAuthenticator(context)
    authenticator.start()
    authenticators.append(authenticator)
    return authenticator


def authenticate(username, password, *keys):
    authenticator = start_authenticator()
    for domain in ("*", "global"):  # the first is for sockets without a domain, not for any
        authenticator.configure_plain(domain=domain, passwords={username: password})
        authenticator.configure_curve_callback(domain, Keys([bytes.fromhex(key) for key in keys]))
    return []


def on_authenticator(verb, *words):
    """start; stop; allow address…; deny address…; plain domain user=password…; curve domain folder, or * for any key;
    certificate folder name, which gives the public key and the secret key."""
    if verb == "start":
        start_authenticator()
    elif verb == "stop":
        authenticators.pop().stop()
    elif verb in ("allow", "deny"):
        getattr(authenticators[-1], verb)(*words)
    elif verb == "plain":
        authenticators[-1].configure_plain(words[0], dict(pair.split("=", 1) for pair in words[1:]))
    elif verb == "curve":
        location = zmq.auth.CURVE_ALLOW_ANY if words[1] == "*" else words[1]
        authenticators[-1].configure_curve(words[0], location)
    elif verb == "certificate":
        _, secret_file = zmq.auth.create_certificates(*words)
        return [key.decode() for key in zmq.auth.load_certificate(secret_file)]
    else:
        raise ValueError(f"no command auth {verb}")
    return []


def on_socket(verb, name, words):
    global last_peer
    socket = sockets[name]
    if verb in ("bind", "connect"):
        getattr(socket, verb)(words[0])
        return [socket.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode()]
    if verb in ("unbind", "disconnect"):
        getattr(socket, verb)(words[0])
    elif verb in ("subscribe", "unsubscribe"):
        socket.setsockopt(zmq.SUBSCRIBE if verb == "subscribe" else zmq.UNSUBSCRIBE, part_of(words[0]))
    elif verb == "put":
        socket.send_multipart([part_of(word) for word in words])
    elif verb == "take":
        return [part.hex() or "-" for part in receive(socket)]
    elif verb == "property":
        frames = socket.recv_multipart(copy=False)
        try:
            value = frames[0].get(words[0]).encode().hex() or "-"
        except zmq.ZMQError:
            value = "-"
        return [value, *(frame.bytes.hex() or "-" for frame in frames)]
    elif verb == "send":
        header = [part_of(word) for word in words[3:]]
        for message in messages(*words[:3]):
            socket.send_multipart(header + message)
    elif verb == "receive":
        summary, skip = Summary(), int(words[1])
        for _ in range(int(words[0])):
            summary.add(receive(socket)[skip:])
        return summary.words()
    elif verb == "bytes":
        summary = Summary()
        while summary.octets < int(words[0]):
            summary.add_bytes(receive(socket)[1])
        return summary.words()
    elif verb == "exchange":
        summary = Summary()
        header = [part_of(word) for word in words[3:]]
        for message in messages(*words[:3]):
            socket.send_multipart(header + message)
            summary.add(receive(socket)[len(header) :])
        return summary.words()
    elif verb == "echo":
        for _ in range(int(words[0])):
            socket.send_multipart(receive(socket))
    elif verb == "await":
        while socket.recv_multipart() != [PROBE]:
            pass
    elif verb == "number":
        header = [part_of(word) for word in words[2:]]
        for value in range(int(words[0]), int(words[0]) + int(words[1])):
            socket.send_multipart(header + [b"%d" % value])
    elif verb == "numbers":
        for _ in range(int(words[0])):
            print("got", receive(socket)[-1].decode(), flush=True)
    elif verb == "close":
        del sockets[name]
        socket.close()
    else:
        raise ValueError(f"no command {verb}")
    return []


def run(verb, *words):
    if verb == "socket":
        return open_socket(*words)
    if verb == "zap":
        return authenticate(*words)
    if verb == "auth":
        return on_authenticator(*words)
    if verb == "digest":
        summary = Summary()
        for message in messages(*words):
            summary.add(message)
        return summary.words()
    return on_socket(verb, words[0], words[1:])


def main():
    lines = queue.SimpleQueue()

    # In a thread of its own, so that the end of the input is seen while a command waits.
    def read_input():
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read_input, daemon=True).start()
    while True:
        try:
            answer = ["ok", *run(*lines.get().split())]
        except Exception as error:  # a failed command is an answer, whatever it was
            answer = ["error", f"{type(error).__name__}: {error}".replace("\n", " ")]
        print(*answer, flush=True)


main()
