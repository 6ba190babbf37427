"""The correctness bits of entries that stand on a board."""


class BitsOfTask:
    def __init__(self, task_id): ...
