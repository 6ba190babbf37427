"""The web as it is run; a package, so that its one browser ends with it: a loop in this thread lets no other run."""
