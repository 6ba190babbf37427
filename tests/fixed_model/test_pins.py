"""The instruction set: read from the CPU, pinned before torch is loaded, deaf to the host's environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixed_model import pins
from fixed_model.pins import CPUINFO, LEVEL, PINS, UnknownLevelError, cpu_class, levels, pin, vendor
from tests.fixed_model.packs import SOURCE, digests, packed, program, said, stage

AVX2_FLAGS = "fpu sse4_2 avx f16c fma bmi1 avx2 bmi2"
AVX2 = f"processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: A\nflags\t\t: {AVX2_FLAGS}\n"
AVX512 = f"vendor_id\t: GenuineIntel\nflags\t\t: {AVX2_FLAGS} avx512f avx512dq avx512cd avx512bw avx512vl amx_tile\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\n"
OLD = "vendor_id\t: CentaurHauls\nflags\t\t: fpu sse4_2 avx\n"
HERE = levels(CPUINFO.read_text() if CPUINFO.exists() else "")
NEEDS_AVX2 = pytest.mark.skipif("avx2" not in HERE, reason="the CPU has no AVX2")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment of its own: pin() writes there."""
    own = dict(os.environ)
    monkeypatch.setattr("os.environ", own)
    return own


@pytest.fixture
def cpu_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    def cpu_is(text: str) -> None:
        (tmp_path / "cpuinfo").write_text(text)
        monkeypatch.setattr(pins, "CPUINFO", tmp_path / "cpuinfo")

    return cpu_is


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        (AVX512, ["avx512", "avx2"]),
        (AVX2, ["avx2"]),
        (AVX2 + AVX512, ["avx2"]),
        (AVX512.replace("avx512vl ", ""), ["avx2"]),
        (OLD, ["native"]),
        (ARM, ["native"]),
        ("", ["native"]),
        ("flags\t\t:\n", ["native"]),
    ],
    ids=["AVX-512", "AVX2", "the first CPU counts", "half of AVX-512", "old", "ARM", "nothing", "no flags"],
)
def test_levels_are_those_whose_every_flag_is_there_highest_first(cpuinfo: str, expected: list[str]) -> None:
    assert levels(cpuinfo) == expected


@pytest.mark.parametrize(
    ("cpuinfo", "maker"), [(AVX512, "intel"), (AVX2, "amd"), (OLD, "CentaurHauls"), (ARM, "any"), ("", "any")]
)
def test_the_maker_is_read_from_the_first_cpu(cpuinfo: str, maker: str) -> None:
    assert vendor(cpuinfo) == maker


def test_pinning_takes_the_highest_level_and_one_thread_over_whatever_was_set(
    environment: dict[str, str], cpu_is: object
) -> None:
    cpu_is(AVX512)  # type: ignore[operator]
    environment |= {"MKL_CBWR": "COMPATIBLE", "OMP_NUM_THREADS": "64"}
    assert pin() == "avx512"
    assert os.environ.items() >= (PINS["avx512"] | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}).items()


def test_a_lower_level_can_be_asked_for_and_names_the_class(environment: dict[str, str], cpu_is: object) -> None:
    cpu_is(AVX512)  # type: ignore[operator]
    assert pin("avx2") == "avx2"
    assert os.environ.items() >= (PINS["avx2"] | {LEVEL: "avx2"}).items()
    assert cpu_class().endswith("-intel-avx2")


@pytest.mark.parametrize(("asked", "cpuinfo"), [("avx512", AVX2), ("sse9", AVX2), ("avx2", ARM)])
def test_a_level_that_is_not_to_be_had_is_refused_and_those_that_are_named(
    environment: dict[str, str], cpu_is: object, asked: str, cpuinfo: str
) -> None:
    cpu_is(cpuinfo)  # type: ignore[operator]
    with pytest.raises(UnknownLevelError, match=f"{asked} is not to be had here; there is {levels(cpuinfo)[0]}"):
        pin(asked)


def test_the_program_refuses_such_a_level_with_a_sentence() -> None:
    done = program("--isa", "sse9", "lock", "--check")
    assert done.returncode == 1
    assert done.stderr == f"fixed-model: the instruction set sse9 is not to be had here; there is {', '.join(HERE)}\n"


@pytest.mark.parametrize("level", [each for each in HERE if each != "native"])
def test_torch_computes_on_the_level_that_was_pinned(level: str) -> None:
    ask = "import torch; print(torch.backends.cpu.get_cpu_capability())"
    code = f"from fixed_model.pins import pin; pin({level!r}); {ask}"
    done = subprocess.run([sys.executable, "-c", code], cwd=SOURCE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == level.upper()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def digest(pack: Path) -> str:
    out = pack.with_name("usual")
    found = digests(program(*stage(pack, out)), out)[0]
    assert said(out)["device_class"].endswith(f"-{HERE[0]}")  # the highest, where none is asked for
    return found


@NEEDS_AVX2
def test_a_training_on_avx2_says_so_in_its_class(pack: Path, tmp_path: Path) -> None:
    done = program("--isa", "avx2", *stage(pack, tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert said(tmp_path / "out")["device_class"].endswith("-avx2")


@NEEDS_AVX2
@pytest.mark.parametrize(
    "host",
    [
        {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "OMP_DYNAMIC": "true"},
        {"MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", LEVEL: "avx2"},
        {"MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "DNNL_MAX_CPU_ISA": "SSE41", "ONEDNN_DEFAULT_FPMATH_MODE": "ANY"},
    ],
    ids=["threads", "levels", "other ways to say it"],
)
def test_the_hosts_environment_does_not_change_a_bit(
    pack: Path, digest: str, tmp_path: Path, host: dict[str, str]
) -> None:
    done = program(*stage(pack, tmp_path / "out"), environment=host)
    assert digests(done, tmp_path / "out")[0] == digest
