"""What the platform adds to the work itself: overhead, container starts, the queue's throughput, an idle worker."""
