"""Messages to people and their receipts: in-app, web push, e-mail."""
