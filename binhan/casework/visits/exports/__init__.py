"""How far a round has come, as files: a workbook, and GeoJSON. They say no more than the screens say to the same person."""
