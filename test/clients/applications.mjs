// Redlock, rate-limiter-flexible and connect-redis: locks over several databases, limits on requests, and sessions.
// See clients_test.cpp for the environment.
import { RedisStore } from "connect-redis";
import session from "express-session";
import Redis from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { createClient } from "redis";
import Redlock from "redlock";
import { errorOf, port, show, until } from "./show.mjs";

async function locks() {
  // Three databases stand for three servers.
  const three = [1, 2, 3].map((db) => new Redis({ port, db }));
  await three[0].flushall();
  const patient = new Redlock(three, { retryCount: 1000, retryDelay: 5, retryJitter: 5 });
  const hasty = new Redlock(three, { retryCount: 0 });
  const lock = await patient.acquire(["door", "gate"], 20_000);
  // Two of three are enough for an answer; the last one follows.
  const last = three[2];
  await until("held", async () => (await last.exists("door", "gate")) === 2);
  show("held", await errorOf(hasty.acquire(["gate"], 20_000)));
  const longer = await lock.extend(30_000);
  await until("extended", async () => (await last.pttl("door")) > 20_000);
  await longer.release();
  await until("released", async () => (await last.exists("door", "gate")) === 0);
  let inside = 0;
  let most = 0;
  let turns = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      patient.using(["turn"], 20_000, async () => {
        most = Math.max(most, ++inside);
        await three[0].get("turn");
        ++turns;
        --inside;
      }),
    ),
  );
  show("turns", [turns, most]);
  const stolen = await hasty.acquire(["stolen"], 20_000);
  for (const each of three.slice(1)) await each.del("stolen");
  show("stolen", await errorOf(stolen.release()));
}

async function limits() {
  const storeClient = new Redis({ port });
  const limiter = new RateLimiterRedis({ storeClient, points: 5, duration: 60, blockDuration: 120, keyPrefix: "limit" });
  const consumed = [];
  for (let i = 0; i < 7; ++i)
    consumed.push(await limiter.consume("visitor").then((left) => left.remainingPoints, (refused) => [refused.consumedPoints, refused.msBeforeNext > 60_000]));
  show("consumed", consumed);
  show("rewarded", [(await limiter.reward("visitor", 3)).consumedPoints, (await limiter.get("visitor")).consumedPoints, await limiter.delete("visitor"), await limiter.get("visitor")]);
  const many = await Promise.allSettled(Array.from({ length: 50 }, () => limiter.consume("crowd")));
  show("crowd", many.filter(({ status }) => status === "fulfilled").length);
  // A window that slides, as applications write it themselves.
  storeClient.defineCommand("within", {
    numberOfKeys: 1,
    lua: `local now, window, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
          redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
          if redis.call('ZCARD', KEYS[1]) >= limit then return 0 end
          redis.call('ZADD', KEYS[1], now, now .. ':' .. redis.call('INCR', KEYS[1] .. ':n'))
          redis.call('PEXPIRE', KEYS[1], window)
          return 1`,
  });
  const allowed = [];
  for (const now of [0, 10, 20, 30, 105, 109, 115, 500]) allowed.push(await storeClient.within("window", now, 100, 3));
  show("sliding", allowed);
}

async function sessions() {
  const client = await createClient({ socket: { port } }).connect();
  const store = new RedisStore({ client, prefix: "sess:", ttl: 100 });
  const handler = session({ store, secret: "s", resave: false, saveUninitialized: false });
  // A request and its response, of which express-session sees what it needs.
  const visit = (cookie, change) =>
    new Promise((done, failed) => {
      const headers = {};
      const request = { headers: { cookie }, url: "/", originalUrl: "/", connection: {}, socket: {} };
      const response = {
        getHeader: (name) => headers[name.toLowerCase()],
        setHeader: (name, value) => (headers[name.toLowerCase()] = value),
        writeHead: () => {},
        _implicitHeader() { this.writeHead(200); },
        write: () => true,
        end: () => done({ cookie: headers["set-cookie"]?.[0] ?? cookie, seen: change.seen }),
      };
      handler(request, response, (problem) => {
        if (problem) return failed(problem);
        change.seen = change(request.session);
        response.end();
      });
    });
  const count = () => (s) => (s.visits = (s.visits ?? 0) + 1);
  const first = await visit(undefined, count());
  const second = await visit(first.cookie, count());
  const third = await visit(first.cookie, count());
  show("visits", [first.seen, second.seen, third.seen]);
  show("stored", [(await store.ids()).length, (await store.all()).map((each) => each.visits), await store.length()]);
  const [key] = await client.keys("sess:*");
  const left = await client.ttl(key);
  show("lives", left > 90 && left <= 100);
  await visit(first.cookie, (s) => s.destroy(() => {}));
  await store.clear();
  show("gone", [await client.exists(key), (await visit(first.cookie, count())).seen]);
}

await locks();
await limits();
await sessions();
process.exit(0);
