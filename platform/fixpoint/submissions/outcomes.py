"""What the training program says of its run, held to its shape (docs/formats.md) before it is believed."""

from pydantic import BaseModel, ConfigDict, Field


class Trained(BaseModel):
    """What of a training's outcome goes into the result; ValueError where the shape is another."""

    model_config = ConfigDict(frozen=True, strict=True)

    best_epoch: int = Field(ge=1, lt=2**31)
    best_val_accuracy: float = Field(ge=0, le=1)
