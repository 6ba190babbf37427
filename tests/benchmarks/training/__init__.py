"""`make bench-train`: the competition's Keras loop, a plain PyTorch loop and ours, in turn, each in its own process."""
