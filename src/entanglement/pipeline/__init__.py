"""From a configuration to stored results; knows no experiment."""
