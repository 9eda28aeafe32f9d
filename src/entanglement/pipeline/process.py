"""The state of a process in which results are made; nothing here loads a library that has threads."""

import os
import signal

# One thread per job: results do not depend on the number of cores, and jobs run side by side.
# Read when numpy and jax load their libraries, so they are set before anything else is imported.
PROCESS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


def use_one_thread() -> None:
    """Give this process, and those that it starts, the state in which results are made."""
    os.environ.update(PROCESS)


def end_on_interrupt() -> None:
    """Let Ctrl-C end this process at once, as SIGTERM does, unless it was told to be deaf to it.

    As an exception it may come just after xarray has taken a lock of its files; closing the file
    takes that lock again, and the job waits for itself for ever. Results appear whole or not at
    all, so that nothing is left to tidy up.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
