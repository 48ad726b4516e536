// ioredis: shows what the library makes of a server's replies. See clients_test.cpp for the environment.
import Redis from "ioredis";
import { blocked, errorOf, port, show, tls, until } from "./show.mjs";

const r = new Redis({ port, connectionName: "ioredis" });
await r.flushall();
show("name", await r.client("GETNAME"));
show("strings", [await r.set("s", "v", "EX", 10, "NX"), await r.set("s", "v", "NX"), await r.get("none"), await r.getBuffer("s")]);
show("hash", [await r.hset("h", { a: 1, b: 2 }), await r.hgetall("h"), await r.hmget("h", ["a", "none"])]);
show("zset", [await r.zadd("z", 1, "a", "inf", "b"), await r.zrange("z", 0, -1, "WITHSCORES"), await r.zscore("z", "b")]);
show("error", await errorOf(r.lpush("h", 1)));
show("unknown", await errorOf(r.call("NONSENSE", "a")));

show("pipeline", (await r.pipeline().set("p", 1).incr("p").lpush("p", "x").get("p").exec()).map(([problem, reply]) => problem?.message ?? reply));
show("multi", await r.multi().set("m", 1).incr("m").exec());
show("multi without pipeline", [await r.multi({ pipeline: false }), await r.incr("m"), await r.exec()]);
show("discarded", await errorOf(r.multi().set("m").incr("m").exec()));
await r.watch("m");
await r.duplicate().set("m", 7);
show("watch", await r.multi().incr("m").exec());
const auto = new Redis({ port, enableAutoPipelining: true });
show("autopipeline", (await Promise.all(Array.from({ length: 5000 }, () => auto.incr("auto")))).at(-1));

r.defineCommand("add", { numberOfKeys: 1, lua: "return {KEYS[1], redis.call('incrby', KEYS[1], ARGV[1])}" });
show("script", [await r.add("n", 5), await r.add("n", 5)]);
await r.script("FLUSH");
show("script again", [await r.add("n", 1), await r.pipeline().add("n", 1).get("n").exec()]);
await r.script("FLUSH");
show("script in a pipeline", await r.pipeline().add("n", 1).get("n").exec());

const batch = r.pipeline();
for (let i = 0; i < 3000; ++i) batch.set(`scan:${i}`, i).hset("big", i, i);
await batch.exec();
const found = new Set();
for await (const keys of r.scanStream({ match: "scan:*", count: 100 })) keys.forEach((key) => found.add(key));
show("scanStream", found.size);
const fields = new Set();
for await (const part of r.hscanStream("big", { count: 100 })) part.forEach((each, i) => i % 2 || fields.add(each));
show("hscanStream", fields.size);

const waiter = r.duplicate();
const popped = waiter.blpop("q1", "q2", 20);
await until("blocked", async () => (await blocked(r)) === 1);
await r.rpush("q2", "job");
show("blpop", await popped);
show("nothing", [await waiter.blpop("q1", 0.01), await waiter.bzpopmin("z1", 0.01), await waiter.blmove("q1", "q2", "LEFT", "RIGHT", 0.01)]);

const ears = new Redis({ port });
const heard = [];
ears.on("message", (...what) => heard.push(what)).on("pmessage", (...what) => heard.push(what)).on("smessage", (...what) => heard.push(what));
show("subscribed", [await ears.subscribe("news", "other"), await ears.psubscribe("n*"), await ears.ssubscribe("shard")]);
show("receivers", [await r.publish("news", "hello"), await r.spublish("shard", "one"), await errorOf(ears.get("a"))]);
await until("messages", () => heard.length === 3);
show("messages", heard);
show("left", [await ears.sunsubscribe("shard"), await ears.punsubscribe("n*"), await ears.unsubscribe("news", "other"), await ears.get("p")]);

show("xadd", [await r.xadd("events", "1-0", "n", 1), await r.xadd("events", "2-0", "n", 2), await r.xgroup("CREATE", "events", "g", 0)]);
show("read", await r.xreadgroup("GROUP", "g", "c", "COUNT", 1, "STREAMS", "events", ">"));
show("pending", [await r.xpending("events", "g"), await r.xack("events", "g", "1-0"), await r.xautoclaim("events", "g", "d", 0, 0)]);
const next = waiter.xread("BLOCK", 20_000, "STREAMS", "events", "$");
await until("blocked", async () => (await blocked(r)) === 1);
await r.xadd("events", "3-0", "n", 3);
show("xread", await next);

const monitor = await r.duplicate().monitor();
const seen = new Promise((done) => monitor.on("monitor", (time, words) => done(words)));
await r.set("watched", "a b");
show("monitor", await seen);

const secure = new Redis({ port: tls.port, tls: tls.options });
show("tls", [await secure.set("large", "v".repeat(1_000_000)), (await secure.get("large")).length]);
const viaSentinel = new Redis({ sentinels: [{ host: "127.0.0.1", port: Number(process.env.SENTINEL_PORT) }], name: "fleet" });
show("sentinel", [await viaSentinel.set("by", "sentinel"), await viaSentinel.get("by"), (await viaSentinel.role())[0]]);

// A connection that is killed is made again, with its subscriptions.
await ears.subscribe("after");
const again = new Promise((done) => ears.once("ready", done));
show("killed", await r.client("KILL", "TYPE", "pubsub"));
await again;
await until("subscribed again", async () => (await r.publish("after", "again")) === 1);
await until("the message", () => heard.length > 3);
show("after", heard[3]);
process.exit(0);
