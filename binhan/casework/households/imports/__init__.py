"""A register from a spreadsheet: the file, read in a process of its own (apart → files → workbook, delimited) as a table
(table), its columns (columns), each row (rows), what is new of it (plan), writing that (write), and what is said of it all
(reasons, sheet).

Everything up to the rows needs no database: a file that cannot be read is refused before anything is started.
"""
