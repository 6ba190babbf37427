"""The locked model: ingest, train, predict. It imports nothing of the rest of the project."""
