"""How figures look, and the panels that are drawn again and again."""
