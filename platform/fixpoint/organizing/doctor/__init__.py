"""What an installation is examined for, one subject a file; `manage.py doctor` prints what they find."""
