"""A register from a spreadsheet: the file (files), its columns (columns), each row (rows), what is new of it (plan),
and writing that (write).

files, columns and rows need no database: a file that cannot be read is refused before anything is started.
"""
