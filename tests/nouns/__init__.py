"""A small noun, to prove that a noun is one folder and one line; see docs/howto/add-a-noun.md. No part of the product."""
