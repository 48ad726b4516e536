#!/usr/bin/env python3
"""How long commands on large collections keep everybody waiting.

usage: strand_holds.py name=port... [elements=N] [rounds=N] [only=WORD]

Every collection has so many elements, strings 64 bytes for each. A command is sent together with a
PING; the time until both replies are there is taken, the least of the rounds. The ratio is to the
last server. What changes its collection is given a copy of it, or takes its change back.
"""

import socket
import sys
import time

from resp import request


class Server:
    def __init__(self, name, port):
        self.name = name
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.write, self.read = connection.sendall, connection.makefile("rb")
        self.connection = connection

    def reply(self):
        line = self.read.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RuntimeError(f"{self.name}: {line.decode()}")
        if kind == b"$" and int(rest) >= 0:
            return self.read.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        return rest

    def ask(self, *words):
        self.write(request(*words))
        return self.reply()

    def pipeline(self, requests):
        batch = []
        for each in requests:
            batch.append(request(*each))
            if len(batch) == 200:
                self.flush(batch)
        self.flush(batch)

    def flush(self, batch):
        self.write(b"".join(batch))
        for _ in batch:
            self.reply()
        batch.clear()

    def time_ms(self, *words):
        both = request(*words) + request("PING")
        begun = time.perf_counter()
        self.write(both)
        self.reply()
        self.reply()
        return (time.perf_counter() - begun) * 1000


def fill(server, count):
    server.ask("FLUSHALL")
    step = 100
    for begin in range(0, count, step * 200):
        blocks = [range(at, min(at + step, count)) for at in range(begin, min(begin + step * 200, count), step)]
        server.pipeline(["RPUSH", "list", *(f"element:{i}" for i in block)] for block in blocks)
        server.pipeline(["SADD", "set", *(f"member:{i}" for i in block)] for block in blocks)
        server.pipeline(["SADD", "half", *(f"member:{2 * i}" for i in block)] for block in blocks)
        server.pipeline(["HSET", "hash", *(w for i in block for w in (f"field:{i}", f"value:{i}"))] for block in blocks)
        server.pipeline(["ZADD", "zset", *(w for i in block for w in (i, f"member:{i}"))] for block in blocks)
        server.pipeline(["ZADD", "same", *(w for i in block for w in (0, f"{i:08}"))] for block in blocks)
        server.pipeline(["GEOADD", "geo", *(w for i in block for w in
                         (i % 3600 / 10 - 180, i % 1700 / 10 - 85, f"member:{i}"))] for block in blocks)
        server.pipeline(["XADD", "stream", f"{i + 1}-1", "field", f"value:{i}"] for block in blocks for i in block)
        server.pipeline(["PFADD", "hll", *(f"element:{i}" for i in block)] for block in blocks)
        server.pipeline(["MSET", *(w for i in block for w in (f"key:{i}", "v"))] for block in blocks)
    server.ask("XGROUP", "CREATE", "stream", "group", "0")
    server.ask("SETBIT", "string", 64 * 8 * count - 1, 1)
    server.ask("SETBIT", "string2", 64 * 8 * count - 1, 1)


