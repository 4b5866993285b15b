"""From an XLSForm file to the XForm that a phone shows: taken whole, or refused with sheet, row and reason."""
