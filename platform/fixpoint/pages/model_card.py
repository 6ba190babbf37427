"""What an entry cost, as the block of a model card on Hugging Face: `co2_eq_emissions`."""

import json

from fixpoint.pages.told import measured_grams, standardised_grams
from fixpoint.submissions.models import Submission


def model_card(entry: Submission) -> str:
    """The card's front matter in YAML. Measured grams where every phase was measured, else standardised ones."""
    measured = measured_grams(entry)
    emissions = standardised_grams(entry) if measured is None else measured
    # A text in JSON's quotes is one in YAML's.
    texts = [f"  {name}: {json.dumps(text, ensure_ascii=False)}" for name, text in _texts(entry).items()]
    lines = ["---", "co2_eq_emissions:", f"  emissions: {emissions:.6f}", *texts, "---", ""]
    return "\n".join(lines)


def _texts(entry: Submission) -> dict[str, str]:
    task, result, provenance = entry.task, entry.result, entry.result.run.provenance
    how = (
        f"measured by Fixpoint, quality level {result.measured_level}"
        if result.measured_kwh is not None
        else f"standardised by Fixpoint's calibration {task.calibration}"
    )
    hardware = [provenance.get("device"), provenance.get("threads") and f"{provenance['threads']} threads"]
    return {
        "source": f"{how}: reading the images, training {len(entry.seeds)} seeds, prediction",
        "training_type": "pre-training",
        "geographical_location": f"counted at {task.grid_g_per_kwh:g} g CO2 per kWh and a PUE of {task.pue:g}",
        "hardware_used": ", ".join(str(each) for each in hardware if each) or "not recorded",
    }
