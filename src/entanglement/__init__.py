"""Two theoretical machine-learning papers put to the test."""
