"""Answers to commands, and the App Home."""
