"""What comes back to the office from the field: values on which two people differ, and the phones themselves."""
