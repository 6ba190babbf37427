"""The competition's training loop of 2021 as a benchmark, in the environment with TensorFlow and without any limit.

loop.py TRAIN CLASSES [--val VAL] [--epochs N]: folders of <class>/…, classes by comma. Prints one line of JSON. The
first epoch is left out: it traces the graph and fills the disk's cache.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time

import tensorflow as tf
from original import IS_KERAS_2, build, dataset


class Clock(tf.keras.callbacks.Callback):
    """Seconds and CPU-seconds of the batches of every epoch, validation apart."""

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.began = now()

    def on_test_begin(self, logs: dict | None = None) -> None:
        self.ended = now()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        ended = getattr(self, "ended", None) or now()
        self.ended = None
        self.epochs = [*getattr(self, "epochs", []), (ended[0] - self.began[0], ended[1] - self.began[1])]


def now() -> tuple[float, float]:
    """The clock and the processor time of this process, all threads."""
    return time.perf_counter(), time.process_time()


def main() -> None:
    """Train and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("classes")
    parser.add_argument("--val")
    parser.add_argument("--epochs", type=int, default=4)
    asked = parser.parse_args()
    if asked.epochs < 2:
        sys.exit("one epoch warms up: at least two are needed")
    classes = asked.classes.split(",")
    began = now()
    train = dataset(asked.train, classes)
    val = dataset(asked.val, classes) if asked.val else None
    clock = Clock()
    history = build(len(classes)).fit(train, validation_data=val, epochs=asked.epochs, callbacks=[clock], verbose=0)
    seconds = sum(epoch[0] for epoch in clock.epochs[1:])
    images = len(train.file_paths) * (asked.epochs - 1)
    answer = {
        "images_per_second": round(images / seconds, 1),
        "images": images,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(sum(epoch[1] for epoch in clock.epochs[1:]), 3),
        "whole_seconds": round(now()[0] - began[0], 3),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),  # 0: as many as there are cores
        "keras": 2 if IS_KERAS_2 else 3,
        "tensorflow": tf.__version__,
        "last_loss": round(history.history["loss"][-1], 4),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
