"""The environment that a program sees: the same in every sandbox, nothing of the host's."""

TMP = "/tmp"  # noqa: S108 - a tmpfs of the run's own, nobody else's

PATH = "/usr/local/bin:/usr/bin:/bin"


def environment(cpus: int) -> dict[str, str]:
    """No library starts more threads than the run has cores. (The model pins itself to one for every operation.)"""
    threads = str(cpus)
    return {
        "HOME": TMP,
        "TMPDIR": TMP,
        # torch asks who it is, and no sandbox has a passwd file that knows its user.
        "USER": "model",
        "LOGNAME": "model",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        # A killed program has no time to flush what it had to say.
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
    }
