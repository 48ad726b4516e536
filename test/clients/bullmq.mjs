// BullMQ: jobs at once, later, by priority, again, in flows and on a schedule. See clients_test.cpp for the environment.
import { FlowProducer, Queue, QueueEvents, Worker } from "bullmq";
import { errorOf, port, show, until } from "./show.mjs";

const connection = { port, host: "127.0.0.1" };
const all = [];
const make = (Kind, ...how) => {
  const made = new Kind(...how);
  all.push(made);
  // Each job that is waited for listens.
  made.setMaxListeners?.(1000);
  return made.on("error", (problem) => console.log(`error: ${problem.message}`));
};
const queueOf = (name, options = {}) => make(Queue, name, { connection, ...options });
const eventsOf = async (name) => {
  const events = make(QueueEvents, name, { connection });
  await events.waitUntilReady();
  return events;
};
const workerOf = (name, work, options = {}) => make(Worker, name, work, { connection, ...options });

async function manyJobs() {
  const queue = queueOf("many");
  const events = await eventsOf("many");
  const jobs = await queue.addBulk(Array.from({ length: 300 }, (_, i) => ({ name: "square", data: { i } })));
  show("waiting", [await queue.count(), await queue.getJobCounts("waiting", "active", "completed")]);
  workerOf("many", async (job) => job.data.i ** 2, { concurrency: 20 });
  const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 40_000)));
  show("squares", results.every((result, i) => result === i * i));
  await until("all done", async () => (await queue.getJobCounts("completed")).completed === 300);
  show("job", [(await queue.getJob(jobs[7].id)).returnvalue, await jobs[7].getState()]);
  show("cleaned", [(await queue.clean(0, 1000, "completed")).length, await queue.getJobCounts("completed")]);
}

async function failures() {
  const queue = queueOf("failing");
  const events = await eventsOf("failing");
  const tries = [];
  workerOf("failing", async (job) => {
    tries.push([job.name, job.attemptsMade]);
    await job.updateProgress(50);
    await job.log("trying");
    if (job.name === "never" || job.attemptsMade < 2) throw new Error(`not yet ${job.attemptsMade}`);
    return "at last";
  });
  const third = await queue.add("third", {}, { attempts: 5, backoff: { type: "exponential", delay: 10 } });
  show("third try", await third.waitUntilFinished(events, 40_000));
  const never = await queue.add("never", {}, { attempts: 2, backoff: 5 });
  show("never", await errorOf(never.waitUntilFinished(events, 40_000)));
  show("tries", tries);
  show("failed", (await queue.getFailed()).map((job) => [job.name, job.failedReason, job.progress]));
  show("logs", await queue.getJobLogs(never.id));
  await never.retry();
  show("again", await errorOf(never.waitUntilFinished(events, 40_000)));
}

async function order() {
  const queue = queueOf("order");
  const done = [];
  await queue.add("low", {}, { priority: 10 });
  await queue.add("high", {}, { priority: 1 });
  await queue.add("first", {});
  await queue.add("last in, first out", {}, { lifo: true });
  await queue.add("delayed", {}, { delay: 1000 });
  await queue.add("once", {}, { jobId: "unique" });
  await queue.add("twice", {}, { jobId: "unique" });
  await queue.pause();
  show("paused", [await queue.isPaused(), await queue.getJobCounts("paused", "prioritized", "delayed", "waiting")]);
  workerOf("order", async (job) => done.push(job.name));
  await queue.resume();
  await until("all", () => done.length === 6);
  show("order", done);
}

async function flows() {
  const flow = make(FlowProducer, { connection });
  const events = await eventsOf("parents");
  workerOf("children", async (job) => job.data.value);
  workerOf("parents", async (job) => Object.values(await job.getChildrenValues()).reduce((sum, each) => sum + each, 0));
  const children = Array.from({ length: 5 }, (_, value) => ({ name: "child", queueName: "children", data: { value } }));
  const tree = await flow.add({ name: "sum", queueName: "parents", children });
  show("flow", await tree.job.waitUntilFinished(events, 40_000));
}

async function limitsAndSchedules() {
  const queue = queueOf("limited");
  const times = [];
  const worker = workerOf("limited", async () => times.push(Date.now()), { limiter: { max: 2, duration: 200 }, concurrency: 10 });
  await worker.waitUntilReady();
  await queue.addBulk(Array.from({ length: 5 }, () => ({ name: "job" })));
  await until("limited", () => times.length === 5);
  show("limited", times[4] - times[0] >= 200);
  const scheduled = queueOf("scheduled");
  let runs = 0;
  workerOf("scheduled", async () => ++runs);
  await scheduled.upsertJobScheduler("often", { every: 50 }, { name: "tick", data: { fixed: true } });
  await until("ticks", () => runs >= 3);
  show("schedulers", (await scheduled.getJobSchedulers()).map(({ key, name, every }) => ({ key, name, every })));
  show("removed", [await scheduled.removeJobScheduler("often"), await scheduled.getJobSchedulersCount()]);
  await scheduled.obliterate({ force: true });
}

async function stalled() {
  const queue = queueOf("stalled");
  const events = await eventsOf("stalled");
  const dies = new Worker("stalled", () => new Promise(() => {}), { connection, lockDuration: 300, skipLockRenewal: true, skipStalledCheck: true });
  dies.on("error", () => {});
  const job = await queue.add("job", {});
  await until("taken", () => job.isActive());
  workerOf("stalled", async () => "by another", { stalledInterval: 100 });
  show("stalled", await job.waitUntilFinished(events, 40_000));
  await dies.close(true);
}

for (const part of [manyJobs, failures, order, flows, limitsAndSchedules, stalled]) await part();
await Promise.all(all.map((each) => each.close()));
process.exit(0);
