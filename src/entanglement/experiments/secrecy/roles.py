"""Which cell of the secrecy experiment plays which part."""

from entanglement.statistics.roles import Role, keeps_all, selects

TOP = {"weights": "top"}

ROLES = {
    # Algorithm 1 at its largest width, and with the most inputs: their keys are counted.
    "large": Role(TOP, selects, most="k"),
    "most_inputs": Role(TOP, selects, most="probes"),
    "most_inputs_unselected": Role(TOP, keeps_all, most="probes"),
    "all": Role(least="k", sweep=True),
}
