"""What organizers do: importing tasks, running the platform."""
