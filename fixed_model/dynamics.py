"""What training teaches of each image, for free: how sure the model was of its label in every epoch, and what it saw.

Sources: area under the margin, Pleiss et al. 2020; forgetting events, Toneva et al. 2019.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.predict import Folded

HALF_MAX = 65504.0  # the largest float16


class Dynamics:
    """Gathers the logits of training as they come by; they are from before the step that learns from them."""

    def __init__(self, epochs: int, labels: Tensor) -> None:
        self.labels = labels
        self.margins = torch.zeros(epochs, len(labels), dtype=torch.float16, device=labels.device)

    def note(self, epoch: int, order: Tensor, logits: Tensor) -> None:
        """Keep an epoch's margins: the label's logit minus the largest other one, rows by `order`."""
        label = self.labels[order][:, None]
        own = logits.gather(1, label)[:, 0]
        other = logits.scatter(1, label, -torch.inf).amax(1)
        self.margins[epoch - 1, order] = (own - other).clamp(-HALF_MAX, HALF_MAX).half()

    def tensors(self, folded: Folded, training: Tensor, validation: Tensor) -> dict[str, Tensor]:
        """All that is told, on the CPU; E epochs, N training images, V of val, K classes, F features, rows as packed.

        margins [E, N] float16; aum [N] float32, their mean; correct [N] int16, epochs in which the label won; forgotten
        [N] int16, times it won and then lost; by the weights that were kept: val_probabilities [V, K] float32,
        features [N, F] and val_features [V, F] float16.
        """
        right = self.margins > 0
        val_features = folded.features(validation)
        found = {
            "margins": self.margins,
            "aum": self.margins.float().mean(0),
            "correct": right.sum(0, dtype=torch.int16),
            "forgotten": (right[:-1] & ~right[1:]).sum(0, dtype=torch.int16),
            "val_probabilities": torch.softmax(folded.logits(val_features), 1),
            "features": folded.features(training).clamp(max=HALF_MAX).half(),
            "val_features": val_features.clamp(max=HALF_MAX).half(),
        }
        return {name: tensor.cpu().contiguous() for name, tensor in found.items()}
