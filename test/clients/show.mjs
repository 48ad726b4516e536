// What the programs in JavaScript share.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";

export const port = Number(process.env.PORT);

/// A line of what is compared between servers.
export function show(what, value) {
  console.log(`${what}: ${inspect(value, { depth: 9, breakLength: Infinity, compact: true, maxArrayLength: null, sorted: true })}`);
}

/// What became of something that should fail.
export async function errorOf(promise) {
  try {
    return await promise;
  } catch (problem) {
    return `${problem.constructor.name}: ${problem.message}`;
  }
}

/// Looks until something is so; fails after 40 seconds.
export async function until(what, condition) {
  for (const start = Date.now(); !(await condition()); await new Promise((done) => setTimeout(done, 5)))
    if (Date.now() - start > 40_000) throw new Error(`waited too long: ${what}`);
}

/// The number of clients that wait in a blocking command, as a client of either library tells it.
export async function blocked(client) {
  return Number(/blocked_clients:(\d+)/.exec(await client.info("clients"))[1]);
}

const read = (name) => readFileSync(`${process.env.CERTIFICATES}/${name}`);

/// Options of a connection by TLS.
export const tls = {
  port: Number(process.env.TLS_PORT),
  options: { ca: read("ca.crt"), cert: read("client.crt"), key: read("client.key"), checkServerIdentity: () => undefined },
};
