"""The tests, on one tree with the code: how to run some of them stands in CONTRIBUTING.md."""
