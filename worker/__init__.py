"""Runs beside the GPU: takes jobs from the broker, carries them out in sandboxes, reports facts to the platform."""
