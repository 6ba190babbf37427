"""What a worker's host is examined for, one subject a file; `python -m worker doctor` prints what they find."""
