"""An experiment that offers something to move."""