def cases(n):
    """(what is measured, commands before it, the command, commands after it)"""
    middle, end = n // 2, n - 1
    copied = lambda key: [["COPY", key, "copy", "REPLACE"]]
    gone = [["UNLINK", "copy"]]

    def on_copy(key, *command):
        return (" ".join(map(str, command)), copied(key), command, gone)

    def on(*command, undo=()):
        return (" ".join(map(str, command)), [], command, undo)

    for key in "list", "set", "hash", "zset", "stream", "string":
        yield (f"COPY {key}", [], ("COPY", key, "copy"), gone)
        yield (f"DEL {key}", copied(key), ("DEL", "copy"), [])
        yield (f"UNLINK {key}", copied(key), ("UNLINK", "copy"), [])
        yield (f"SET over {key}", copied(key), ("SET", "copy", "v"), gone)
        yield (f"PEXPIREAT {key} 1", copied(key), ("PEXPIREAT", "copy", "1"), gone)
        yield (f"RENAME {key}", copied(key), ("RENAME", "copy", "renamed"), [["UNLINK", "renamed"]])
        yield (f"MOVE {key}", copied(key), ("MOVE", "copy", "1"), [["SELECT", 1], *gone, ["SELECT", 0]])
        yield (f"OBJECT ENCODING {key}", [], ("OBJECT", "ENCODING", key), [])
        yield (f"MEMORY USAGE {key}", [], ("MEMORY", "USAGE", key), [])
    yield on("LINDEX", "list", middle)
    yield on_copy("list", "LSET", "copy", middle, "v")
    yield on("LRANGE", "list", middle, middle + 10)
    yield on("LPOS", "list", f"element:{end}")
    yield on_copy("list", "LINSERT", "copy", "BEFORE", f"element:{middle}", "v")
    yield on_copy("list", "LREM", "copy", "0", f"element:{middle}")
    yield on_copy("list", "LTRIM", "copy", middle, "-1")
    yield on_copy("list", "LTRIM", "copy", "1", "0")
    yield on_copy("set", "SREM", "copy", "member:1")
    yield on("SRANDMEMBER", "set", "10")
    yield on("SRANDMEMBER", "set", "-10")
    yield on_copy("set", "SPOP", "copy", "100")
    yield on("SSCAN", "set", "0", "COUNT", "100")
    yield on("SINTERCARD", "2", "set", "half")
    yield on("SINTERSTORE", "copy", "set", "half", undo=gone)
    yield on("SUNIONSTORE", "copy", "set", "half", undo=gone)
    yield on("SDIFFSTORE", "copy", "set", "half", undo=gone)
    yield on("HRANDFIELD", "hash", "10", "WITHVALUES")
    yield on("HRANDFIELD", "hash", "-10")
    yield on("HSCAN", "hash", "0", "COUNT", "100")
    yield on("ZRANGE", "zset", middle, middle + 10)
    yield on("ZRANGE", "zset", middle, middle + 10, "BYSCORE")
    yield on("ZRANGE", "zset", "0", end, "BYSCORE", "LIMIT", middle, "10")
    yield on("ZCOUNT", "zset", "100", end)
    yield on("ZLEXCOUNT", "same", "[1", "+")
    yield on("ZRANDMEMBER", "zset", "10")
    yield on("ZSCAN", "zset", "0", "COUNT", "100")
    yield on("ZRANGESTORE", "copy", "zset", "0", "-1", undo=gone)
    yield on("ZUNIONSTORE", "copy", "2", "zset", "same", undo=gone)
    yield on("ZINTERSTORE", "copy", "2", "zset", "set", undo=gone)
    yield on("ZDIFFSTORE", "copy", "2", "zset", "half", undo=gone)
    yield on("ZINTERCARD", "2", "zset", "set")
    yield on_copy("zset", "ZREMRANGEBYRANK", "copy", "0", "-2")
    yield on_copy("zset", "ZREMRANGEBYRANK", "copy", "0", middle)
    yield on_copy("zset", "ZREMRANGEBYSCORE", "copy", middle, end)
    yield on_copy("same", "ZREMRANGEBYLEX", "copy", "[1", "[5")
    yield on_copy("zset", "ZPOPMIN", "copy", "10")
    yield on("GEOSEARCH", "geo", "FROMLONLAT", "0", "0", "BYRADIUS", "100", "km", "COUNT", "10")
    yield on("GEOSEARCH", "geo", "FROMLONLAT", "0", "0", "BYRADIUS", "9000", "km", "COUNT", "10", "ANY")
    yield on("GEOSEARCHSTORE", "copy", "geo", "FROMLONLAT", "0", "0", "BYRADIUS", "5000", "km", undo=gone)
    yield on("XRANGE", "stream", f"{middle}-0", "+", "COUNT", "10")
    yield on("XLEN", "stream")
    yield on("XINFO", "STREAM", "stream")
    yield on("XINFO", "GROUPS", "stream")
    yield on_copy("stream", "XDEL", "copy", f"{middle}-1")
    yield on_copy("stream", "XTRIM", "copy", "MAXLEN", middle)
    yield on_copy("stream", "XTRIM", "copy", "MINID", "~", middle)
    yield on_copy("stream", "XTRIM", "copy", "MAXLEN", "0")
    yield on_copy("stream", "XSETID", "copy", f"{n + 1}-1")
    yield on_copy("stream", "XGROUP", "CREATE", "copy", "other", "$")
    yield on("SORT", "list", "ALPHA", "LIMIT", "0", "10")
    yield on("SORT", "zset", "BY", "nosort", "LIMIT", "0", "10")
    yield on("SORT", "set", "BY", "nosort", "GET", "#", "LIMIT", "0", "10")
    yield on("SORT", "list", "ALPHA", "STORE", "copy", undo=gone)
    yield on("BITCOUNT", "string")
    yield on("BITPOS", "string", "1")
    yield on("BITOP", "AND", "copy", "string", "string2", undo=gone)
    yield on("BITOP", "NOT", "copy", "string", undo=gone)
    yield on("GETRANGE", "string", "0", "10")
    yield on_copy("string", "SETRANGE", "copy", "10", "v")
    yield on_copy("string", "APPEND", "copy", "v")
    yield on_copy("string", "SETBIT", "copy", "10", "1")
    yield on("PFCOUNT", "hll")
    yield on("PFMERGE", "copy", "hll", undo=gone)
    yield on("SCAN", "0", "COUNT", "100")
    yield on("KEYS", "nothing*")
    yield on("RANDOMKEY")
    yield on("DBSIZE")
    yield on("SWAPDB", "0", "1", undo=[["SWAPDB", "0", "1"]])
    yield ("FLUSHDB", None, ("FLUSHDB",), [])
    yield ("FLUSHALL", None, ("FLUSHALL",), [])
    yield ("FLUSHALL ASYNC", None, ("FLUSHALL", "ASYNC"), [])


def main():
    servers, options = [], {"elements": "1000000", "rounds": "3", "only": ""}
    for argument in sys.argv[1:]:
        name, value = argument.split("=", 1)
        if name in options:
            options[name] = value
        else:
            servers.append(Server(name, int(value)))
    if not servers:
        sys.exit(__doc__)
    count = int(options["elements"])
    for server in servers:
        fill(server, count)
    print("| command | " + " | ".join(f"{each.name} ms" for each in servers) + " | ratio |")
    print("|---" * (len(servers) + 2) + "|")
    for label, before, command, after in cases(count):
        if not label.startswith(options["only"]):
            continue
        least = {}
        for _ in range(1 if before is None else int(options["rounds"])):
            for server in servers:
                if before is None:
                    fill(server, count)
                for each in before or ():
                    server.ask(*each)
                took = server.time_ms(*command)
                least[server.name] = min(took, least.get(server.name, took))
                for each in after:
                    server.ask(*each)
        figures = [least[each.name] for each in servers]
        ratio = figures[0] / figures[-1]
        print(f"| {label} | " + " | ".join(f"{each:.3f}" for each in figures) + f" | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
