"""Making a task in the browser: drafts in five steps."""
