"""Attempts, leases, and the workers' channel: jobs down, facts up."""
