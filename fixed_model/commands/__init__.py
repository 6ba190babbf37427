"""The command line of each stage: reads the request, calls the stage, writes the outcome."""
