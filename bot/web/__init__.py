"""The HTTP side: the server, health, metrics, and the limits of the connections that come in."""
