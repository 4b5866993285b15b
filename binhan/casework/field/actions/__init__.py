"""The only writers of phones, receipts, corrections and conflicts."""
