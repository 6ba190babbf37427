"""Teams: who enters a task together; a team is what quotas, the ladder and ranks are of."""
