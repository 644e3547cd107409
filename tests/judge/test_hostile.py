"""Programs that try to fool, harm or outlive the judge, and ordinary ones that only look odd.

Each file's first line names the kinds of verdict that are right for it.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import nursery
from interview_cli.judge.stub import language_of

from .submissions import HOSTILE, ORDINARY, RIGHT, TOY, expected_of, source_of

REPOSITORY = Path(__file__).parents[2]
LOOPS_S = 1.0  # for those that never answer
NOBODY = 65534
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")


@pytest.fixture(scope="module")
def nurseries():
    born = {language: nursery(language) for language in ("numpy", "torch")}
    yield born
    for each in born.values():
        each.close()


@pytest.fixture(autouse=True)
def canary(tmp_path_factory):
    """A file that anybody may write to, and nobody may."""
    place = Path("/tmp/interview-was-here")
    yield
    assert not place.exists()


def judged(path, nurseries):
    source = source_of(path)
    language = language_of(source)
    limit_s = LOOPS_S if expected_of(path) == {"time"} else 5.0
    return verdict_of(Exercise(TOY), source, language, nurseries[language], limit_s=limit_s)


def test_there_are_many_of_both():
    assert len(HOSTILE) >= 50
    assert len(ORDINARY) >= 20


@pytest.mark.parametrize("path", HOSTILE, ids=lambda p: p.stem)
def test_a_hostile_program_is_contained_and_gets_its_verdict(path, nurseries):
    verdict = judged(path, nurseries)
    assert verdict.kind in expected_of(path), verdict
    assert verdict.detail.isprintable()
    assert verdict.refused or verdict.kind != "refused"
    # ... and the warm process serves the next one.
    assert verdict_of(Exercise(TOY), RIGHT, "numpy", nurseries["numpy"]).is_accepted


@pytest.mark.parametrize("path", ORDINARY, ids=lambda p: p.stem)
def test_an_ordinary_program_is_accepted(path, nurseries):
    verdict = judged(path, nurseries)
    assert verdict.is_accepted, verdict


def test_all_walls_stand_where_the_kernel_has_them(nurseries):
    walls = judged(ORDINARY[0], nurseries).walls
    assert set(walls) == {"limits", "privileges", "landlock", "seccomp"}
    off = {name: told for name, told in walls.items() if told.startswith("off")}
    assert set(off) <= {"landlock", "seccomp"}, off  # as an old kernel may lack them


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_is_as_safe_as_root():
    """All of them again as nobody, in a Python that nobody can read."""
    if not all(p.stat().st_mode & 0o005 for p in (REPOSITORY, *REPOSITORY.parents)):
        pytest.skip("the repository lies where nobody can read it")
    # Not in pytest's own folder, which it keeps to its user.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        python = copied_python(Path(folder))
        ran = subprocess.run(
            [python, "-c", AS_NOBODY, str(REPOSITORY)],
            env={"TMPDIR": f"{folder}/tmp", "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=300,
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
        )
    assert ran.returncode == 0, ran.stderr
    kinds = json.loads(ran.stdout)
    wrong = {p.stem: kinds[p.stem] for p in HOSTILE if kinds[p.stem] not in expected_of(p)}
    assert wrong == {}
    assert {p.stem: kinds[p.stem] for p in ORDINARY if kinds[p.stem] != "accepted"} == {}


AS_NOBODY = """
import os, runpy, sys
assert os.geteuid() == 65534
sys.path.insert(0, sys.argv[1])
runpy.run_module("tests.judge.submissions", run_name="__main__")
"""


def copied_python(home):
    """A copy of this Python and its standard library, with the packages of this environment."""
    base = Path(sys.base_prefix)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    stdlib = Path(sysconfig.get_paths()["stdlib"])
    left_out = shutil.ignore_patterns(
        "site-packages", "test", "tests", "idlelib", "__pycache__", "config-*", "*dist-packages*"
    )
    shutil.copytree(stdlib, home / "lib" / name, ignore=left_out)
    (home / "bin").mkdir()
    python = home / "bin" / name
    shutil.copy2(Path(sys.executable).resolve(), python)
    for library in base.glob("lib/libpython*.so*"):
        shutil.copy2(library, home / "lib")
    for packages in ("site-packages", "dist-packages"):  # as Debian calls them
        (home / "lib" / name / packages).symlink_to(sysconfig.get_paths()["purelib"])
    (home / "tmp").mkdir(mode=0o777)
    (home / "tmp").chmod(0o777)
    for path in home.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    return python
