#!/usr/bin/env python3
"""Hit rates of servers that are used as a cache and have too little memory.

usage: eviction_hits.py name=port[:maxmemory]... [keys=N] [requests=N] [maxmemory=BYTES] [value=BYTES] [drift=N]

All servers are asked for the same keys in the same order, in turns. Which key is asked for follows
Zipf's law (exponent 0.99); a key that is missing is written. With `drift` what is asked for most
moves on by one key every so many requests. The first half of the requests only warms up. A limit of
its own lets a server hold as many keys as another one.
"""

import bisect
import itertools
import random
import socket
import sys

from resp import request

POLICIES = ["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-ttl"]


class Server:
    def __init__(self, name, port, limit):
        self.name, self.limit = name, limit
        connection = socket.create_connection(("127.0.0.1", port))
        self.write, self.read = connection.sendall, connection.makefile("rb")
        self.connection = connection

    def ask(self, requests):
        """Replies of commands that reply a line or a string."""
        self.write(b"".join(requests))
        replies = []
        for _ in requests:
            line = self.read.readline()
            if line[:1] == b"$" and line != b"$-1\r\n":
                replies.append(self.read.read(int(line[1:]) + 2)[:-2])
            else:
                replies.append(None if line == b"$-1\r\n" else line)
        return replies


def trace(keys, requests, drift, seed):
    weights = list(itertools.accumulate(1 / (i + 1) ** 0.99 for i in range(keys)))
    chance = random.Random(seed)
    names = list(range(keys))
    chance.shuffle(names)
    for i in range(requests):
        rank = bisect.bisect_left(weights, chance.random() * weights[-1])
        yield names[(rank + (i // drift if drift else 0)) % keys]


def play(servers, policy, options):
    for server in servers:
        limit = server.limit or options["maxmemory"]
        server.ask([request("FLUSHALL"), request("CONFIG", "SET", "maxmemory", limit),
                    request("CONFIG", "SET", "maxmemory-policy", policy)])
    value = b"v" * options["value"]
    ends = ["PX", 10_000_000] if policy.startswith("volatile") else []
    hits = {server.name: 0 for server in servers}
    counted, batch = 0, 100
    keys = list(trace(options["keys"], options["requests"], options["drift"], 1))
    for at in range(0, len(keys), batch):
        wanted = keys[at:at + batch]
        counts = at >= len(keys) // 2
        counted += len(wanted) if counts else 0
        for server in servers:
            found = server.ask([request("GET", "key:%d" % key) for key in wanted])
            missing = dict.fromkeys(key for key, reply in zip(wanted, found) if reply is None)
            if counts:
                hits[server.name] += sum(reply is not None for reply in found)
            if missing:
                server.ask([request("SET", "key:%d" % key, value, *ends) for key in missing])
    return [100 * hits[server.name] / counted for server in servers]


def main():
    options = {"keys": 200_000, "requests": 1_000_000, "maxmemory": 8_000_000, "value": 100, "drift": 0}
    servers, policies = [], POLICIES
    for argument in sys.argv[1:]:
        name, _, value = argument.partition("=")
        if name == "policies":
            policies = value.split(",")
        elif name in options:
            options[name] = int(value)
        else:
            port, _, limit = value.partition(":")
            servers.append(Server(name, int(port), limit))
    print("| hits (%), keys kept |", " | ".join(server.name for server in servers), "|")
    print("|---" * (len(servers) + 1) + "|")
    for policy in policies:
        rates = play(servers, policy, options)
        sizes = [server.ask([request("DBSIZE")])[0].decode().strip(":\r\n") for server in servers]
        print("|", policy, "|", " | ".join("%.2f, %s" % each for each in zip(rates, sizes)), "|", flush=True)


main()
