"""python3-redis: shows what the library makes of a server's replies. PORT, TLS_PORT, SENTINEL_PORT and
CERTIFICATES (a folder) are in the environment."""
import asyncio
import os
import threading

import redis
import redis.asyncio
from redis.sentinel import Sentinel

PORT = int(os.environ["PORT"])


def in_order(value):
    """Dictionaries by their keys: what has no order is told in any."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value, key=str)}
    return [in_order(each) for each in value] if isinstance(value, (list, tuple)) else value


def show(what, value):
    print(f"{what}: {in_order(value)!r}", flush=True)


def error_of(action, *arguments, **options):
    try:
        return action(*arguments, **options)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def connect(**options):
    return redis.Redis(port=PORT, decode_responses=True, **options)


def connections(r):
    named = connect(client_name="python", db=3, health_check_interval=1)
    show("name", named.client_getname())
    show("client", {k: v for k, v in named.client_info().items() if k in ("name", "db", "cmd", "flags")})
    show("server", [r.info("server")["redis_mode"], r.info("replication")["role"]])
    show("keyspace", r.info("keyspace"))
    show("config", r.config_get("maxmemory*"))
    show("bytes", redis.Redis(port=PORT).echo(b"\x00\xff\r\n"))
    r.acl_setuser("app", enabled=True, passwords=["+secret"], keys=["app:*"], commands=["+get", "+set", "+acl|whoami"])
    app = connect(username="app", password="secret")
    show("allowed", (app.acl_whoami(), app.set("app:a", 1), app.get("app:a")))
    show("no permission", [error_of(app.get, "other"), error_of(app.incr, "app:a")])
    show("wrong password", error_of(connect(username="app", password="wrong").ping))
    user = r.acl_getuser("app")
    show("user", [sorted(user["commands"]), user["categories"], user["keys"], user["flags"], user["passwords"]])
    show("log", [(e["reason"], e["object"], e["username"]) for e in r.acl_log()])
    r.acl_deluser("app")
    with connect(single_connection_client=True) as single:
        single.select(2)
        show("own database", (single.set("two", 2), r.exists("two")))
    pool = redis.BlockingConnectionPool(port=PORT, max_connections=4, timeout=20)
    shared = redis.Redis(connection_pool=pool)
    workers = [threading.Thread(target=lambda: [shared.incr("shared") for _ in range(100)]) for _ in range(16)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    show("threads", shared.get("shared"))


def values(r):
    show("set", [r.set("s", "v", ex=100, nx=True), r.set("s", "v", nx=True), r.set("s", "w", get=True), r.getdel("s")])
    show("missing", [r.get("none"), r.ttl("none"), r.type("none"), r.lpop("none"), r.hgetall("none"), r.zscore("none", "m")])
    show("floats", [r.incrbyfloat("float", 0.1), r.hincrbyfloat("fields", "f", "1e2"), r.zincrby("ranks", 1.5, "m")])
    show("mset", [r.mset({"m1": 1, "m2": 2}), r.mget("m1", "none", "m2")])
    show("bits", [r.setbit("bits", 7, 1), r.bitcount("bits"), r.bitfield("bits").set("u8", 0, 255).incrby("u8", 0, 1).execute()])
    show("hash", [r.hset("h", mapping={"a": 1, "b": 2}), r.hgetall("h"), r.hmget("h", "a", "none"), r.hrandfield("h", 2, True)])
    show("list", [r.rpush("l", *"abcabc"), r.lpos("l", "b", count=0), r.lmove("l", "l2"), r.lrange("l", 0, -1), r.lpop("l", 2)])
    show("sets", [r.sadd("s1", 1, 2, 3), r.sadd("s2", 2, 3, 4), sorted(r.sinter("s1", "s2")), r.sintercard(2, ["s1", "s2"]), r.smismember("s1", [1, 9])])
    show("zset", [r.zadd("z", {"a": 1, "b": 2.5, "c": "inf"}), r.zrange("z", 0, -1, withscores=True), r.zadd("z", {"a": 5}, incr=True),
                  r.zrangebyscore("z", "-inf", 5, withscores=True), r.zpopmax("z"), r.zunion(["z", "ranks"], withscores=True), r.zmscore("z", ["a", "x"])])
    r.geoadd("geo", (13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania"))
    show("geo", [r.geodist("geo", "Palermo", "Catania", "km"), r.geopos("geo", "Palermo", "none"), r.geohash("geo", "Catania"),
                 r.geosearch("geo", longitude=15, latitude=37, unit="km", radius=200, withcoord=True, withdist=True, sort="ASC")])
    show("hyperloglog", [r.pfadd("hll", *range(1000)), r.pfcount("hll")])
    show("sort", r.sort("l", alpha=True, desc=True))
    show("expiry", [r.expire("l", 100), r.ttl("l"), r.persist("l"), r.expireat("l", 4102444800), r.expiretime("l"), r.pexpire("l", 0), r.exists("l")])
    show("dump", r.restore("copy", 0, redis.Redis(port=PORT).dump("h")) and r.hgetall("copy"))
    show("encodings", [r.object("encoding", k) for k in ("h", "z", "float", "m1")])
    show("wrong type", error_of(r.lpush, "h", 1))
    commands = r.command()
    show("command", {k: commands["get"][k] for k in ("name", "arity", "first_key_pos", "step_count")})
    show("getkeys", r.command_getkeys("MSET", "a", 1, "b", 2))
    show("memory", r.memory_usage("h") > 0)
    r.config_set("slowlog-log-slower-than", 0)
    r.ping()
    show("slowlog", [e["command"] for e in r.slowlog_get(1)])
    r.config_set("slowlog-log-slower-than", 10000)
    for kind in ("scan_iter", "hscan_iter", "sscan_iter", "zscan_iter"):
        show(kind, len(list(many(r, kind))))


def many(r, kind):
    with r.pipeline(transaction=False) as p:
        for i in range(2000):
            p.set(f"scan:{i}", i)
            p.hset("big:h", i, i)
            p.sadd("big:s", f"m{i}")
            p.zadd("big:z", {i: i})
        p.execute()
    if kind == "scan_iter":
        return {*r.scan_iter("scan:*", count=50)} & {*r.scan_iter("scan:*", _type="string")}
    return {*getattr(r, kind)(f"big:{kind[0]}", match="*1*")}


def transactions(r):
    p = r.pipeline()
    show("multi", p.set("t", 1).incr("t").get("t").execute())
    show("error inside", p.set("t", "x").incr("t").get("t").execute(raise_on_error=False)[0::2])
    show("raised", error_of(p.incr("t").execute))
    show("aborted", error_of(p.execute_command("nonsense").set("t", 2).execute))
    p.watch("t")
    r.set("t", 10)
    p.multi()
    show("watch", error_of(p.incr("t").execute))

    def double(pipe):
        current = int(pipe.get("t"))
        if current == 10:
            connect().set("t", 20)
        pipe.multi()
        pipe.set("t", current * 2)

    show("transaction", [r.transaction(double, "t"), r.get("t")])
    with r.pipeline(transaction=False) as plain:
        for i in range(5000):
            plain.rpush("long", i)
        show("pipeline", sum(plain.execute()))


def messages(r):
    r.config_set("notify-keyspace-events", "KEA")
    p = r.pubsub()
    heard = []
    p.subscribe("news")
    p.psubscribe("n*", "__keyevent@0__:*")
    show("subscribed", [p.get_message(timeout=20) for _ in range(3)])
    show("receivers", [r.publish("news", "hello"), r.pubsub_numsub("news"), r.pubsub_channels(), r.pubsub_numpat()])
    show("messages", [p.get_message(timeout=20) for _ in range(2)])
    r.set("noted", 1, px=1)
    show("events", [p.get_message(timeout=20)["channel"] for _ in range(3)])
    p.unsubscribe()
    p.punsubscribe()
    show("left", sorted(p.get_message(timeout=20)["channel"] for _ in range(3)))
    arrived = threading.Event()
    q = r.pubsub()
    q.subscribe(thread=lambda m: (heard.append(m["data"]), arrived.set()))
    runner = q.run_in_thread(sleep_time=0.01)
    while not r.publish("thread", "by handler"):
        pass
    arrived.wait(20)
    runner.stop()
    runner.join()
    show("handler", heard)
    with r.monitor() as m:
        r.set("watched", "a b")
        show("monitor", m.next_command()["command"])
    r.config_set("notify-keyspace-events", "")


def blocking(r):
    def answer(action, *push):
        got = []
        waiter = threading.Thread(target=lambda: got.append(action(connect())))
        waiter.start()
        while not int(r.info("clients")["blocked_clients"]):
            pass
        r.execute_command(*push)
        waiter.join()
        return got[0]

    show("blpop", answer(lambda c: c.blpop(["q1", "q2"], 20), "RPUSH", "q2", "a", "b"))
    show("blmove", answer(lambda c: c.blmove("q3", "q4", 20), "LPUSH", "q3", "x"))
    show("blmpop", answer(lambda c: c.blmpop(20, 2, "q5", "q6", direction="LEFT", count=2), "RPUSH", "q6", 1, 2, 3))
    show("bzpopmin", answer(lambda c: c.bzpopmin("z1", 20), "ZADD", "z1", 1.5, "m"))
    show("xread", answer(lambda c: [k for k, _ in c.xread({"s": "$"}, block=20000)], "XADD", "s", "*", "f", "v"))
    show("nothing", [r.blpop("empty", 0.01), r.bzpopmax("empty", 0.01), r.brpoplpush("empty", "b", 1), r.xread({"none": 0}, block=1)])
    show("wait", r.wait(0, 10))


def streams(r):
    for i in range(1, 6):
        r.xadd("events", {"n": i, "what": "made"}, id=f"{i}-0")
    show("range", [r.xlen("events"), r.xrange("events", "2", "3"), r.xrevrange("events", count=1)])
    r.xgroup_create("events", "group", 0)
    show("busy", error_of(r.xgroup_create, "events", "group", 0))
    show("read", r.xreadgroup("group", "alice", {"events": ">"}, count=3))
    show("pending", [r.xpending("events", "group"), [(e["message_id"], e["consumer"], e["times_delivered"]) for e in r.xpending_range("events", "group", "-", "+", 10)]])
    show("ack", [r.xack("events", "group", "1-0"), r.xclaim("events", "group", "bob", 0, ["2-0"]), r.xautoclaim("events", "group", "bob", 0, count=1)])
    show("groups", r.xinfo_groups("events"))
    show("consumers", sorted((c["name"], c["pending"]) for c in r.xinfo_consumers("events", "group")))
    show("info", {k: v for k, v in r.xinfo_stream("events").items() if not k.startswith("radix")})
    show("deleted", [r.xdel("events", "3-0"), r.xreadgroup("group", "bob", {"events": "0"}), r.xtrim("events", 1), r.xgroup_destroy("events", "group")])


def scripts(r):
    add = r.register_script("return redis.call('incrby', KEYS[1], ARGV[1]) + 0.9")
    r.script_flush()
    show("script", [add(["n"], [5]), add(["n"], [5]), r.script_exists(add.sha)])
    r.script_flush()
    p = r.pipeline()
    add(["n"], [1], client=p)
    show("in a pipeline", p.get("n").execute())
    show("table", r.eval("return {1, 'two', false, {3, {4}}, redis.status_reply('fine')}", 0))
    show("error", [error_of(r.eval, "return redis.error_reply('MY own')", 0), error_of(r.eval, "return redis.call('nonsense')", 0).splitlines()[0]])
    show("library", r.function_load("#!lua name=lib\nredis.register_function{function_name='echoed', callback=function(keys, args) return args end, flags={'no-writes'}}", replace=True))
    show("function", [r.fcall("echoed", 0, "a", "b"), r.fcall_ro("echoed", 0, "c"), r.function_list(), r.function_delete("lib")])


def locks(r):
    lock = r.lock("lock", timeout=20)
    other = r.lock("lock", timeout=20, blocking=False)
    show("lock", [lock.acquire(), other.acquire(), lock.extend(10, replace_ttl=True), lock.reacquire(), lock.owned(), lock.release(), other.acquire()])
    show("not mine", error_of(lock.release))
    r.delete("lock")
    show("lost", error_of(other.release))
    total = []

    def take_turns():
        mine = connect()
        for _ in range(20):
            with mine.lock("turn", timeout=20, sleep=0.001):
                current = int(mine.get("turns") or 0)
                mine.set("turns", current + 1)

    workers = [threading.Thread(target=take_turns) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    show("turns", r.get("turns"))


async def asynchronous():
    r = redis.asyncio.Redis(port=PORT, decode_responses=True, max_connections=50)
    show("gathered", sorted(await asyncio.gather(*(r.incr("async") for _ in range(40)))) == [*range(1, 41)])
    p = r.pubsub()
    await p.subscribe("async")
    await p.get_message(timeout=20)
    waiting = asyncio.create_task(r.blpop("later", 20))
    async with r.pipeline() as both:
        show("async pipeline", await both.publish("async", "hello").rpush("later", "job").execute())
    show("async message", await p.get_message(timeout=20))
    show("async pop", await waiting)
    await p.close()
    await r.close()


def encrypted():
    folder = os.environ["CERTIFICATES"]
    options = dict(port=int(os.environ["TLS_PORT"]), ssl=True, ssl_ca_certs=f"{folder}/ca.crt", ssl_check_hostname=False)
    tls = redis.Redis(ssl_certfile=f"{folder}/client.crt", ssl_keyfile=f"{folder}/client.key", **options)
    show("tls", [tls.set("large", "v" * 1000000), len(tls.get("large"))])
    show("no certificate", error_of(redis.Redis(**options).ping).split(":")[0])


def discovered():
    fleet = Sentinel([("127.0.0.1", int(os.environ["SENTINEL_PORT"]))], socket_timeout=20)
    show("discovered", fleet.discover_master("fleet")[0])
    show("unknown", error_of(fleet.discover_master, "nobody"))
    primary = fleet.master_for("fleet", decode_responses=True)
    show("primary", [primary.set("by", "sentinel"), primary.get("by"), primary.role()[0]])


everything = connect()
for part in (connections, values, transactions, messages, blocking, streams, scripts, locks):
    everything.flushall()
    part(everything)
asyncio.run(asynchronous())
encrypted()
discovered()
