"""Slack's protocol: the client, transports, signatures, payloads, error words and limits; nothing else knows them."""
