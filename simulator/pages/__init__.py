"""Telephones in the browser: pages on which people of a made-up town call, text and chat with the line, over the
exchange."""
