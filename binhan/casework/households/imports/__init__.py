"""A register from a spreadsheet: the file (files), its columns (columns), each row (rows), what is new of it (plan),
writing that (write), and what is said of all of it (reasons, sheet).

files, columns and rows need no database: a file that cannot be read is refused before anything is started.
"""
