"""The hot path: raw ASGI and an async PostgreSQL driver; never imports Django."""
