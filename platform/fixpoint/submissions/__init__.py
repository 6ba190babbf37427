"""A dataset entered into a task: states, quotas, runs, results."""
