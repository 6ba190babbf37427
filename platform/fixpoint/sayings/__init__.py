"""What is kept as an English sentence, from a worker too, and is said to each reader in their own language."""
