"""The program that answers for the original: reference.py VERB IN.npz OUT.npz, in the environment with TensorFlow.

Verbs: logits, gradients, steps, resize, decode, decode_jpeg_accurately. Weights stand under `weights/` and
torchvision's names.
"""

from __future__ import annotations

import sys

import numpy as np
import tensorflow as tf
from original import build, load, to_torch, variables

Arrays = dict[str, np.ndarray]


def main() -> None:
    """Answer one question."""
    verb, source, target = sys.argv[1:]
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    with np.load(source) as given:
        answer = VERBS[verb](dict(given))
    np.savez(target, **answer)


def logits(given: Arrays) -> Arrays:
    """Logits [N, K] in evaluation mode of raw RGB `images` [N, 32, 32, 3]."""
    return {"logits": loaded(given)(given["images"], training=False).numpy()}


def gradients(given: Arrays) -> Arrays:
    """The loss of one batch in training mode and its derivative by every trainable variable."""
    model = loaded(given)
    with tf.GradientTape() as tape:
        loss = model.loss(one_hot(given["labels"]), model(given["images"], training=True))
    named = {name: each for name, each in variables(model).items() if each.trainable}
    found = tape.gradient(loss, list(named.values()))
    return {"loss": loss.numpy(), **{name: to_torch(each.numpy()) for name, each in zip(named, found, strict=True)}}


def steps(given: Arrays) -> Arrays:
    """Training on batches [S, N, …] one after the other, by Keras's own step: losses [S], all variables after each."""
    model = loaded(given)
    answer, losses = {}, []
    for step, (images, labels) in enumerate(zip(given["images"], given["labels"], strict=True)):
        model.reset_metrics()  # or the loss would be the mean over all batches so far
        losses.append(model.train_on_batch(images, one_hot(labels))[0])
        answer.update({f"{step}/{name}": to_torch(each.numpy()) for name, each in variables(model).items()})
    return {"losses": np.array(losses, np.float32), **answer}


def resize(given: Arrays) -> Arrays:
    """Every array [H, W, C] of uint8 at 32x32, as image_dataset_from_directory resizes."""
    return {name: tf.image.resize(pixels, (32, 32), method="bilinear").numpy() for name, pixels in given.items()}


def decode(given: Arrays) -> Arrays:
    """Every file (its bytes as uint8) as image_dataset_from_directory decodes it; empty where TensorFlow refuses."""
    return {name: decoded(data.tobytes()) for name, data in given.items()}


def decode_jpeg_accurately(given: Arrays) -> Arrays:
    """Every JPEG file by the accurate integer transform; left to itself TensorFlow takes the fast one."""
    options = {"channels": 3, "dct_method": "INTEGER_ACCURATE"}
    return {name: tf.io.decode_jpeg(data.tobytes(), **options).numpy() for name, data in given.items()}


def decoded(data: bytes) -> np.ndarray:
    """RGB pixels, or nothing."""
    try:
        return tf.io.decode_image(data, channels=3, expand_animations=False).numpy()
    except tf.errors.InvalidArgumentError:
        return np.empty((0, 0, 3), np.uint8)


def loaded(given: Arrays) -> tf.keras.Model:
    """The model with the weights given."""
    model = build()
    load(model, {name.removeprefix("weights/"): each for name, each in given.items() if name.startswith("weights/")})
    return model


def one_hot(labels: np.ndarray) -> np.ndarray:
    """Labels as image_dataset_from_directory gives them."""
    return np.eye(10, dtype=np.float32)[labels]


VERBS = {verb.__name__: verb for verb in (logits, gradients, steps, resize, decode, decode_jpeg_accurately)}

if __name__ == "__main__":
    main()
