// node-redis, in RESP2 and RESP3: shows what the library makes of a server's replies. See clients_test.cpp for the
// environment.
import { createClient, createClientPool, createSentinel, defineScript, RESP_TYPES } from "redis";
import { blocked, errorOf, port, show, tls, until } from "./show.mjs";

const add = defineScript({
  SCRIPT: "return redis.call('incrby', KEYS[1], ARGV[1])",
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key, by) {
    parser.pushKey(key);
    parser.push(String(by));
  },
  transformReply: (reply) => reply,
});

async function play(RESP) {
  const options = { RESP, socket: { port }, scripts: { add }, unstableResp3: true };
  const r = await createClient({ ...options, name: "node-redis" }).connect();
  const other = await createClient(options).connect();
  await r.flushAll();
  show("protocol", RESP);
  show("name", [await r.clientGetName(), (await r.sendCommand(["CLIENT", "INFO"])).match(/resp=\d/)?.[0]]);
  show("strings", [await r.set("s", "v", { expiration: { type: "EX", value: 10 }, condition: "NX" }), await r.get("none"), await r.mGet(["s", "none"])]);
  show("hash", [await r.hSet("h", { a: 1, b: 2 }), await r.hGetAll("h"), await r.hmGet("h", ["a", "none"]), await r.hRandFieldCountWithValues("h", 2)]);
  show("zset", [await r.zAdd("z", [{ score: 1.5, value: "a" }, { score: Infinity, value: "b" }]), await r.zRangeWithScores("z", 0, -1), await r.zScore("z", "b"), await r.zmScore("z", ["a", "none"])]);
  show("sets", [await r.sAdd("set", ["a", "b"]), (await r.sMembers("set")).sort(), await r.sIsMember("set", "a"), await r.smIsMember("set", ["a", "c"])]);
  show("geo", [await r.geoAdd("geo", { longitude: 13.361389, latitude: 38.115556, member: "Palermo" }), await r.geoPos("geo", ["Palermo", "none"])]);
  show("config", await r.configGet("maxmemory*"));
  show("bytes", await r.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).get("s"));
  show("double", await r.sendCommand(["ZSCORE", "z", "a"]));
  show("error", await errorOf(r.lPush("h", "1")));
  show("acl", await r.aclGetUser("default"));
  show("command", (await r.commandInfo(["get"]))[0].flags);

  show("pipeline", (await Promise.all(Array.from({ length: 5000 }, () => r.incr("counter")))).at(-1));
  show("multi", await r.multi().set("m", "1").incr("m").hGetAll("h").zRangeWithScores("z", 0, -1).exec());
  show("error inside", await errorOf(r.multi().set("m", "x").incr("m").exec()));
  await r.watch("m");
  await other.set("m", "7");
  show("watch", await errorOf(r.multi().incr("m").exec()));
  const pool = await createClientPool({ ...options, commandOptions: {} }, { minimum: 2, maximum: 5 }).connect();
  show("pool", (await Promise.all(Array.from({ length: 100 }, () => pool.incr("pool")))).sort((a, b) => a - b).at(-1));
  await pool.close();

  await r.scriptFlush();
  show("script", [await r.add("n", 5), await r.add("n", 5), await r.multi().add("n", 1).exec()]);
  const library = "#!lua name=lib\nredis.register_function('twice', function(keys, args) redis.setresp(3) return {double = 2 * args[1]} end)";
  show("function", [await r.functionLoad(library, { REPLACE: true }), await r.fCall("twice", { keys: [], arguments: ["1.25"] }), await r.functionList()]);

  await Promise.all(Array.from({ length: 3000 }, (_, i) => r.set(`scan:${i}`, i)));
  const found = new Set();
  for await (const keys of r.scanIterator({ MATCH: "scan:*", COUNT: 100 })) keys.forEach((key) => found.add(key));
  show("scanIterator", found.size);

  const popped = other.blPop(["q1", "q2"], 20);
  await until("blocked", async () => (await blocked(r)) === 1);
  await r.rPush("q2", "job");
  show("blPop", await popped);
  show("nothing", [await other.blPop("q1", 0.01), await other.bzPopMin("z1", 0.01)]);

  const heard = [];
  // By RESP3 a client that listens may go on with commands.
  const ears = await createClient(options).connect();
  const hear = (...what) => heard.push(what);
  await ears.subscribe("news", hear);
  await ears.pSubscribe("n*", hear);
  await ears.sSubscribe("shard", hear);
  show("receivers", [await r.publish("news", "hello"), await r.sPublish("shard", "one")]);
  await until("messages", () => heard.length === 3);
  show("messages", heard);
  show("beside", RESP === 3 && (await ears.get("n")));
  await ears.unsubscribe("news");
  await ears.pUnsubscribe("n*");
  await ears.sUnsubscribe("shard");
  show("left", await ears.get("n"));
  ears.destroy();

  show("xAdd", [await r.xAdd("events", "1-0", { n: "1" }), await r.xAdd("events", "2-0", { n: "2" }), await r.xGroupCreate("events", "g", "0")]);
  show("read", await r.xReadGroup("g", "c", { key: "events", id: ">" }, { COUNT: 1 }));
  show("pending", [await r.xPending("events", "g"), await r.xAck("events", "g", "1-0"), await r.xAutoClaim("events", "g", "d", 0, "0")]);
  show("groups", await r.xInfoGroups("events"));
  const next = other.xRead({ key: "events", id: "$" }, { BLOCK: 20_000 });
  await until("blocked", async () => (await blocked(r)) === 1);
  await r.xAdd("events", "3-0", { n: "3" });
  show("xRead", await next);

  const secure = await createClient({ RESP, socket: { port: tls.port, tls: true, ...tls.options } }).connect();
  show("tls", [await secure.set("large", "v".repeat(1_000_000)), (await secure.get("large")).length]);
  for (const each of [r, other, secure]) await each.close();
}

async function cached() {
  const r = await createClient({ RESP: 3, socket: { port }, clientSideCache: { ttl: 0, maxEntries: 100 } }).connect();
  const other = await createClient({ socket: { port } }).connect();
  const gets = async () => Number(/cmdstat_get:calls=(\d+)/.exec(await other.info("commandstats"))?.[1] ?? 0);
  await other.set("c", "old");
  const before = await gets();
  show("cached", [await r.get("c"), await r.get("c"), await r.get("c"), (await gets()) - before]);
  await other.set("c", "new");
  await until("the invalidation", async () => (await r.get("c")) === "new");
  show("after", [await r.get("c"), (await gets()) - before]);
  await other.flushAll();
  await until("the flush", async () => (await r.get("c")) === null);
  await r.close();
  await other.close();
}

async function bySentinel() {
  const r = await createSentinel({ name: "fleet", sentinelRootNodes: [{ host: "127.0.0.1", port: Number(process.env.SENTINEL_PORT) }] }).connect();
  show("sentinel", [await r.set("by", "sentinel"), await r.get("by")]);
  r.destroy();
}

await play(2);
await play(3);
await cached();
await bySentinel();
process.exit(0);
