"""The tasks of celery.py, for its worker process."""
import os

from celery import Celery

address = f"redis://127.0.0.1:{os.environ['PORT']}"
app = Celery("tasks", broker=f"{address}/0", backend=f"{address}/1")
app.conf.update(broker_transport_options={"priority_steps": [0, 5, 9]}, worker_send_task_events=True)


@app.task
def add(a, b):
    return a + b


@app.task
def total(numbers):
    return sum(numbers)


@app.task(bind=True, default_retry_delay=0.1, max_retries=3)
def third_try(self):
    if self.request.retries < 2:
        raise self.retry()
    return self.request.retries


@app.task
def fail(what):
    raise ValueError(what)


@app.task(bind=True)
def progress(self):
    self.update_state(state="PROGRESS", meta={"done": 50})
    return "finished"
