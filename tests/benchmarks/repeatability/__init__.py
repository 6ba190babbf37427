"""The same entry again and again: how far do its figures of energy differ, and what does metering cost?"""
