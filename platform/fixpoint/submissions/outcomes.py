"""What the training program says of its run, held to its shape (docs/formats.md) before it is believed."""

from pydantic import BaseModel, ConfigDict, Field


class TrainedSeed(BaseModel):
    """One seed: the epoch that was kept, and the digest of its weights written alone."""

    model_config = ConfigDict(frozen=True, strict=True)

    seed: int = Field(ge=0, lt=2**31)
    best_epoch: int = Field(ge=1, lt=2**31)
    best_val_accuracy: float = Field(ge=0, le=1)
    weights_digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class Trained(BaseModel):
    """What of a training's outcome goes into the result; ValueError where the shape is another."""

    model_config = ConfigDict(frozen=True, strict=True)

    seeds: list[TrainedSeed] = Field(min_length=1)
    best_val_accuracy: float = Field(ge=0, le=1)


class _Work(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    gflop: float = Field(ge=0, allow_inf_nan=False)


def told_gflop(*outcomes: dict[str, object]) -> float:
    """The arithmetic that the program counted, summed over these outcomes. ValueError if one does not say."""
    return sum(_Work.model_validate(each).gflop for each in outcomes)


def trained(outcome: dict[str, object], seeds: list[int]) -> Trained:
    """The account of a training that was asked for these seeds. ValueError if it is of another shape or of others."""
    told = Trained.model_validate(outcome)
    if [each.seed for each in told.seeds] != seeds:
        raise ValueError(f"Other seeds were trained than {seeds}.")
    return told
