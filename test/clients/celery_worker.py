"""python3-celery: tasks, groups, chains, chords, retries and remote control, by a real worker process with Redis
as its broker and store of results. PORT is in the environment."""
import subprocess
import sys

from celery import chain, chord, group

import celery_tasks as tasks

PATIENCE = 40


def show(what, value):
    print(f"{what}: {value!r}", flush=True)


def play():
    show("one", tasks.add.delay(1, 2).get(PATIENCE))
    show("group", group(tasks.add.s(i, i) for i in range(200))().get(PATIENCE) == [2 * i for i in range(200)])
    show("chain", chain(tasks.add.s(1, 2), tasks.add.s(10), tasks.add.s(100))().get(PATIENCE))
    show("chord", chord((tasks.add.s(i, 1) for i in range(50)), tasks.total.s())().get(PATIENCE))
    show("third try", tasks.third_try.delay().get(PATIENCE))
    failed = tasks.fail.delay("on purpose")
    show("error", (repr(failed.get(PATIENCE, propagate=False)), failed.state, failed.failed()))
    show("later", tasks.add.apply_async((3, 4), countdown=0.5).get(PATIENCE))
    show("priorities", [r.get(PATIENCE) for r in [tasks.add.apply_async((i, 0), priority=i) for i in (9, 5, 0)]])
    done = tasks.progress.delay()
    show("progress", (done.get(PATIENCE), done.state))
    expired = tasks.add.apply_async((1, 1), expires=-1)
    revoked = tasks.add.apply_async((1, 1), countdown=3600)
    tasks.app.control.revoke(revoked.id)
    control = tasks.app.control.inspect(timeout=PATIENCE, limit=1)
    show("ping", [*control.ping().values()])
    show("registered", [sorted(each) for each in control.registered().values()])
    show("revoked", [revoked.id in each for each in control.revoked().values()])
    try:
        expired.get(PATIENCE)
    except Exception as problem:
        show("expired", type(problem).__name__)
    with tasks.app.connection_for_write() as connection:
        queue = connection.SimpleQueue("own queue")
        queue.put({"direct": "message"})
        message = queue.get(timeout=PATIENCE)
        show("own queue", message.payload)
        message.ack()
        show("purged", (queue.put("lost"), queue.clear()))
        queue.close()
    show("forgotten", (done.forget(), done.state))


worker = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "celery", "-A", "celery_tasks", "worker",
                           "--concurrency", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    play()
    tasks.app.control.shutdown()
    show("stopped", worker.wait(PATIENCE))
finally:
    worker.kill()
