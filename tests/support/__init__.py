"""What several tests build on: people, tasks, datasets and a worker that speaks the contract."""
