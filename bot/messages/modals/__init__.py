"""The windows that people fill in: one module each, which draws it and reads what comes back."""
