"""`make bench`: speed as ratios, measured in turn in one run. Machines are noisy; ratios last."""
