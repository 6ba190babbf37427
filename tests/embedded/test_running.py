"""What a running stack was told is read from its supervisor."""

import subprocess
import sys

from fixpoint.embedded.running import is_running, running_settings


def test_the_settings_of_a_running_stack_are_its_supervisors(tmp_path):
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", "supervisord"]
    told = {"FIXPOINT_SANDBOX": "docker", "OTHER": "x"}
    (tmp_path / "run").mkdir()
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        (tmp_path / "run" / "supervisor.pid").write_text(str(process.pid))
        assert is_running(tmp_path)
        assert running_settings(tmp_path) == {"FIXPOINT_SANDBOX": "docker"}
        process.kill()
    assert running_settings(tmp_path) == {}


def test_where_no_stack_runs_there_are_none(tmp_path):
    assert running_settings(tmp_path) == {}
