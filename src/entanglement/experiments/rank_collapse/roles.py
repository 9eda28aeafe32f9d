"""Which stack is which: product, skip connections, hidden layers."""

from entanglement.statistics.roles import Role

# Few indices settle early, while tokens still differ much.
FEW = 8


def stack(product: str, skip: bool, mlp: bool) -> Role:
    """The widest stack of its kind."""
    return Role({"product": product, "skip": skip, "mlp": mlp}, most="k")


ROLES = {
    "dot": stack("dot", False, False),
    "E": stack("E", False, False),
    "H": stack("H", False, False),
    "dot_skip": stack("dot", True, False),
    "E_skip": stack("E", True, False),
    "H_skip": stack("H", True, False),
    "dot_mlp": stack("dot", False, True),
    "E_mlp": stack("E", False, True),
    "H_mlp": stack("H", False, True),
    "dot_both": stack("dot", True, True),
    "E_both": stack("E", True, True),
    "H_both": stack("H", True, True),
    "E_few": Role({"product": "E", "skip": False, "mlp": False, "k": FEW}, most="tokens"),
    "H_few": Role({"product": "H", "skip": False, "mlp": False, "k": FEW}, most="tokens"),
    "euclidean": Role({"product": "E"}, least=("k",), sweep=True),
    "all": Role(sweep=True),
}
