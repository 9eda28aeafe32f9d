"""Tests run in the state that the command line gives its jobs; set before they load numpy."""

from entanglement import cli

cli.use_one_thread()
