"""The competition's train.py of 2021 as a function. Runs in the environment with TensorFlow, never in ours."""

from __future__ import annotations

import os

import numpy as np
import tensorflow as tf

IS_KERAS_2 = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
"""Keras 2 is what 2021 had; without the variable TensorFlow brings Keras 3."""

LAYERS = {
    "conv1": "conv1_conv",
    "bn1": "conv1_bn",
    "layer1.0.downsample.0": "conv2_block1_0_conv",
    "layer1.0.downsample.1": "conv2_block1_0_bn",
    **{
        f"layer1.{block}.{kind}{place}": f"conv2_block{block + 1}_{place}_{keras}"
        for block in range(3)
        for place in (1, 2, 3)
        for kind, keras in (("conv", "conv"), ("bn", "bn"))
    },
    "fc": "head",
}
"""torchvision's names of layers to Keras's."""

PARTS = {
    "conv": {"weight": "kernel", "bias": "bias"},
    "bn": {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"},
    "head": {"weight": "kernel", "bias": "bias"},
}
"""torchvision's names of a layer's tensors to Keras's."""


def build(classes: int = 10) -> tf.keras.Model:
    """The model of train.py, compiled as there."""
    whole = tf.keras.applications.ResNet50(input_shape=(32, 32, 3), include_top=False, weights=None)
    base = tf.keras.Model(whole.inputs, outputs=[whole.get_layer("conv2_block3_out").output])
    inputs = tf.keras.Input(shape=(32, 32, 3))
    x = tf.keras.applications.resnet.preprocess_input(inputs)
    x = base(x)
    x = x[0] if isinstance(x, list) else x  # Keras 3 answers a list with a list, and the 2021 program fails on it
    x = tf.keras.layers.GlobalAveragePooling2D()(x)
    x = tf.keras.layers.Dense(classes, name="head")(x)
    model = tf.keras.Model(inputs, x)
    # The Adam of 2021 lives on under another name.
    optimizers = tf.keras.optimizers.legacy if IS_KERAS_2 else tf.keras.optimizers
    model.compile(
        optimizer=optimizers.Adam(learning_rate=0.0001),
        loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def dataset(folder: str, classes: list[str]) -> tf.data.Dataset:
    """The files of a folder as train.py reads them: decoded anew in every epoch, shuffled, in batches of 8."""
    return tf.keras.preprocessing.image_dataset_from_directory(
        folder,
        labels="inferred",
        label_mode="categorical",
        class_names=classes,
        shuffle=True,
        seed=123,
        batch_size=8,
        image_size=(32, 32),
    )


def variables(model: tf.keras.Model) -> dict[str, tf.Variable]:
    """Every variable of the model under torchvision's name of it."""
    layers = {layer.name: layer for part in model.layers for layer in getattr(part, "layers", [part])}
    return {
        f"{ours}.{tensor}": getattr(layers[theirs], attribute)
        for ours, theirs in LAYERS.items()
        for tensor, attribute in PARTS[theirs.rpartition("_")[2]].items()
    }


def load(model: tf.keras.Model, weights: dict[str, np.ndarray]) -> None:
    """Set variables from torchvision's names and layouts; what is not given (biases of convolutions) becomes 0."""
    for name, variable in variables(model).items():
        given = weights.get(name)
        variable.assign(tf.zeros_like(variable) if given is None else to_keras(given))


def to_keras(tensor: np.ndarray) -> np.ndarray:
    """OIHW to HWIO, OI to IO; vectors as they are."""
    return tensor.transpose(2, 3, 1, 0) if tensor.ndim == 4 else tensor.T


def to_torch(tensor: np.ndarray) -> np.ndarray:
    """HWIO to OIHW, IO to OI; vectors as they are."""
    return np.ascontiguousarray(tensor.transpose(3, 2, 0, 1) if tensor.ndim == 4 else tensor.T)
