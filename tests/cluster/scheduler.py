"""A SLURM of one node on the loopback device, in a folder of its own, for as long as a block lasts."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "srun", "squeue", "scancel")
# More processors than there are: jobs of a cluster wait for their scheduler most of the time.
CONFIGURATION = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,batch_sched_delay=0,defer
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
MailProg=/bin/true
MpiDefault=none
ReturnToService=2
MinJobAge=3600
KillWait=2
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} RealMemory={memory}
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> list[str]:
    """Programs of SLURM that this machine does not have."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [program for program in PROGRAMS if not shutil.which(program, path=path)]


class NotStartedError(Exception):
    """This machine has SLURM, and does not let it run."""


class Scheduler:
    """A controller, a node and their authentication, all of this user.

    Parameters
    ----------
    folder
        Holds everything that they write.
    processors
        That the node says it has.
    """

    def __init__(self, folder: Path, processors: int) -> None:
        self.folder = folder
        self.environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        self.environment["PATH"] += ":/usr/sbin:/sbin"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("state", "spool"):
            (folder / name).mkdir()
        folder.chmod(0o755)  # munged minds what others may write
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 * 9 // 10
        text = CONFIGURATION.format(
            folder=folder, host=socket.gethostname(), ports=_free_ports(2),
            user=getpass.getuser(), processors=processors, memory=memory,
        )  # fmt: skip
        (folder / "slurm.conf").write_text(text)
        # A job drops all that begins with SLURM_ before it calls srun, which then knows no cluster.
        step = folder / "bin" / "srun"
        step.parent.mkdir()
        real = shutil.which("srun", path=self.environment["PATH"])
        step.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {real} "$@"\n')
        step.chmod(0o755)
        self.environment["PATH"] = f"{step.parent}:{self.environment['PATH']}"
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)

    def start(self) -> None:
        """Start all three, and wait until the node takes jobs."""
        place = self.folder
        self._start(
            "munged", "--foreground", "--force", f"--socket={place}/munge.socket",
            f"--key-file={place}/munge.key", f"--pid-file={place}/munged.pid",
            f"--log-file={place}/munged.log", f"--seed-file={place}/munge.seed",
        )  # fmt: skip
        until(lambda: (place / "munge.socket").exists(), 20, "munged does not answer")
        self.start_controller()
        self._start("slurmd", "-D", "-N", socket.gethostname())
        until(lambda: "idle" in self.say("sinfo", "-h", "-o", "%T"), 60, "the node is not idle")

    def start_controller(self) -> None:
        """Start the controller; it takes up what it was doing."""
        self._start("slurmctld", "-D")

    def kill_controller(self) -> None:
        """Kill the controller as a crash would."""
        self._end("slurmctld", signal.SIGKILL)

    def steps(self) -> set[str]:
        """Steps that run in the eyes of the controller."""
        return set(self.say("squeue", "-h", "-s", "-o", "%i").split())

    def record_time(self) -> float:
        """When the controller last wrote down which jobs and steps it has."""
        try:
            return (self.folder / "state" / "job_state").stat().st_mtime
        except FileNotFoundError:
            return 0.0  # the new one is about to take the old one's name

    def stop(self) -> None:
        """End everything, jobs first."""
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            self.say("scancel", "--user", getpass.getuser())
            until(lambda: not self.say("squeue", "-h"), 10, "jobs are left")
        for name in ("slurmd", "slurmctld", "munged"):
            self._end(name, signal.SIGTERM)

    def say(self, *command: str) -> str:
        """Give a command of SLURM, and return what it prints; nothing if it fails."""
        done = subprocess.run(
            command, env=self.environment, text=True, capture_output=True, timeout=30, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def _start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out").open("ab") as said:
            self._running[name] = subprocess.Popen(
                [name, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def _end(self, name: str, number: signal.Signals) -> None:
        process = self._running.pop(name, None)
        if process is None or process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(folder: Path, processors: int) -> Iterator[Scheduler]:
    """Give a scheduler that is up; whatever happens, it is down afterwards."""
    scheduler = Scheduler(folder, processors)
    try:
        try:
            scheduler.start()
        except (RuntimeError, OSError) as error:
            raise NotStartedError(str(error)) from error
        yield scheduler
    finally:
        scheduler.stop()


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def until(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(otherwise)
        time.sleep(0.2)
