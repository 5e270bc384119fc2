"""What people see outside modals: answers to commands, the figures, and the App Home."""
