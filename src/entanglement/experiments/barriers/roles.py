"""Which cell stands for which product."""

from entanglement.statistics.roles import Role

ROLES = {
    # Of several cells of a product the one with the smallest beta.
    "dot": Role({"product": "dot"}, least="beta"),
    "E": Role({"product": "E"}, least="beta"),
    "H": Role({"product": "H"}, least="beta"),
}
