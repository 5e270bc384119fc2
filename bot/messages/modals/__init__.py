"""The modals: one module each, which draws it and reads what comes back."""
