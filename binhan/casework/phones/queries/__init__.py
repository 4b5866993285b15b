"""Phones, their answers, and the working set that is put together for one."""
