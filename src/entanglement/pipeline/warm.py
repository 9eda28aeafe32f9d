"""Jobs of a run on this machine start warm: as forks of a process that has loaded the libraries.

Loading them takes longer than most cells do. A job that finds no such process loads them itself, as
on the nodes of a cluster: what it makes is the same. The code of this package is loaded by each job.
"""

import atexit
import contextlib
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

from entanglement.pipeline.process import PROCESS

# In the folder of a run, and relative to it: the path of a socket has to be short.
ADDRESS = ".snakemake/warm"
# Loaded before the first job is taken: all of them read or write datasets.
FIRST = ("xarray", "netCDF4")
COMMANDS = ("train", "evaluate", "collect", "plot", "panels", "claims", "report")
LONGEST = 2**20  # bytes of a request: more than a command line takes


def start(libraries: Sequence[str]) -> None:
    """Start the process that jobs are forked from; it ends when this one does, however that ends.

    Parameters
    ----------
    libraries
        Modules that it loads while no job is asked for; without any it is not started.
    """
    if not libraries:
        return
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            if os.path.lexists(ADDRESS):
                os.unlink(ADDRESS)  # of a run before this one
            listener.bind(ADDRESS)
            os.chmod(ADDRESS, 0o600)  # who may connect works in this user's name
            listener.listen()
        except OSError:
            return  # not every file system has sockets
        server = subprocess.Popen(
            [sys.executable, "-m", __name__, str(listener.fileno()), *libraries],
            env={**os.environ, **PROCESS}, stdin=subprocess.PIPE, pass_fds=[listener.fileno()],
        )  # fmt: skip
    atexit.register(server.communicate)


def ask(arguments: list[str]) -> int | None:
    """Have a job done by a fork, as if this process did it, and end as that ends.

    Parameters
    ----------
    arguments
        Of `entanglement`.

    Returns
    -------
    The exit code, or None if nobody can be asked.
    """
    if not arguments or arguments[0] not in COMMANDS:
        return None
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(ADDRESS)
            request = json.dumps([os.getcwd(), *arguments]) + "\n"
            socket.send_fds(connection, [request.encode()], [0, 1, 2])
        except OSError:
            return None
        try:
            answer = connection.recv(8)
        except OSError:
            answer = b""
    if not answer:
        print(
            "the process that runs this job was killed; the same command goes on", file=sys.stderr
        )
    code = int(answer or 1)
    if code < 0:  # a signal ended it
        with contextlib.suppress(OSError):  # of a signal that nothing can be deaf to
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def serve(listener: socket.socket, libraries: list[str]) -> list[str]:
    """Fork for every request, and return in each fork what it is asked to do.

    Parameters
    ----------
    listener
        Where requests come in.
    libraries
        As for `start`.
    """
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # this process ends with its standard input
    for name in FIRST:
        importlib.import_module(name)
    waiting = list(libraries)
    while True:
        gc.freeze()  # or the first collection in each fork writes to all of its memory
        ready = select.select([listener.fileno(), 0], [], [], 0 if waiting else None)[0]
        _reap()
        if 0 in ready:
            with contextlib.suppress(OSError):
                os.unlink(ADDRESS)
            sys.exit()
        if listener.fileno() in ready:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(ConnectionError):  # who asks may be killed
                if arguments := _fork(listener, connection, deaf):
                    return arguments
        elif waiting:
            with contextlib.suppress(Exception):  # a job that needs it says so
                importlib.import_module(waiting.pop(0))


def _fork(listener: socket.socket, connection: socket.socket, deaf: bool) -> list[str]:
    """Fork twice, into the job and into who tells how it ends; give the job its arguments."""
    message, files, _, _ = socket.recv_fds(connection, LONGEST, 3)
    while not message.endswith(b"\n") and (more := connection.recv(LONGEST)):
        message += more
    if not message.endswith(b"\n") or os.fork():
        for file in files:
            os.close(file)
        return []
    listener.close()
    job = os.fork()
    if job:
        code = os.waitstatus_to_exitcode(os.waitpid(job, 0)[1])
        with contextlib.suppress(OSError):  # who asked may be gone
            connection.sendall(str(code).encode())
        os._exit(0)
    # Who asked is killed: so is the job, by the signal that the system sends when a peer is gone.
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([connection], [], [], 0)[0]:
        os._exit(1)
    os.dup(connection.fileno())  # open for as long as the job lives
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGINT, signal.SIG_IGN if deaf else signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    folder, *arguments = json.loads(message)
    os.chdir(folder)
    return arguments


def _reap() -> None:
    """Wait for the forks that have ended: a run's processor time then holds theirs."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    from entanglement import cli

    code = cli.main(serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # what it has made is whole; taking all libraries down takes longer than a job
