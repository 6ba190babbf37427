"""What is to be solved: tasks, their material, their hidden labels."""
