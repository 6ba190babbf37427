"""`make bench`: speed as ratios, each of two things measured in turn in one run. Machines are noisy; ratios last."""
